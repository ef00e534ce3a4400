import { unreachable } from "../diagnostics.js";
import type { Activation } from "./types.js";

/** ξ(u), within a few units in the last place of 1; in [0, 1] but for `identity`. */
export function activate(activation: Activation, u: number): number {
  switch (activation) {
    case "tanh":
      return Math.tanh(u) / 2 + 0.5;
    case "sigmoid":
      return 1 / (1 + Math.exp(-u));
    case "erf":
      return errorFunction(u) / 2 + 0.5;
    case "arctan":
      return Math.atan(u) / Math.PI + 0.5;
    case "step":
      return u > 0 ? 1 : 0;
    case "identity":
      return u;
    default:
      return unreachable(activation);
  }
}

/** ξ⁻¹(y) for 0 < y < 1, within some units in the last place of y; 0 for a step, whose values 0 and 1 it parts. */
export function activationInverse(activation: Activation, y: number): number {
  switch (activation) {
    case "tanh":
      return Math.atanh(2 * y - 1);
    case "sigmoid":
      return Math.log(y / (1 - y));
    case "erf":
      return inverseErrorFunction(2 * y - 1);
    case "arctan":
      return Math.tan(Math.PI * (y - 0.5));
    case "step":
      return 0;
    case "identity":
      return y;
    default:
      return unreachable(activation);
  }
}

/** Of Newton's method from 0, which approaches from one side since erf is concave on the positive half-line. */
const MOST_STEPS = 100;

function inverseErrorFunction(y: number): number {
  const size = Math.abs(y);
  let x = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = x + ((size - errorFunction(x)) * Math.exp(x * x) * Math.sqrt(Math.PI)) / 2;
    if (!(next > x)) break;
    x = next;
  }
  return Math.sign(y) * x;
}

/** From here on the continued fraction below has converged, and the series would take more terms. */
const TAIL_START = 3;
const TAIL_TERMS = 60;
/** 1 − erf(6) is 2·10⁻¹⁷, less than half a unit in the last place of 1. */
const SATURATED = 6;

/**
 * erf(x) = 2/√π · ∫₀ˣ exp(−t²) dt, within 10⁻¹⁵.
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.6 (series) and 7.1.14 (continued fraction)
 */
export function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size >= SATURATED) return Math.sign(x);
  return size < TAIL_START ? bySeries(x) : Math.sign(x) * (1 - complementByFraction(size));
}

/** 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms have one sign, so that nothing cancels. */
function bySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** √π · exp(x²) · erfc(x) = 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the innermost term outwards. */
function complementByFraction(x: number): number {
  let denominator = x;
  for (let n = TAIL_TERMS; n >= 1; n--) denominator = x + n / 2 / denominator;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * denominator);
}
