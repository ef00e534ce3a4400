/** Target descriptions: the JSON that targets/target.schema.json describes. */
import { fail } from "../diagnostics.js";
import { DEFAULT_TILE, type Target } from "./target.js";

const BACKENDS = ["c", "js", "wasm"] as const;
const LANES_OF_BITS: Readonly<Record<string, Target["lanes"]>> = { 32: 1, 128: 4, 256: 8, 512: 16 };
const FIELDS = [
  "$schema",
  "name",
  "description",
  "backend",
  "vectorBits",
  "tileRows",
  "tileWords",
  "funnelShift",
  "laneMoves",
];
/** Rows and words of a tile. A tile is at least as wide as two vectors, so that there is one at each edge. */
const TILE_ROWS = { least: 8, most: 4096 };
const TILE_WORDS_MOST = 2048;
const LONGEST_TEXT = 65536;

/** @throws DiagnosticError BMN0502 with the field's path */
export function decodeTarget(text: string): Target {
  if (text.length > LONGEST_TEXT) fail("BMN0502", `a target description of ${text.length} characters`);
  const parsed = parse(text);
  for (const field of Object.keys(parsed)) {
    if (!FIELDS.includes(field)) {
      fail("BMN0502", `unknown field ${JSON.stringify(field.slice(0, 40))}`, {
        path: field.slice(0, 40),
        hint: `the fields are ${FIELDS.join(", ")}`,
      });
    }
  }
  const { name, description, backend, vectorBits } = parsed;
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    fail("BMN0502", "the name is missing or not valid", {
      path: "name",
      hint: "use 1 to 32 lower-case letters, digits and hyphens, beginning with a letter",
    });
  }
  if (description !== undefined && (typeof description !== "string" || description.length > 200)) {
    fail("BMN0502", "the description is not a text of at most 200 characters", { path: "description" });
  }
  const known = BACKENDS.find((each) => each === backend);
  if (known === undefined) {
    fail("BMN0502", `unknown backend ${JSON.stringify(backend)?.slice(0, 40) ?? "(none)"}`, {
      path: "backend",
      hint: `use one of ${BACKENDS.join(", ")}`,
    });
  }
  const lanes = typeof vectorBits === "number" ? LANES_OF_BITS[vectorBits] : undefined;
  if (lanes === undefined) {
    fail("BMN0502", "vectorBits is missing or not valid", { path: "vectorBits", hint: "use 32, 128, 256 or 512" });
  }
  const widest = known === "js" ? 1 : known === "wasm" ? 4 : 16;
  if (lanes > widest) {
    fail("BMN0502", `${known} has no vectors of ${lanes * 32} bits`, {
      path: "vectorBits",
      hint: `use at most ${widest * 32}`,
    });
  }
  const tile = {
    rows: sizeOf(parsed, "tileRows", TILE_ROWS.least, TILE_ROWS.most, DEFAULT_TILE.rows),
    words: sizeOf(parsed, "tileWords", 2 * lanes, TILE_WORDS_MOST, DEFAULT_TILE.words),
  };
  const movesLanes = flagOf(parsed, "laneMoves");
  if (movesLanes && (known !== "c" || lanes !== 16)) {
    fail("BMN0502", "lanes are moved only in C with vectors of 512 bits", { path: "laneMoves", hint: "leave it out" });
  }
  return {
    name,
    description: description ?? "",
    backend: known,
    lanes,
    tile,
    hasFunnelShift: flagOf(parsed, "funnelShift"),
    movesLanes,
  };
}

function flagOf(parsed: Readonly<Record<string, unknown>>, field: string): boolean {
  const value = parsed[field] ?? false;
  if (typeof value !== "boolean") fail("BMN0502", `${field} is neither true nor false`, { path: field });
  return value;
}

function sizeOf(
  parsed: Readonly<Record<string, unknown>>,
  field: string,
  least: number,
  most: number,
  otherwise: number,
): number {
  const value = parsed[field];
  if (value === undefined) return otherwise;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    fail("BMN0502", `${field} is no whole number from ${least} to ${most}`, { path: field });
  }
  return value;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    fail("BMN0502", `the target description is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    fail("BMN0502", "the target description is no JSON object");
  }
  return { ...parsed };
}
