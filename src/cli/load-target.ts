import { fail, withSource } from "../diagnostics.js";
import { nearestName } from "../model/nearest-name.js";
import { decodeTarget } from "../target/decode.js";
import { findPreset, presets } from "../target/presets.js";
import type { Target } from "../target/target.js";
import { readFile } from "./files.js";

const MAXIMUM_TARGET_BYTES = 65_536;

/**
 * The target of a name, or of a description in a file: what ends in `.json` or has a slash is a file.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0501, BMN0502
 */
export function loadTarget(name: string): Target {
  if (name.endsWith(".json") || name.includes("/") || name.includes("\\")) {
    const text = Buffer.from(readFile(name, MAXIMUM_TARGET_BYTES)).toString("utf8");
    return withSource(name, () => decodeTarget(text));
  }
  const preset = findPreset(name);
  if (preset !== null) return preset;
  const names = presets.map((target) => target.name);
  const nearest = nearestName(name, names);
  return fail("BMN0501", `the target ${JSON.stringify(name.slice(0, 40))} is unknown`, {
    hint:
      nearest === null
        ? `the targets are ${names.join(", ")}; a file is written ./mine.json`
        : `did you mean ${nearest}?`,
  });
}
