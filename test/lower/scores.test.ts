import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Readout } from "../../src/ir/node.js";
import { toLimbs } from "../../src/lower/limbs.js";
import { scoresOutput } from "../../src/lower/scores.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);

const integer = fc.oneof(
  fc.bigInt({ min: -9n, max: 9n }),
  fc.bigInt({ min: -(2n ** 34n), max: 2n ** 34n }),
  fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
  fc.constantFrom(2n ** 30n, 2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n), -(2n ** 31n) - 1n, 2n ** 61n - 1n, -(2n ** 61n)),
);

function readout(rows: readonly (readonly bigint[])[], bias: bigint): Readout {
  return {
    kind: "readout",
    input: 0,
    weights: rows,
    biases: rows.map(() => bias),
    exponent: -3,
    activation: rows.map(() => "identity"),
  };
}

/** An integer from limbs, checked to lie in their ranges. */
function fromLimbs(limbs: readonly number[], limbBits: number): bigint {
  const top = limbs.at(-1)!;
  expect(top).toBe(top | 0);
  for (const limb of limbs.slice(0, -1)) expect(limb >= 0 && limb < 2 ** limbBits).toBe(true);
  return limbs.reduceRight((sum, limb) => (sum << BigInt(limbBits)) + BigInt(limb), 0n);
}

describe("limbs", () => {
  test(`hold every weight, bias and reachable score of a read-out, seed ${SEED}`, () => {
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((length) =>
        fc.array(fc.array(integer, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 3 }),
      );
    const property = fc.property(rows, integer, (weights, bias) => {
      const { limbs, limbBits } = scoresOutput(readout(weights, bias));
      for (const row of weights) {
        for (let pattern = 0; pattern < 2 ** row.length; pattern++) {
          const score = row.reduce((sum, weight, index) => ((pattern >> index) & 1 ? sum + weight : sum), bias);
          expect(fromLimbs(toLimbs(score, limbs), limbBits)).toBe(score);
        }
        for (const weight of row) expect(fromLimbs(toLimbs(weight, limbs), limbBits)).toBe(weight);
      }
      expect(fromLimbs(toLimbs(bias, limbs), limbBits)).toBe(bias);
    });
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  test("no more than needed", () => {
    expect(scoresOutput(readout([[2n ** 31n - 1n]], 0n)).limbs).toBe(1);
    expect(scoresOutput(readout([[2n ** 31n - 1n]], 1n)).limbs).toBe(2);
    expect(scoresOutput(readout([[1n - 2n ** 61n]], 0n)).limbs).toBe(2);
    expect(scoresOutput(readout([[2n ** 61n]], 0n)).limbs).toBe(3);
    expect(scoresOutput(readout([[0n]], 0n)).limbs).toBe(1);
  });
});
