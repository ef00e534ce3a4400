import type { BinarizationPolicy } from "./report.js";

/** A policy as it is written on the command line: the method of an approximation follows an equals sign. */
export function policyName(policy: BinarizationPolicy): string {
  return policy.replace("approximate-", "approximate=");
}
