/** Plateaus of the validation loss: the learning rate falls, or the phase ends. */
import type { TrainingOptions } from "./config.js";
import type { TrainingState } from "./progress.js";

/** A loss counts as lower from this share on. */
const LEAST_IMPROVEMENT = 1e-4;

export interface Decision {
  readonly state: TrainingState;
  readonly endPhase: boolean;
}

export function decideAfterLook(
  state: TrainingState,
  loss: number,
  { plateau, earlyStopping }: Pick<TrainingOptions, "plateau" | "earlyStopping">,
): Decision {
  if (loss < state.leastLoss * (1 - LEAST_IMPROVEMENT)) {
    return { state: { ...state, leastLoss: loss, looksSince: 0, looksOnPlateau: 0 }, endPhase: false };
  }
  const looksSince = state.looksSince + 1;
  const looksOnPlateau = state.looksOnPlateau + 1;
  const falls = plateau !== null && looksOnPlateau >= plateau.patience;
  const rateFactor = falls ? Math.max(plateau.least, state.rateFactor * plateau.factor) : state.rateFactor;
  return {
    state: { ...state, looksSince, looksOnPlateau: falls ? 0 : looksOnPlateau, rateFactor },
    endPhase: earlyStopping !== null && looksSince >= earlyStopping,
  };
}
