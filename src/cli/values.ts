/** Values of options, from text. */
import type { BinarizationPolicy } from "../binarize/report.js";
import { MAXIMUM_SIDE } from "../word/node.js";
import type { PolicyName, Repeated } from "./arguments.js";
import { UsageError } from "./context.js";

const POLICIES: Readonly<Record<PolicyName, BinarizationPolicy>> = {
  auto: "auto",
  exact: "exact",
  approximate: "approximate-constant",
  "approximate=constant": "approximate-constant",
  "approximate=uniform": "approximate-uniform",
  "approximate=normal": "approximate-normal",
  "approximate=activated": "approximate-activated",
  "approximate=bounds": "approximate-bounds",
};

/** `exact` and `auto` are policies by name; the papers' approximations have their method after an equals sign. */
export function parsePolicy(name: PolicyName): BinarizationPolicy {
  return POLICIES[name];
}

/** `HxW`, in pixels. @throws UsageError */
export function parseShape(
  text: string | undefined,
  option: "shape" | "size" = "shape",
): { readonly height: number; readonly width: number } | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,5})[x×](\d{1,5})$/.exec(text);
  const [height, width] = (match ?? []).slice(1).map(Number);
  if (!inRange(height) || !inRange(width)) {
    throw new UsageError(`--${option} ${text}: write height x width, like 28x28, each 1 to ${MAXIMUM_SIDE}`);
  }
  return { height, width };
}

/** An SPDX licence expression, as far as its characters go: it is printed into comments. @throws UsageError */
export function parseLicense(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[A-Za-z0-9.+:() -]{1,200}$/.test(text)) {
    throw new UsageError(`--license ${text}: not an SPDX expression, like MIT or (MIT OR Apache-2.0)`);
  }
  return text;
}

/** What an option that may be repeated was given, in order. */
export function repeated(given: Repeated | undefined): readonly string[] {
  return typeof given === "string" ? [given] : (given ?? []);
}

/** Names separated by commas, in any number of options, each once. @throws UsageError if there is none */
export function parseList(option: string, given: Repeated): readonly string[] {
  const names = repeated(given)
    .flatMap((text) => text.split(","))
    .filter((name) => name !== "");
  if (names.length === 0) throw new UsageError(`--${option} names nothing`);
  return [...new Set(names)];
}

/** An integer option. @throws UsageError */
export function checkInteger(option: string, value: number, least: number, greatest: number): number {
  if (!Number.isInteger(value) || value < least || value > greatest) {
    throw new UsageError(`--${option}: expected an integer from ${least} to ${greatest}`);
  }
  return value;
}

/** `--threshold`: gray samples of at least this are 1; null where it is left out. @throws UsageError */
export function parseThreshold(given: number | undefined): number | null {
  return given === undefined ? null : checkInteger("threshold", given, 1, 255);
}

/** @throws UsageError where a threshold is given for a network on gray values */
export function checkThreshold(threshold: number | null, samples: "bits" | "bytes"): void {
  if (threshold === null || samples === "bits") return;
  throw new UsageError("--threshold is for networks that read bits; this one reads gray values");
}

function inRange(side: number | undefined): side is number {
  return side !== undefined && side >= 1 && side <= MAXIMUM_SIDE;
}
