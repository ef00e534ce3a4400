/** Which network and which first weights to train on: all of them are tried for a while. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSplits } from "../data/sample-set.js";
import type { TrainingConfig } from "./config.js";
import type { Start } from "./progress.js";
import { Trainer } from "./trainer.js";

/** Odd, so that the seeds of the trials differ. */
const SEED_STRIDE = 7919;

/** Every network from every seed, in the order of the trials. */
export function startsOf({ networks, seed, training }: TrainingConfig): readonly Start[] {
  return Array.from({ length: training.trials }, (_, trial) => seed + trial * SEED_STRIDE).flatMap((each) =>
    networks.map((_, network): Start => ({ network, seed: each })),
  );
}

/**
 * The trainer with the lowest validation loss after the steps of a trial, ready to go on; null when interrupted before.
 * @param onTrial called after each step with the share of the trials that is done, 0 … 1
 */
export async function chooseStart(
  config: TrainingConfig,
  splits: SampleSplits,
  onTrial: (loss: number, share: number) => void,
  signal?: AbortSignal,
): Promise<Trainer | null> {
  const starts = startsOf(config);
  const { trialSteps } = config.training;
  let best: { readonly trainer: Trainer; readonly loss: number } | null = null;
  for (const [index, start] of starts.entries()) {
    const trainer = new Trainer(config, splits, start);
    if (starts.length === 1) return trainer;
    for (let step = 0; step < trialSteps && !trainer.done; step++) {
      const loss = trainer.step();
      onTrial(loss, (index + (step + 1) / trialSteps) / starts.length);
      await tf.nextFrame();
      if (signal?.aborted === true) {
        trainer.dispose();
        best?.trainer.dispose();
        return null;
      }
    }
    const { loss } = trainer.scoresOn(splits.validation, trainer.setting);
    const isBetter = best === null || loss < best.loss;
    (isBetter ? best?.trainer : trainer)?.dispose();
    if (isBetter) best = { trainer, loss };
  }
  return best?.trainer ?? null;
}
