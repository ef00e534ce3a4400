/** Every refused model under test/cases/model: the input, a line of dashes, and what the user reads. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DIAGNOSTIC_CODES, DiagnosticError, renderDiagnostic } from "../../src/diagnostics.js";
import { decodeModel } from "../../src/model/decode.js";

const FOLDER = new URL("../cases/model/", import.meta.url);
const FILES = readdirSync(FOLDER).sort();

/** Inputs that are no text are written in hexadecimal. */
function inputBytes(input: string): Uint8Array {
  return input.startsWith("hex")
    ? Uint8Array.from(Buffer.from(input.slice(3).replaceAll(/\s/g, ""), "hex"))
    : new TextEncoder().encode(input);
}

function renderedRefusal(bytes: Uint8Array): string {
  try {
    decodeModel(bytes);
    return "accepted";
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map(renderDiagnostic).join("\n");
  }
}

describe("refused models", () => {
  test.each(FILES)("%s", (file) => {
    const [input, expected] = readFileSync(new URL(file, FOLDER), "utf8").split("\n----\n") as [string, string];
    expect(`${renderedRefusal(inputBytes(input))}\n`).toBe(expected);
    expect(expected).toContain(`error ${file.slice(0, 7)}: `);
  });
});

test("every code of the model's format has a case", () => {
  const codes = Object.keys(DIAGNOSTIC_CODES).filter((code) => code.startsWith("BMN02"));
  const covered = new Set(FILES.map((file) => file.slice(0, 7)));
  expect(codes.filter((code) => !covered.has(code))).toEqual([]);
});

test("at most twenty diagnostics are given", () => {
  const layers = Array.from({ length: 30 }, () => ({}));
  const bytes = new TextEncoder().encode(JSON.stringify({ formatVersion: 1, name: "", layers }));
  expect(renderedRefusal(bytes).match(/^error/gm)).toHaveLength(20);
});
