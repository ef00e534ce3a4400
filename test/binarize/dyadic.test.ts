import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareProducts,
  dyadic,
  greatestCommonDivisor,
  type Product,
  scaleToIntegers,
  subtractDyadic,
  sumOfProducts,
} from "../../src/binarize/dyadic.js";
import { floorDivide } from "../../src/morph/integers.js";
import { absolute, commonDivisor, leastUnits } from "./exact-numbers.js";

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Products of these stay far from the ends of a double's range. */
const ordinary = fc.oneof(
  anyDouble.filter((value) => value === 0 || (Math.abs(value) > 1e-120 && Math.abs(value) < 1e120)),
  fc.double({ min: -4, max: 4, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-120),
  fc.integer({ min: -64, max: 64 }).map((value) => value / 16),
);
const products = fc.array(fc.tuple(ordinary, ordinary), { maxLength: 8 });
const anyProducts = fc.oneof(products, fc.array(fc.tuple(anyDouble, anyDouble), { maxLength: 8 }));

/** Σ a·b · 2^2148. */
function exactSum(terms: readonly Product[]): bigint {
  return terms.reduce((sum, [a, b]) => sum + leastUnits(a) * leastUnits(b), 0n);
}

/** mantissa · 2^exponent · 2^2148. */
function units({ mantissa, exponent }: { readonly mantissa: bigint; readonly exponent: number }): bigint {
  return mantissa << BigInt(exponent + 2148);
}

function signOf(value: bigint): number {
  return value === 0n ? 0 : value > 0n ? 1 : -1;
}

describe("dyadic", () => {
  test("is the double, with an odd mantissa", () => {
    fc.assert(
      fc.property(anyDouble, (value) => {
        const parts = dyadic(value);
        expect(units(parts)).toBe(leastUnits(value) << 1074n);
        expect(parts.approximation).toBe(value + 0);
        if (value !== 0) expect(parts.mantissa & 1n).toBe(1n);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [0, 0n, 0],
    [-0, 0n, 0],
    [1, 1n, 0],
    [-6, -3n, 1],
    [2 ** 52, 1n, 52],
    [2 ** 53 - 1, 2n ** 53n - 1n, 0],
    [Number.MIN_VALUE, 1n, -1074],
    [3 * Number.MIN_VALUE, 3n, -1074],
    [2 ** -1022, 1n, -1022],
    [Number.MAX_VALUE, 2n ** 53n - 1n, 971],
  ])("of %d", (value, mantissa, exponent) => {
    expect(dyadic(value)).toMatchObject({ mantissa, exponent });
  });

  test("infinities and NaN are a bug", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => dyadic(value)).toThrow("not finite");
    }
  });
});

test("scaleToIntegers keeps every ratio and has no common factor 2", () => {
  fc.assert(
    fc.property(fc.array(anyDouble, { maxLength: 6 }), (values) => {
      const { integers, exponent } = scaleToIntegers(values);
      expect(integers.map((mantissa) => units({ mantissa, exponent }))).toEqual(
        values.map((value) => leastUnits(value) << 1074n),
      );
      if (values.some((value) => value !== 0)) expect(integers.some((integer) => (integer & 1n) === 1n)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("sumOfProducts and subtractDyadic are exact, their doubles within a relative 2^-50", () => {
  const close = (approximation: number, exact: bigint): void => {
    expect(absolute((leastUnits(approximation) << 1074n) - exact) << 50n).toBeLessThanOrEqual(absolute(exact));
  };
  fc.assert(
    fc.property(products, products, (left, right) => {
      const [first, second] = [sumOfProducts(left), sumOfProducts(right)];
      const difference = subtractDyadic(first, second);
      expect(units(first)).toBe(exactSum(left));
      expect(units(difference)).toBe(exactSum(left) - exactSum(right));
      close(first.approximation, exactSum(left));
      close(difference.approximation, exactSum(left) - exactSum(right));
    }),
    { numRuns: 1000 },
  );
});

describe("compareProducts", () => {
  test("has the sign of the exact difference", () => {
    fc.assert(
      fc.property(anyProducts, anyProducts, (left, right) => {
        expect(compareProducts(left, sumOfProducts(right))).toBe(signOf(exactSum(left) - exactSum(right)));
      }),
      { numRuns: 1000 },
    );
  });

  test("of sums that differ by one term far below their last place, or not at all", () => {
    const tiny = fc.constantFrom(0, 1e-40, -1e-40, 2 ** -100, -(2 ** -60));
    fc.assert(
      fc.property(products, tiny, fc.nat(), (terms, difference, rotation) => {
        const start = terms.length === 0 ? 0 : rotation % terms.length;
        const rotated: Product[] = [...terms.slice(start), ...terms.slice(0, start), [difference, 1]];
        expect(compareProducts(rotated, sumOfProducts(terms))).toBe(Math.sign(difference));
        expect(compareProducts(terms, sumOfProducts(rotated))).toBe(Math.sign(-difference) + 0);
      }),
      { numRuns: 1000 },
    );
  });

  test.each<readonly [string, readonly Product[], readonly Product[], -1 | 0 | 1]>([
    [
      "0.1 + 0.2 is more than 0.3 in doubles, and 2^-54 more than it",
      [
        [0.1, 1],
        [0.2, 1],
      ],
      [[0.3, 1]],
      1,
    ],
    ["three tenths are not 0.3", [[3, 0.1]], [[0.3, 1]], 1],
    ["(1 + 2^-30)^2 has a last bit that doubles drop", [[1 + 2 ** -30, 1 + 2 ** -30]], [[1 + 2 ** -29, 1]], 1],
    [
      "2^60 hides a 1 from a double",
      [
        [2 ** 60, 1],
        [1, 1],
        [-(2 ** 60), 1],
      ],
      [[1, 1]],
      0,
    ],
    [
      "terms of either sign",
      [
        [-(2 ** 60), 1],
        [1, 1],
      ],
      [[-(2 ** 60), 1]],
      1,
    ],
    ["products below the least double", [[2 ** -1000, 2 ** -1000]], [[0, 1]], 1],
    ["products above the greatest", [[2 ** 1000, -(2 ** 1000)]], [[0, 1]], -1],
    [
      "many products that each round to nothing",
      Array.from({ length: 8 }, () => [2 ** -1074, 0.5]),
      [[2 ** -1073, 1]],
      1,
    ],
  ])("%s", (_, left, right, sign) => {
    expect(compareProducts(left, sumOfProducts(right))).toBe(sign);
    expect(signOf(exactSum(left) - exactSum(right))).toBe(sign);
  });
});

test("greatestCommonDivisor divides all, and nothing larger does", () => {
  const integer = fc.oneof(fc.bigInt({ min: -60n, max: 60n }), fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }));
  fc.assert(
    fc.property(fc.array(integer, { maxLength: 5 }), fc.bigInt({ min: -30n, max: 30n }), (parts, factor) => {
      const integers = parts.map((part) => part * factor);
      const divisor = greatestCommonDivisor(integers);
      if (integers.every((each) => each === 0n)) {
        expect(divisor).toBe(0n);
        return;
      }
      expect(divisor).toBeGreaterThan(0n);
      expect(integers.every((each) => each % divisor === 0n)).toBe(true);
      expect(commonDivisor(integers.map((each) => each / divisor))).toBe(1n);
    }),
    { numRuns: 1000 },
  );
  expect(greatestCommonDivisor([])).toBe(0n);
});

test("floorDivide rounds down", () => {
  for (let dividend = -50n; dividend <= 50n; dividend++) {
    for (let divisor = 1n; divisor <= 12n; divisor++) {
      expect(Number(floorDivide(dividend, divisor))).toBe(Math.floor(Number(dividend) / Number(divisor)));
    }
  }
  const large = 10n ** 40n;
  expect([large, large - 1n, -large, -large - 1n, 1n - large].map((each) => floorDivide(each, large))).toEqual([
    1n,
    0n,
    -1n,
    -2n,
    -1n,
  ]);
});
