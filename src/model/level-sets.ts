import { InternalError } from "../diagnostics.js";
import type { LevelSetEncoding } from "./types.js";

/** Largest stored byte, which stands for the gray maximum. */
const BYTE_MAXIMUM = 255n;
const FRACTION_BITS = 52n;
/** Biased exponent of infinities and NaN. */
const NOT_FINITE = 0x7ffn;

/**
 * The smallest byte whose gray value is at least the value of a level, 256 if there is none: the level set is
 * `byte ≥ threshold`. Exact: s stands for m + s·(M − m)/255, which is ≥ v when s·(M − m) ≥ 255·(v − m), in integers.
 */
export function levelThreshold(encoding: LevelSetEncoding, channel: number, level: number): number {
  const value = encoding.values[channel]?.[level];
  if (value === undefined) throw new InternalError(`no level ${level} in channel ${channel}`);
  const minimum = inLeastUnits(encoding.grayMinimum);
  const range = inLeastUnits(encoding.grayMaximum) - minimum;
  const needed = BYTE_MAXIMUM * (inLeastUnits(value) - minimum);
  if (range <= 0n) throw new InternalError("the gray range is empty");
  if (needed <= 0n) return 0;
  const byte = (needed + range - 1n) / range;
  return byte > BYTE_MAXIMUM ? 256 : Number(byte);
}

/** x · 2¹⁰⁷⁴, a whole number for every finite double: the least one is 2⁻¹⁰⁷⁴. */
function inLeastUnits(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> FRACTION_BITS) & NOT_FINITE;
  const fraction = bits & ((1n << FRACTION_BITS) - 1n);
  if (exponent === NOT_FINITE) throw new InternalError(`not finite: ${x}`);
  // Subnormal numbers (exponent 0) have no leading 1; the next ones, with exponent 1, have the same unit.
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << FRACTION_BITS)) << (exponent - 1n);
  return bits >> 63n === 1n ? -magnitude : magnitude;
}
