import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DiagnosticError, renderDiagnostic } from "../../src/diagnostics.js";
import { decodeTarget } from "../../src/target/decode.js";
import { findPreset, presets } from "../../src/target/presets.js";

const folder = join(import.meta.dirname, "../../targets");
const schema = JSON.parse(readFileSync(join(folder, "target.schema.json"), "utf8")) as object;
const validate = new Ajv2020({ strict: false }).compile(schema);

function accepts(text: string): boolean {
  try {
    decodeTarget(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(DiagnosticError);
    return false;
  }
}

describe("target descriptions", () => {
  it("every shipped file fits the schema and is the preset of its name", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "target.schema.json");
    expect(files.length).toBe(presets.length);
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      expect(validate(JSON.parse(text)), file).toBe(true);
      expect(findPreset(file.slice(0, -".json".length))).toEqual(decodeTarget(text));
    }
  });

  it("agree with the schema on random descriptions, but for vectors that a backend lacks, a tile does not hold twice or nothing moves the lanes of", () => {
    const fields = {
      name: fc.constantFrom("mine", "Mine", "", "a-b", 3, "x".repeat(33)),
      description: fc.constantFrom("text", 5, "x".repeat(201)),
      backend: fc.constantFrom("c", "js", "wasm", "rust", null),
      vectorBits: fc.constantFrom(32, 128, 256, 512, 64, "32"),
      tileRows: fc.constantFrom(7, 8, 64, 4097, "8", 9.5),
      tileWords: fc.constantFrom(1, 2, 8, 33, 2049),
      funnelShift: fc.constantFrom(true, false, 1),
      laneMoves: fc.constantFrom(true, false, "no"),
      extra: fc.constant(1),
    };
    const field = fc.oneof(
      fc.record(fields, { requiredKeys: [] }),
      fc.record(fields, { requiredKeys: ["name", "backend", "vectorBits"] }),
    );
    fc.assert(
      fc.property(field, (description) => {
        const isTooWide =
          (description.backend === "js" && description.vectorBits !== 32) ||
          (description.backend === "wasm" && [256, 512].includes(Number(description.vectorBits)));
        const isTooNarrow = (description.tileWords ?? 64) < (2 * Number(description.vectorBits)) / 32;
        const isUnmoved =
          description.laneMoves === true && (description.backend !== "c" || description.vectorBits !== 512);
        const isRefused = isTooWide || isTooNarrow || isUnmoved;
        expect(accepts(JSON.stringify(description))).toBe(validate(description) && !isRefused);
      }),
    );
  });

  it.each([
    ["{", "BMN0502"],
    ["[]", "BMN0502"],
    ["null", "BMN0502"],
    ['{"name":"a","backend":"wasm","vectorBits":256}', "BMN0502"],
    [`{"name":"${"a".repeat(70_000)}"}`, "BMN0502"],
  ])("refuses %.40s", (text, code) => {
    try {
      decodeTarget(text);
      expect.unreachable();
    } catch (error) {
      expect((error as DiagnosticError).diagnostics.map((each) => each.code)).toEqual([code]);
    }
  });

  it("names the field and the nearest mend", () => {
    expect.assertions(1);
    try {
      decodeTarget('{"name":"a","backend":"rust","vectorBits":32}');
    } catch (error) {
      expect((error as DiagnosticError).diagnostics.map(renderDiagnostic)).toEqual([
        'error BMN0502: unknown backend "rust"\n  at backend\n  hint: use one of c, js, wasm',
      ]);
    }
  });
});
