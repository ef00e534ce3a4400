import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import { decodeBase64, encodeBase64 } from "../../src/model/base64.js";
import { JsonScanner } from "../../src/model/json-scanner.js";

/** The value of a text, as JSON.parse gives it. */
function scan(scanner: JsonScanner): unknown {
  switch (scanner.peek()) {
    case "object": {
      const entries: [string, unknown][] = [];
      scanner.object((key) => entries.push([key, scan(scanner)]));
      return Object.fromEntries(entries);
    }
    case "array": {
      const values: unknown[] = [];
      scanner.array(() => values.push(scan(scanner)));
      return values;
    }
    case "string":
      return scanner.string();
    case "number":
      return scanner.number();
    case "boolean":
      return scanner.boolean();
    case "null":
      scanner.null();
      return null;
  }
}

function accepted(action: () => unknown): { readonly value: unknown } | null {
  try {
    return { value: action() };
  } catch (error) {
    if (error instanceof DiagnosticError || error instanceof SyntaxError) return null;
    throw error;
  }
}

function scanAll(text: string): unknown {
  const scanner = new JsonScanner(text);
  const value = scan(scanner);
  scanner.end();
  return value;
}

describe("JsonScanner agrees with JSON.parse", () => {
  test("on valid texts", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), fc.constantFrom(0, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(scanAll(spaced)).toEqual(JSON.parse(spaced));
        const skipping = new JsonScanner(spaced);
        skipping.skip();
        skipping.end();
      }),
      { numRuns: 1000 },
    );
  });

  test("on texts of the characters that matter", () => {
    const mark = fc.constantFrom(
      ...'{}[],:"\\ \n\t-+.0123eEutrlfasn\u0001',
      "true",
      "null",
      '"a"',
      "\\u0041",
      "1.5e+3",
    );
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 12 }), (marks) => {
        const text = marks.join("");
        expect(
          accepted(() => scanAll(text)),
          text,
        ).toEqual(accepted(() => JSON.parse(text)));
      }),
      { numRuns: 20_000 },
    );
  });
});

test("places are lines and columns from 1", () => {
  const scanner = new JsonScanner('{\n "a": 1\n}');
  expect([0, 1, 2, 3, 9, 10].map((offset) => scanner.placeOf(offset))).toEqual([
    "1:1",
    "1:2",
    "2:1",
    "2:2",
    "2:8",
    "3:1",
  ]);
});

describe("base64", () => {
  test("agrees with Buffer's, in both alphabets, with and without padding", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(text.replaceAll("=", ""))).toEqual(bytes);
        expect(decodeBase64(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
  });

  test.each(["A", "A=", "A===", "====", "AAA=A", "AA*A", "AA A", "AAAAé", "AAAAA"])("%s is refused", (text) => {
    expect(decodeBase64(text)).toBeNull();
  });
});
