/**
 * Neurons of 25, 49 and 784 inputs: where the bit is called exact, inputs that search for a difference find none; they try bits
 * near the tie, and the admissible values of those bits that pull the sum across the bound.
 */
import { describe, expect, test } from "vitest";
import type { BitFunction } from "../../src/binarize/bit-function.js";
import { binarizeNeuron } from "../../src/binarize/neuron.js";
import type { ChannelBounds } from "../../src/binarize/report.js";
import { createRandom, type Random } from "../../src/morph/random.js";
import { leastUnits } from "./exact-numbers.js";

const FAMILIES: Readonly<Record<string, (random: Random, inputs: number) => number[]>> = {
  "all nearly equal": (random, inputs) => fill(inputs, () => 0.3 * (1 + 1e-4 * random.normal())),
  "small integers times a float": (random, inputs) => fill(inputs, () => (random.below(9) - 2) * 0.0371),
  "a noisy set": (random, inputs) =>
    fill(inputs, (input) => (input % 5 === 0 ? 1 + 0.02 * random.normal() : (0.05 / inputs) * random.uniform())),
  "few large, many negligible": (random, inputs) =>
    fill(inputs, (input) => (input < 4 ? 1 + random.uniform() : (0.3 / inputs) * random.uniform())),
  "softplus of normal": (random, inputs) => fill(inputs, () => Math.log1p(Math.exp(random.normal()))),
};

function fill(inputs: number, weight: (input: number) => number): number[] {
  return Array.from({ length: inputs }, (_, input) => Math.fround(weight(input)));
}

/** The tightest bounds first: bits, nearly bits, and further and further from them. */
const BOUNDS: readonly ChannelBounds[] = [
  { zeroUpper: 0, oneLower: 1 },
  { zeroUpper: 2 ** -10, oneLower: 1 - 2 ** -10 },
  { zeroUpper: 2 ** -6, oneLower: 1 - 2 ** -7 },
  { zeroUpper: 0.25, oneLower: 0.75 },
];

function compiledBit(bits: BitFunction, pattern: Uint8Array): boolean {
  const all = (set: readonly boolean[]): boolean => set.every((member, input) => !member || pattern[input] === 1);
  switch (bits.kind) {
    case "constant":
      return bits.value === 1;
    case "erosion":
      return all(bits.members);
    case "dilation":
      return bits.members.some((member, input) => member && pattern[input] === 1);
    case "union-of-erosions":
      return bits.sets.some(all);
    case "threshold":
      return bits.weights.reduce((sum, weight, input) => (pattern[input] === 1 ? sum + weight : sum), 0n) > bits.bound;
  }
}

interface Neuron {
  readonly weights: readonly number[];
  readonly bias: number;
  readonly scale: number;
  readonly bounds: ChannelBounds;
}

/** Values of a pattern that make the sum as large, or as small, as they may. */
function extremeValues({ weights, bounds }: Neuron, pattern: Uint8Array, largest: boolean): number[] {
  return weights.map((weight, input) => {
    const high = weight > 0 === largest;
    if (pattern[input] === 1) return high ? 1 : bounds.oneLower;
    return high ? bounds.zeroUpper : 0;
  });
}

/** [P·(Σ W·x − B) > 0] exactly: weights are float32, values multiples of 2^-50. */
function exactBit({ weights, bias, scale }: Neuron, values: readonly number[]): boolean {
  const sum = weights.reduce(
    (total, weight, input) => total + leastUnits(weight) * BigInt((values[input] ?? 0) * 2 ** 50),
    0n,
  );
  const difference = sum - leastUnits(bias) * 2n ** 50n;
  return scale > 0 ? difference > 0n : difference < 0n;
}

/** The bit in float32, summed from the first input to the last; values as float32 round them. */
function float32Bit({ weights, bias, scale }: Neuron, values: readonly number[]): boolean {
  let sum = 0;
  weights.forEach((weight, input) => {
    sum = Math.fround(sum + Math.fround(weight * Math.fround(values[input] ?? 0)));
  });
  const u = Math.fround(scale * Math.fround(sum - bias));
  return Math.fround(Math.fround(Math.tanh(u)) * 0.5 + 0.5) > 0.5;
}

/** Patterns that come nearer and nearer to the bound, from either side, by flips and exchanges. */
function* nearTies(neuron: Neuron, random: Random): Generator<Uint8Array> {
  const { weights, bias } = neuron;
  for (let start = 0; start < 8; start++) {
    const density = random.uniform();
    const pattern = Uint8Array.from(weights, () => (random.uniform() < density ? 1 : 0));
    let sum = weights.reduce((total, weight, input) => total + weight * (pattern[input] ?? 0), 0);
    for (let step = 0; step < 400; step++) {
      const [first, second] = [random.below(weights.length), random.below(weights.length)];
      const inputs = step % 2 === 0 || first === second ? [first] : [first, second];
      const change = inputs.reduce(
        (total, input) => total + (weights[input] ?? 0) * (1 - 2 * (pattern[input] ?? 0)),
        0,
      );
      if (Math.abs(sum + change - bias) > Math.abs(sum - bias)) continue;
      for (const input of inputs) pattern[input] = 1 - (pattern[input] ?? 0);
      sum += change;
      if (step % 8 === 0) yield pattern;
    }
    yield pattern;
  }
}

describe.each([25, 49, 784])("%d inputs", (inputs) => {
  test.each(Object.keys(FAMILIES))("%s", (family) => {
    const random = createRandom(inputs);
    const counts = { exactInFloat32: 0, exactInReals: 0, hardened: 0, tried: 0, differing: 0 };
    for (let index = 0; index < (inputs > 100 ? 3 : 10); index++) {
      const weights = FAMILIES[family]!(random, inputs);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const [least, greatest] = [Math.min(...weights), Math.max(...weights)];
      // Like erosions, dilations and ranks, and between.
      const bias = Math.fround(
        [total - greatest / 2, greatest / 2, total / 2, total * 0.4 + least, total * random.uniform()][index % 5]!,
      );
      for (const bounds of BOUNDS) {
        const neuron: Neuron = { weights, bias, scale: index % 2 === 0 ? 6 : -6, bounds };
        const parameters = {
          weights: Float32Array.from(weights),
          bias,
          scale: neuron.scale,
          activation: "tanh",
        } as const;
        const all = weights.map(() => bounds);
        const grade = {
          real: binarizeNeuron(parameters, all, { policy: "auto", arithmetic: "real" }),
          float32: binarizeNeuron(parameters, all, { policy: "auto", arithmetic: "float32" }),
        };
        if (grade.float32.grade === "exact") counts.exactInFloat32++;
        counts[grade.real.grade === "exact" ? "exactInReals" : "hardened"]++;
        // Room for rounding is asked in addition.
        if (grade.float32.grade === "exact") expect(grade.real.grade).toBe("exact");
        for (const pattern of nearTies(neuron, random)) {
          const bit = compiledBit(grade.real.function, pattern) !== grade.real.complemented;
          counts.tried++;
          // The compiled function is the neuron's own on bits, whatever the grade.
          expect(exactBit(neuron, [...pattern])).toBe(bit);
          for (const values of [extremeValues(neuron, pattern, true), extremeValues(neuron, pattern, false)]) {
            if (exactBit(neuron, values) !== bit) {
              counts.differing++;
              expect(grade.real.grade).toBe("hardened");
            }
            if (grade.float32.grade === "exact") expect(float32Bit(neuron, values)).toBe(bit);
          }
        }
      }
    }
    process.stdout.write(`  ${inputs}, ${family}: ${JSON.stringify(counts)}\n`);
    expect(counts.differing).toBeGreaterThan(0);
    if (family !== "softplus of normal") expect(counts.exactInReals).toBeGreaterThan(0);
  });
});
