/** Which network and which first weights to train on: all of them are tried for a while. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSplits } from "../data/sample-set.js";
import { InternalError } from "../diagnostics.js";
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
      if (trainer === null) {
        best?.dispose();
        return trials;
      }
      const { loss } = trainer.scoresOn(splits.validation, trainer.setting);
      const isBetter: boolean = trials.best === null || loss < trials.best.loss;
      (isBetter ? best : trainer)?.dispose();
      if (isBetter) best = trainer;
      trials = { done: trials.done + 1, best: isBetter ? { start, loss } : trials.best };
    }
  } catch (error) {
    best?.dispose();
    throw error;
  }
  if (best !== null) return best;
  // The best one was tried before the interruption.
  if (trials.best === null) throw new InternalError("there is nothing to try");
  return (await tryStart(config, splits, trials.best.start, shareOf(starts.length - 1), signal)) ?? trials;
}

/** A trainer after the steps of a trial; null when interrupted. */
async function tryStart(
  config: TrainingConfig,
  splits: SampleSplits,
  start: Start,
  onStep: (loss: number, share: number) => void,
  signal: AbortSignal | undefined,
): Promise<Trainer | null> {
  const { trialSteps } = config.training;
  const trainer = new Trainer(config, splits, start);
  try {
    for (let step = 0; step < trialSteps && !trainer.done; step++) {
      onStep(trainer.step(), (step + 1) / trialSteps);
      await tf.nextFrame();
      if (signal?.aborted === true) {
        trainer.dispose();
        return null;
      }
    }
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}
