/** Trainings of a few seconds. */
import { createDiskorect } from "../../src/data/diskorect.js";
import type { SplitName } from "../../src/data/drawn.js";
import { createOperatorSet } from "../../src/data/operator-set.js";
import type { SampleSet, SampleSplits } from "../../src/data/sample-set.js";
import { createRandom } from "../../src/morph/random.js";
import type { TrainingConfig } from "../../src/trainer/config.js";
import { decodeConfig } from "../../src/trainer/decode-config.js";

/** An operator by a square of 3×3 pixels on random shapes of 16×16; training samples without end if not told otherwise. */
export function operatorSplits(
  operator: "erosion" | "opening",
  count = 12,
  training: number | null = null,
): SampleSplits {
  const shapes = {
    height: 16,
    width: 16,
    shapes: 5,
    holes: 2,
    largestShape: 10,
    largestHole: 4,
    noise: 0.02,
    inversion: 0.5,
  };
  const set = (split: SplitName, size: number | null): SampleSet =>
    createOperatorSet(createDiskorect(shapes, { seed: 3, split, count: size }), {
      operator,
      element: "square3",
      border: "replicate",
    });
  return { training: set("training", training), validation: set("validation", count), test: set("test", count) };
}

/** Two classes of pictures of 4×4 pixels, more dark or more light in their upper half than in the lower one. */
export function halvesSplits(): SampleSplits {
  const set = (seed: number, count: number): SampleSet => ({
    name: "halves",
    shape: {
      channels: 1,
      height: 4,
      width: 4,
      samples: "bits",
      target: { kind: "classes", names: ["upper", "lower"] },
    },
    count,
    read: (index, input, target) => {
      const random = createRandom(seed * 100_003 + index);
      const label = random.below(2);
      input.forEach((_, pixel) => {
        const light = pixel < 8 === (label === 0);
        input[pixel] = random.uniform() < (light ? 0.9 : 0.1) ? 1 : 0;
      });
      target[0] = label;
    },
  });
  return { training: set(1, 300), validation: set(2, 60), test: set(3, 200) };
}

/** @param given networks (or one network) and what else a configuration may say; the data are not read from it */
export function trainingConfig(given: object, training: object): TrainingConfig {
  return decodeConfig({ name: "small", data: { kind: "noisy-sticks" }, ...given, training });
}
