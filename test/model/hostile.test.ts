/** Bytes that no writer wrote: refused with diagnostics, in memory and time of the order of their size. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import { decodeModel } from "../../src/model/decode.js";
import { encodeModel, encodeModelJson } from "../../src/model/encode.js";
import { arbitraryModel } from "./arbitrary-model.js";

/** Codes of the refusal; null when the bytes are a model. Anything else that is thrown is a bug. */
function refusal(bytes: Uint8Array): string[] | null {
  try {
    const model = decodeModel(bytes);
    // What is accepted is a model in full: it can be written again.
    expect(decodeModel(encodeModel(model))).toEqual(model);
    return null;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((diagnostic) => diagnostic.code);
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("fuzz", () => {
  test("random bytes are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(refusal(bytes)).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  test("random text after a brace is refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(refusal(utf8(`{${text}`))).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  test("every truncation is refused", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        for (const bytes of [encodeModel(model), utf8(encodeModelJson(model).trimEnd())]) {
          const step = Math.max(1, Math.floor(bytes.length / 150));
          for (let length = 0; length < bytes.length; length += step) {
            expect(refusal(bytes.subarray(0, length)), `${length} of ${bytes.length} bytes`).not.toBeNull();
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test("a changed byte gives another model or a refusal", () => {
    const change = fc.record({ place: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(arbitraryModel, fc.array(change, { minLength: 60, maxLength: 60 }), (model, changes) => {
        for (const original of [encodeModel(model), utf8(encodeModelJson(model))]) {
          for (const { place, value } of changes) {
            const bytes = original.slice();
            bytes[place % bytes.length] = value;
            refusal(bytes);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("inputs made to take more than they are", () => {
  test("millions of empty layers", () => {
    const bytes = new Uint8Array(8_000_000);
    for (let index = 0; index < bytes.length; index += 2) bytes[index] = 0x32;
    expect(refusal(bytes)).toEqual(["BMN0205"]);
    expect(refusal(utf8(`{"layers": [${"{},".repeat(2_000_000)}{}]}`))).toEqual(["BMN0205"]);
  });

  test("millions of sizes in one shape", () => {
    const sizes = 2 ** 21 - 1;
    // Fields of length 2^21-1 and a little more: tensor.shape in bank.weights in bisel.bise in layer.bisel in layers.
    let field = new Uint8Array(sizes);
    for (const tag of [0x0a, 0x0a, 0x42, 0x0a, 0x32]) {
      const length = field.length;
      const head = [tag, (length & 127) | 128, ((length >> 7) & 127) | 128, ((length >> 14) & 127) | 128, length >> 21];
      const longer = new Uint8Array(head.length + length);
      longer.set(head);
      longer.set(field, head.length);
      field = longer;
    }
    expect(refusal(field)).toEqual(["BMN0205"]);
  });

  test("millions of empty inputs, which merge into one", () => {
    const bytes = new Uint8Array(8_000_000);
    for (let index = 0; index < bytes.length; index += 2) bytes[index] = 0x1a;
    expect(refusal(bytes)).toEqual(["BMN0201"]);
  });

  test("deep nesting, of groups and of arrays", () => {
    expect(refusal(new Uint8Array(1_000_000).fill(0x7b))).toEqual(["BMN0209"]);
    expect(refusal(new Uint8Array(1_000_000).fill(0x73))).toEqual(["BMN0201"]);
    expect(refusal(utf8(`{"x": ${"[".repeat(1_000_000)}`))).toEqual(["BMN0209"]);
    expect(refusal(utf8(`{"x": ${'{"x":'.repeat(1_000_000)}`))).toEqual(["BMN0209"]);
  });

  test("a million unknown fields", () => {
    const codes = refusal(utf8(`{${'\n"unknown": 1,'.repeat(1_000_000)}\n"x": 1}`));
    expect(codes).toHaveLength(20);
  });

  test("sizes without the values to fill them", () => {
    const bisel = { inChannels: 4096, outChannels: 4096, kernelHeight: 255, kernelWidth: 255 };
    const input = { channels: 4096, binary: {} };
    const text = JSON.stringify({ formatVersion: 1, name: "large", input, layers: [{ bisel }] });
    expect(refusal(utf8(text))).toContain("BMN0205");
  });
});
