/** The splits of what is drawn: training has no end, validation and test have the counts that are asked for. */
import type { NoisySticksData, OperatorData } from "../../data/description.js";
import { createDiskorect } from "../../data/diskorect.js";
import type { DrawnFrom, SplitName } from "../../data/drawn.js";
import { createNoisySticks } from "../../data/noisy-sticks.js";
import { createOperatorSet } from "../../data/operator-set.js";
import type { SampleSet, SampleSplits } from "../../data/sample-set.js";

/** @throws DiagnosticError BMN0801 */
export function openNoisySticksSplits({ generator, counts, seed }: NoisySticksData): SampleSplits {
  return drawnSplits(counts, seed, (from) => createNoisySticks(generator, from));
}

/** @throws DiagnosticError BMN0801 */
export function openDiskorectSplits(
  data: OperatorData,
  { generator, counts }: Extract<OperatorData["pictures"], { readonly kind: "diskorect" }>,
): SampleSplits {
  return drawnSplits(counts, data.seed, (from) => createOperatorSet(createDiskorect(generator, from), data));
}

function drawnSplits(
  counts: NoisySticksData["counts"],
  seed: number,
  create: (from: DrawnFrom) => SampleSet,
): SampleSplits {
  const set = (split: SplitName, count: number | null): SampleSet => create({ seed, split, count });
  return {
    training: set("training", null),
    validation: set("validation", counts.validation),
    test: set("test", counts.test),
  };
}
