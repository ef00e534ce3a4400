/**
 * How a hidden value becomes bits. A value in [0, 1] is cut at `cuts` into levels; bit k says that it lies above cut k, and
 * the next layer reads the representative of its level,
 *
 *   r_0 + Σ_k (r_{k+1} − r_k) · bit_k,
 *
 * so that a neuron on such values is again a threshold function of bits, each of them one of its inputs. A plain bit, cut at ½
 * and read as 0 or 1, is the simplest code, and the only one that says the same as the papers' binarization.
 */
import { activationInverse } from "../model/activation.js";
import type { Activation } from "../model/types.js";

export interface LevelCode {
  /** Strictly increasing, inside ]0, 1[; at least one. */
  readonly cuts: readonly number[];
  /**
   * Strictly increasing, in [0, 1], one more than the cuts; multiples of 2^-12, so that products of a float32 weight and their
   * differences are exact doubles.
   */
  readonly representatives: readonly number[];
}

/** Where the papers cut. */
export const PLAIN_CUT = 0.5;

export const PLAIN_BIT: LevelCode = { cuts: [PLAIN_CUT], representatives: [0, 1] };

/** What the next layer reads for a bit of a code: bit k lifts the value by step k. */
export function stepsOf(representatives: readonly number[]): readonly number[] {
  return representatives.slice(1).map((value, index) => value - (representatives[index] ?? 0));
}

export function readsAsPlainBit(representatives: readonly number[]): boolean {
  return representatives.length === 2 && representatives[0] === 0 && representatives[1] === 1;
}

/**
 * What a cut adds to B: ξ(P·(s − B)) > t iff s > B + ξ⁻¹(t)/P for P > 0, and iff s < B + ξ⁻¹(t)/P for P < 0. A step has the values 0
 * and 1 only, and needs no cut but ½.
 */
export function cutShift(activation: Activation, scale: number, cut: number): number {
  return cut === 0.5 || scale === 0 ? 0 : activationInverse(activation, cut) / scale;
}
