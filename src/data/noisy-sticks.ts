/**
 * Noisy sticks: the papers' denoising task. Straight sticks of one pixel's width, some cut by the frame; the input has
 * every other pixel set with a small probability, the target are the clean sticks ("Binary morphological neural network",
 * Aouad and Talbot, 2022).
 */
import { fail } from "../diagnostics.js";
import type { Random } from "../morph/random.js";
import { checkCount, checkProbability, LARGEST_PICTURE_SIDE } from "./check-option.js";
import { checkDrawnFrom, type DrawnFrom, streamOf } from "./drawn.js";
import type { SampleSet } from "./sample-set.js";

export interface NoisySticksOptions {
  readonly height: number;
  readonly width: number;
  readonly sticks: number;
  /** Pixels along a horizontal or vertical stick, uniform between both. */
  readonly shortest: number;
  readonly longest: number;
  /** Directions to choose from, in degrees: 0 to the right, 45 to the right and downwards, 90 downwards. */
  readonly angles: readonly number[];
  /** Probability with which a pixel of the input is set in addition. */
  readonly noise: number;
}

/** As in the papers. */
export const NOISY_STICKS_DEFAULTS: NoisySticksOptions = {
  height: 70,
  width: 70,
  sticks: 30,
  shortest: 13,
  longest: 16,
  angles: [0, 45, 90],
  noise: 0.1,
};

/** @throws DiagnosticError BMN0801 */
export function createNoisySticks(options: NoisySticksOptions, from: DrawnFrom): SampleSet {
  const { height, width, angles, noise } = options;
  checkCount("generator.height", height, 1, LARGEST_PICTURE_SIDE);
  checkCount("generator.width", width, 1, LARGEST_PICTURE_SIDE);
  checkCount("generator.sticks", options.sticks, 0, 100000);
  checkCount("generator.shortest", options.shortest, 1, LARGEST_PICTURE_SIDE);
  checkCount("generator.longest", options.longest, options.shortest, LARGEST_PICTURE_SIDE);
  checkProbability("generator.noise", noise);
  checkDrawnFrom(from);
  if (angles.length === 0 || angles.some((angle) => !Number.isFinite(angle))) {
    fail("BMN0801", `the angles are ${JSON.stringify(angles)}`, {
      path: "generator.angles",
      hint: "give one angle or more, in degrees",
    });
  }
  return {
    name: `noisy sticks of ${height}×${width} pixels`,
    shape: { channels: 1, height, width, samples: "bits", target: { kind: "images", channels: 1 } },
    count: from.count,
    read: (index, input, target) => {
      const random = streamOf(from, index);
      target.fill(0);
      for (let stick = 0; stick < options.sticks; stick++) drawStick(options, random, target);
      for (let pixel = 0; pixel < target.length; pixel++) {
        input[pixel] = random.uniform() < noise ? 1 : (target[pixel] ?? 0);
      }
    },
  };
}

/** A stick that begins at a random pixel and goes on in its direction, beyond the frame if it is long. */
function drawStick(options: NoisySticksOptions, random: Random, pixels: Uint8Array): void {
  const { height, width, shortest, longest, angles } = options;
  const angle = ((angles[random.below(angles.length)] ?? 0) * Math.PI) / 180;
  const length = shortest - 1 + random.below(longest - shortest + 1);
  const top = random.below(height);
  const left = random.below(width);
  const set = (row: number, column: number): void => {
    if (row >= 0 && row < height && column >= 0 && column < width) pixels[row * width + column] = 1;
  };
  // A step goes one pixel on along the longer of its two components.
  const [down, right] = [Math.sin(angle), Math.cos(angle)];
  const longer = Math.max(Math.abs(down), Math.abs(right));
  // The margin keeps 45° and its like from falling short of a whole step by a rounding error.
  const steps = Math.floor(length * longer + 1e-9);
  for (let step = 0; step <= steps; step++) {
    set(top + Math.round((step * down) / longer), left + Math.round((step * right) / longer));
  }
  // In the papers' pictures a slanted stick begins with two pixels side by side.
  if (Math.abs(down) > 1e-9 && Math.abs(right) > 1e-9) set(top, left + Math.sign(right));
}
