/**
 * Choosing the gray values at which pictures are cut into level sets {x : X(x) ≥ v}, and putting them together again
 * ("Binary morphological neural network", Aouad and Talbot, 2022, on gray pictures as stacks of level sets).
 */
import { fail } from "../diagnostics.js";

/** Number of pixels per gray value. */
export type GrayHistogram = Float64Array;

/** Counts the bytes of pictures; `histogram` goes on with an earlier count. */
export function countGrays(samples: Uint8Array, histogram: GrayHistogram = new Float64Array(256)): GrayHistogram {
  for (const sample of samples) histogram[sample] = (histogram[sample] ?? 0) + 1;
  return histogram;
}

/** The nearest integer; of two equally near ones the even one. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return fraction < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `count` evenly spaced integers from `first` to `last`, rounded half to even; one alone is `first`. */
export function spacedIndices(first: number, last: number, count: number): number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return first;
    return index === count - 1 ? last : roundHalfToEven(index * step + first);
  });
}

/**
 * All gray values that occur, in increasing order, or `count` of them at evenly spaced places of that list. There may be
 * repetitions where fewer values occur than are asked for.
 */
export function occurringValues(histogram: GrayHistogram, count: number | "all"): number[] {
  const occurring = Array.from(histogram.keys()).filter((value) => (histogram[value] ?? 0) > 0);
  if (count === "all") return occurring;
  return spacedIndices(0, occurring.length - 1, count).map((index) => occurring[index] ?? 0);
}

/**
 * `count` values at evenly spaced places of the sorted list of all pixels, without those that have the smallest or the
 * largest value: dense where many pixels are. There may be repetitions, see {@link strictlyIncreasing}.
 * @throws DiagnosticError BMN0801 if the pictures have at most two gray values
 */
export function equalShareValues(histogram: GrayHistogram, count: number): number[] {
  const between = occurringValues(histogram, "all").slice(1, -1);
  const total = between.reduce((sum, value) => sum + (histogram[value] ?? 0), 0);
  if (total === 0) {
    fail("BMN0801", "the pictures have no gray values between the smallest and the largest", {
      hint: "turn them into bits with a threshold instead of level sets",
    });
  }
  const places = spacedIndices(0, total - 1, count);
  const values: number[] = [];
  let passed = 0;
  for (const value of between) {
    passed += histogram[value] ?? 0;
    while (values.length < count && (places[values.length] ?? 0) < passed) values.push(value);
  }
  return values;
}

/** The values without repetitions, as a model's level sets have to be. */
export function strictlyIncreasing(values: readonly number[]): number[] {
  return values.filter((value, index) => index === 0 || value > (values[index - 1] ?? 0));
}

/**
 * One plane per value: 1 where a sample is at least the value.
 * @returns `[values.length][samples.length]`
 */
export function levelSets(samples: ArrayLike<number>, values: readonly number[]): Uint8Array {
  const levels = new Uint8Array(values.length * samples.length);
  values.forEach((value, plane) => {
    for (let index = 0; index < samples.length; index++) {
      levels[plane * samples.length + index] = (samples[index] ?? 0) >= value ? 1 : 0;
    }
  });
  return levels;
}

/**
 * The gray picture Σ_i levels[i] · (v_i − v_{i−1}) with v_{−1} = 0: each pixel sinks to the greatest value that it
 * reaches, and to 0 below the first.
 * @param levels as {@link levelSets} returns them
 */
export function reconstructGray(levels: Uint8Array, values: readonly number[]): Float64Array {
  const pixels = values.length === 0 ? 0 : levels.length / values.length;
  const samples = new Float64Array(pixels);
  values.forEach((value, plane) => {
    const height = value - (plane === 0 ? 0 : (values[plane - 1] ?? 0));
    for (let index = 0; index < pixels; index++) {
      samples[index] = (samples[index] ?? 0) + height * (levels[plane * pixels + index] ?? 0);
    }
  });
  return samples;
}
