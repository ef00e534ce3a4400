/** What the sum of a float neuron says about its value, whatever the rounding. */
import { activate } from "../../model/activation.js";
import type { Activation } from "../../model/types.js";
import { ACTIVATION_ERROR, LEAST_ARGUMENT, LEAST_EXPONENT, roundBoundDown, roundBoundUp } from "../float32.js";
import type { Arithmetic, ChannelBounds } from "../report.js";
import type { SumError } from "./graph.js";

/** A neuron's value ξ(steepness · z), for a sum z turned so that the value rises with it. */
export interface RisingNeuron {
  readonly activation: Activation;
  /** |P| */
  readonly steepness: number;
  readonly arithmetic: Arithmetic;
}

/** Whether the value surely exceeds the cut. */
export function surelyAbove(neuron: RisingNeuron, sum: number, error: SumError, cut: number): boolean {
  const { activation, steepness, arithmetic } = neuron;
  const least = sum - error.sign;
  if (activation === "step") return steepness > 0 && least > 0;
  if (cut <= 0.5) {
    if (arithmetic === "real" && steepness > 0 && least > 0) return true;
    const isNormal = steepness >= 2 ** LEAST_EXPONENT;
    if (arithmetic === "float32" && isNormal && steepness * least >= LEAST_ARGUMENT) return true;
    if (cut === 0.5) return false;
  }
  return leastValue(neuron, sum, error) > cut;
}

/** Whether the value surely is at most the cut. */
export function surelyNotAbove(neuron: RisingNeuron, sum: number, error: SumError, cut: number): boolean {
  const { activation, steepness } = neuron;
  const hasFalseSign = steepness === 0 || sum + error.sign <= 0;
  if (activation === "step" || cut === 0.5) return hasFalseSign;
  return (hasFalseSign && cut > 0.5) || greatestValue(neuron, sum, error) <= cut;
}

export function leastValue({ activation, steepness, arithmetic }: RisingNeuron, sum: number, error: SumError): number {
  if (activation === "step") return steepness > 0 && sum - error.sign > 0 ? 1 : 0;
  const argument = steepness === 0 ? 0 : steepness * (sum - error.value);
  return Math.max(0, activate(activation, argument) - ACTIVATION_ERROR[arithmetic]);
}

export function greatestValue(
  { activation, steepness, arithmetic }: RisingNeuron,
  sum: number,
  error: SumError,
): number {
  if (activation === "step") return steepness > 0 && sum + error.sign > 0 ? 1 : 0;
  const argument = steepness === 0 ? 0 : steepness * (sum + error.value);
  return Math.min(1, activate(activation, argument) + ACTIVATION_ERROR[arithmetic]);
}

/** A bit that is 0 nowhere, or 1 nowhere, has the bounds that say most. */
export const NO_VALUES: ChannelBounds = { zeroUpper: 0, oneLower: 1 };

/** Values up to `greatest`, proved not above the cut, stand for 0. */
export function allowZero(bounds: ChannelBounds, greatest: number, cut: number): ChannelBounds {
  const zeroUpper = roundBoundUp(Math.min(greatest, cut));
  return { ...bounds, zeroUpper: Math.max(bounds.zeroUpper, zeroUpper) };
}

/** Values from `least`, proved above the cut, stand for 1. */
export function allowOne(bounds: ChannelBounds, least: number, cut: number): ChannelBounds {
  const oneLower = roundBoundDown(Math.max(least, cut));
  return { ...bounds, oneLower: Math.min(bounds.oneLower, oneLower) };
}
