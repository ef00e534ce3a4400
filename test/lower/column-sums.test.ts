/** Scores as bit-sliced columns against plain sums of integers. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Readout } from "../../src/ir/node.js";
import { signedDigits } from "../../src/lower/column-sums.js";
import { encodeGates, FIRST_INPUT_SLOT, ONES_SLOT, ZERO_SLOT } from "../../src/lower/gate-program.js";
import { callOfGates, gateRoutines } from "../../src/lower/gate-routines.js";
import { GateTables } from "../../src/lower/gate-tables.js";
import { GateList } from "../../src/lower/gates.js";
import { limbsOf } from "../../src/lower/scores.js";
import { absolute } from "../../src/word/build.js";
import { interpretProgram } from "../../src/word/interpret.js";
import { bitOf, LANES, programOf } from "./evaluate-graph.js";
import { randomNumbers } from "./modules.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const SAMPLES = 32 * LANES;

/** The scores of 256 random samples by gates, from the digits that they leave in their slots. */
function scoresByColumns(
  readout: Readout,
  features: readonly Uint32Array[],
  { vectors, featuresPerBlock, isTernary }: { vectors: number; featuresPerBlock: number; isTernary: boolean },
): bigint[][] {
  const shape = {
    vectors,
    lanes: { kind: "lanes" },
    slotWords: vectors * LANES,
    groupSlots: 33,
    mostPairs: 2048,
    isTernary,
  } as const;
  const gates = new GateList();
  const signals = features.map(() => gates.addInput());
  const tables = new GateTables("neuron", shape);
  const { limbs, limbBits } = limbsOf(readout);
  const layout = { kind: "scores", readout, limbs, limbBits, featuresPerBlock } as const;
  const { range, outputSlots, slotCount } = encodeGates(gates, signals, tables, layout);
  const program = programOf(gateRoutines(tables), callOfGates(tables, range, absolute("scratch", 0)), tables.tables());
  const size = shape.slotWords;
  const scratch = new Uint32Array(slotCount * size).fill(0xdeadbeef);
  scratch.fill(0, ZERO_SLOT * size, (ZERO_SLOT + 1) * size);
  scratch.fill(0xffffffff, ONES_SLOT * size, (ONES_SLOT + 1) * size);
  features.forEach((words, index) => {
    for (let vector = 0; vector < vectors; vector++)
      scratch.set(words, (FIRST_INPUT_SLOT + index) * size + vector * LANES);
  });
  interpretProgram(program, { scratch }, []);
  const wordAt = (slot: number, vector: number): Uint32Array =>
    scratch.subarray(slot * size + vector * LANES, slot * size + (vector + 1) * LANES);
  // Every vector holds the same samples.
  return readout.weights.map((_, label) =>
    Array.from({ length: SAMPLES }, (_unused, sample) => {
      const scores = Array.from({ length: vectors }, (_none, vector) => {
        let score = 0n;
        for (let limb = 0; limb < limbs; limb++) {
          const length = limb === limbs - 1 ? 32 : limbBits;
          for (let digit = 0; digit < 32; digit++) {
            const slot = outputSlots[(label * limbs + limb) * 32 + digit]!;
            const bit = bitOf(wordAt(slot, vector), sample);
            if (digit >= length) expect(bit).toBe(0);
            else score |= BigInt(bit) << BigInt(limb * limbBits + digit);
          }
        }
        return BigInt.asIntN((limbs - 1) * limbBits + 32, score);
      });
      expect(new Set(scores).size).toBe(1);
      return scores[0]!;
    }),
  );
}

function plainScores(readout: Readout, features: readonly Uint32Array[]): bigint[][] {
  return readout.weights.map((row, label) =>
    Array.from({ length: SAMPLES }, (_, sample) =>
      row.reduce(
        (sum, weight, index) => (bitOf(features[index]!, sample) === 1 ? sum + weight : sum),
        readout.biases[label]!,
      ),
    ),
  );
}

function readoutOf(weights: readonly (readonly bigint[])[], biases: readonly bigint[]): Readout {
  return { kind: "readout", input: 0, weights, biases, exponent: 0, activation: biases.map(() => "identity") };
}

const integer = fc.oneof(
  fc.bigInt({ min: -7n, max: 7n }),
  fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
  fc.bigInt({ min: -(2n ** 75n), max: 2n ** 75n }),
  fc.constantFrom(0n, 2n ** 30n - 1n, 2n ** 30n, -(2n ** 31n), 2n ** 31n - 1n),
);

describe("signed digits", () => {
  test(`make up the number, no two next to each other, seed ${SEED}`, () => {
    const property = fc.property(integer, (value) => {
      const digits = signedDigits(value);
      const sum = digits.reduce(
        (partial, { position, isNegative }) => partial + (isNegative ? -1n : 1n) * 2n ** BigInt(position),
        0n,
      );
      expect(sum).toBe(value);
      digits.slice(1).forEach(({ position }, index) => expect(position - digits[index]!.position).toBeGreaterThan(1));
    });
    fc.assert(property, { seed: SEED, numRuns: 1000 });
  });
});

describe("columns add up to the plain sums", () => {
  test(`of random weights, in blocks of any size, seed ${SEED}`, () => {
    const readouts = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 }))
      .chain(([classes, length]) =>
        fc.tuple(
          fc.array(fc.array(integer, { minLength: length, maxLength: length }), {
            minLength: classes,
            maxLength: classes,
          }),
          fc.array(integer, { minLength: classes, maxLength: classes }),
        ),
      );
    const shapes = fc.record({
      vectors: fc.constantFrom(1, 2, 4),
      featuresPerBlock: fc.constantFrom(1, 3, 100),
      isTernary: fc.boolean(),
    });
    const property = fc.property(readouts, shapes, fc.nat(), ([weights, biases], shape, seed) => {
      const random = randomNumbers(seed);
      const features = weights[0]!.map(() => Uint32Array.from({ length: LANES }, () => random() * 2 ** 32));
      const readout = readoutOf(weights, biases);
      expect(scoresByColumns(readout, features, shape)).toEqual(plainScores(readout, features));
    });
    fc.assert(property, { seed: SEED, numRuns: 60 });
  });

  test("of hundreds of features, and at both ends of what a limb holds", () => {
    const random = randomNumbers(11);
    const features = Array.from({ length: 300 }, (_, index) =>
      Uint32Array.from({ length: LANES }, () => (index % 7 === 0 ? 0xffffffff : random() * 2 ** 32)),
    );
    const small = features.map(() => BigInt(Math.floor(random() * 15) - 7));
    const most = features.map(() => (2n ** 31n - 1n) / 300n);
    const least = features.map(() => -(2n ** 31n / 300n));
    const readout = readoutOf([small, most, least], [5n, 2n ** 31n - 1n - most[0]! * 300n, 0n]);
    expect(limbsOf(readout).limbs).toBe(1);
    for (const featuresPerBlock of [64, 1000]) {
      const shape = { vectors: 2, featuresPerBlock, isTernary: true };
      expect(scoresByColumns(readout, features, shape)).toEqual(plainScores(readout, features));
    }
  });
});
