/** Which network and which first weights to train on: all of them are tried for a while. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSplits } from "../data/sample-set.js";
import { DiagnosticError, fail } from "../diagnostics.js";
import type { TrainingConfig } from "./config.js";
import type { Start, TrialState } from "./progress.js";
import { Trainer } from "./trainer.js";

/** Odd, so that the seeds of the trials differ. */
const SEED_STRIDE = 7919;

/** Every network from every seed, in the order of the trials. */
export function startsOf({ networks, seed, training }: TrainingConfig): readonly Start[] {
  return Array.from({ length: training.trials }, (_, trial) => seed + trial * SEED_STRIDE).flatMap((each) =>
    networks.map((_, network): Start => ({ network, seed: each })),
  );
}

export interface TrialOptions {
  /** After each step: the loss before it, and the share of the trials that is done, 0 … 1. */
  readonly onTrial?: (loss: number, share: number) => void;
  readonly signal?: AbortSignal;
  /** Trials that are done already. */
  readonly from?: TrialState;
}

const NONE_DONE: TrialState = { done: 0, best: null };

/**
 * The trainer with the lowest validation loss after the steps of a trial, ready to go on; or, when interrupted, which
 * trials are done.
 */
export async function chooseStart(
  config: TrainingConfig,
  splits: SampleSplits,
  { onTrial, signal, from = NONE_DONE }: TrialOptions,
): Promise<Trainer | TrialState> {
  const starts = startsOf(config);
  const [only] = starts;
  if (only !== undefined && starts.length === 1) return new Trainer(config, splits, only);
  const shareOf = (trial: number) => (loss: number, share: number) => onTrial?.(loss, (trial + share) / starts.length);
  let trials = from;
  let best: Trainer | null = null;
  try {
    for (const start of starts.slice(from.done)) {
      const trainer = await tryStart(config, splits, start, shareOf(trials.done), signal);
      if (trainer === "interrupted") {
        best?.dispose();
        return trials;
      }
      if (trainer === "diverged") {
        trials = { done: trials.done + 1, best: trials.best };
        continue;
      }
      const { loss } = trainer.scoresOn(splits.validation, trainer.setting);
      // A loss that is not a number is never better.
      const isBetter: boolean = loss < (trials.best?.loss ?? Number.POSITIVE_INFINITY);
      (isBetter ? best : trainer)?.dispose();
      if (isBetter) best = trainer;
      trials = { done: trials.done + 1, best: isBetter ? { start, loss } : trials.best };
    }
  } catch (error) {
    best?.dispose();
    throw error;
  }
  if (best !== null) return best;
  if (trials.best === null) {
    fail("BMN0904", "all trials diverged", { hint: "lower the learning rate or the sharpness" });
  }
  // The best one was tried before the interruption, and did not diverge.
  const again = await tryStart(config, splits, trials.best.start, shareOf(starts.length - 1), signal);
  return typeof again === "string" ? trials : again;
}

/** A trainer after the steps of a trial. */
async function tryStart(
  config: TrainingConfig,
  splits: SampleSplits,
  start: Start,
  onStep: (loss: number, share: number) => void,
  signal: AbortSignal | undefined,
): Promise<Trainer | "interrupted" | "diverged"> {
  const { trialSteps } = config.training;
  const trainer = new Trainer(config, splits, start);
  try {
    for (let step = 0; step < trialSteps && !trainer.done; step++) {
      onStep(trainer.step(), (step + 1) / trialSteps);
      await tf.nextFrame();
      if (signal?.aborted === true) {
        trainer.dispose();
        return "interrupted";
      }
    }
    return trainer;
  } catch (error) {
    trainer.dispose();
    if (isDivergence(error)) return "diverged";
    throw error;
  }
}

function isDivergence(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics.every(({ code }) => code === "BMN0904");
}
