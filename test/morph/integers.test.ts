import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bitLength, countSetBits } from "../../src/morph/integers.js";

const integers = fc.bigInt({ min: -(1n << 300n), max: 1n << 300n });

test("agree with the binary text", () => {
  for (let value = -1100n; value <= 1100n; value++) {
    const text = (value < 0n ? -value : value).toString(2);
    expect([bitLength(value), countSetBits(value)]).toEqual([
      value === 0n ? 0 : text.length,
      text.split("1").length - 1,
    ]);
  }
  fc.assert(
    fc.property(integers, (value) => {
      const text = (value < 0n ? -value : value).toString(2);
      expect([bitLength(value), countSetBits(value)]).toEqual([
        value === 0n ? 0 : text.length,
        text.split("1").length - 1,
      ]);
    }),
  );
});
