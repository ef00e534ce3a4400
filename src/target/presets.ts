/** The targets that ship with the compiler: targets/*.json, embedded by scripts/generate-targets.ts. */
import { TARGET_TEXTS } from "../gen/targets.js";
import { decodeTarget } from "./decode.js";
import type { Target } from "./target.js";

export const presets: readonly Target[] = TARGET_TEXTS.map(decodeTarget);

export function findPreset(name: string): Target | null {
  return presets.find((target) => target.name === name) ?? null;
}
