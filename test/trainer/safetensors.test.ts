import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import { decodeTensors, encodeTensors } from "../../src/trainer/safetensors.js";

/** A file as the specification says: u64 little-endian length of the header, the header, the numbers. */
function file(header: unknown, numbers: Uint8Array | readonly number[] = [], length?: bigint): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = Buffer.from(text, "utf8");
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(bytes.length));
  return new Uint8Array(Buffer.concat([size, bytes, Buffer.from(numbers)]));
}

function codesOf(bytes: Uint8Array): string[] {
  try {
    decodeTensors(bytes);
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}

describe("a safetensors file", () => {
  test("that was written by hand decodes", () => {
    // 1 = 0x3f800000, −2 = 0xc0000000, 0.5 = 0x3f000000, the smallest subnormal number.
    const numbers = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f, 1, 0, 0, 0];
    const { metadata, arrays } = decodeTensors(
      file(
        {
          // In another order than the numbers, as JSON objects have none.
          second: { dtype: "F32", shape: [3], data_offsets: [4, 16] },
          __metadata__: { format: "pt" },
          first: { data_offsets: [0, 4], shape: [], dtype: "F32" },
          none: { dtype: "F32", shape: [2, 0], data_offsets: [16, 16] },
        },
        numbers,
      ),
    );
    expect(metadata).toEqual({ format: "pt" });
    expect(arrays["first"]).toEqual({ shape: [], values: Float32Array.of(1) });
    expect(arrays["second"]).toEqual({ shape: [3], values: Float32Array.of(-2, 0.5, 2 ** -149) });
    expect(arrays["none"]).toEqual({ shape: [2, 0], values: new Float32Array(0) });
  });

  test("that is written has the layout of the specification", () => {
    const bytes = encodeTensors({
      metadata: { a: "ä" },
      arrays: { x: { shape: [2], values: Float32Array.of(1, -2) } },
    });
    const view = Buffer.from(bytes);
    const length = Number(view.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(JSON.parse(view.toString("utf8", 8, 8 + length))).toEqual({
      __metadata__: { a: "ä" },
      x: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    });
    expect(view.subarray(8 + length).toString("hex")).toBe("0000803f000000c0");
  });

  test("comes back as it was, at any place in memory", () => {
    const name = fc
      .oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "0", "toString"))
      .filter((each) => each !== "__metadata__");
    const array = fc
      .tuple(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), fc.integer())
      .map(([shape, seed]) => {
        const count = shape.reduce((product, size) => product * size, 1);
        return { shape, values: Float32Array.from({ length: count }, (_, index) => Math.fround(seed / (index + 1))) };
      });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.string()), { maxLength: 4 }),
        fc.array(fc.tuple(name, array), { maxLength: 5 }),
        fc.integer({ min: 0, max: 7 }),
        (texts, named, offset) => {
          const content = { metadata: Object.fromEntries(texts), arrays: Object.fromEntries(named) };
          const bytes = encodeTensors(content);
          const moved = new Uint8Array(bytes.length + offset);
          moved.set(bytes, offset);
          const decoded = decodeTensors(moved.subarray(offset));
          expect(new Map(Object.entries(decoded.metadata))).toEqual(new Map(Object.entries(content.metadata)));
          expect(new Map(Object.entries(decoded.arrays))).toEqual(new Map(Object.entries(content.arrays)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("keeps every float32, NaN with the sign of zero", () => {
    const values = Float32Array.of(0, -0, NaN, Infinity, -Infinity, 2 ** -149, 3.4028234663852886e38, 1 / 3);
    const { arrays } = decodeTensors(encodeTensors({ metadata: {}, arrays: { a: { shape: [8], values } } }));
    expect(arrays["a"]?.values).toEqual(values);
    expect(Object.is(arrays["a"]?.values[1], -0)).toBe(true);
  });
});

const four = [0, 0, 0, 0];
const entry = (over: object) => file({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4], ...over } }, four);

describe("a file that is none is refused:", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["seven bytes", new Uint8Array(7)],
    ["an empty header", file("")],
    ["a header longer than the file", file({}, [], 3n)],
    ["a header of 2⁶⁴ − 1 bytes", file({}, [], 2n ** 64n - 1n)],
    ["a header of 2⁵³ + 1 bytes", file({}, [], 2n ** 53n + 1n)],
    ["a header that is a list", file([])],
    ["a header that is null", file("null")],
    ["a header with NaN", file('{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}', four)],
    ["a header that is not UTF-8", new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28])],
    ["a header nested a hundred thousand times", file("[".repeat(100_000))],
    ["an array that is a number", file({ a: 1 })],
    ["an array that is null", file({ a: null })],
    ["metadata that are no texts", file({ __metadata__: { a: 1 } })],
    ["metadata that are a list", file({ __metadata__: [] })],
    ["another type", entry({ dtype: "F64" })],
    ["no shape", entry({ shape: undefined })],
    ["a negative size", entry({ shape: [-1] })],
    ["two negative sizes", entry({ shape: [-1, -1] })],
    ["a size and a half", entry({ shape: [1.5] })],
    ["sizes whose product overflows", entry({ shape: [2 ** 52, 2 ** 52, 2 ** 52] })],
    [
      "sizes whose product is not a number",
      entry({ shape: [0, ...Array<number>(40).fill(2 ** 52)], data_offsets: [0, 0] }),
    ],
    ["a size too large for a double", file('{"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}}', four)],
    ["one offset", entry({ data_offsets: [0] })],
    ["a negative offset", entry({ data_offsets: [-4, 0] })],
    ["offsets that go backwards", entry({ data_offsets: [4, 0] })],
    ["offsets beyond the file", entry({ data_offsets: [0, 8], shape: [2] })],
    ["offsets that do not match the shape", entry({ shape: [2] })],
    ["a hole before the numbers", entry({ data_offsets: [4, 4], shape: [0] })],
    ["numbers that nobody names", file({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, [...four, 1])],
  ])("%s", (_, bytes) => {
    expect(codesOf(bytes)).toEqual(["BMN0901"]);
  });

  test("arrays that share their numbers, which would take more memory than the file", () => {
    const length = 2 ** 16;
    const shared = { dtype: "F32", shape: [length / 4], data_offsets: [0, length] };
    const header = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`a${index}`, shared]));
    expect(codesOf(file(header, new Uint8Array(length)))).toEqual(["BMN0901"]);
    const halves = {
      a: { ...shared, shape: [3], data_offsets: [0, 12] },
      b: { ...shared, shape: [3], data_offsets: [4, 16] },
    };
    expect(codesOf(file(halves, new Uint8Array(16)))).toEqual(["BMN0901"]);
  });

  test("whatever is cut off", () => {
    const bytes = encodeTensors({ metadata: { k: "v" }, arrays: { a: { shape: [3], values: new Float32Array(3) } } });
    for (let length = 0; length < bytes.length; length++)
      expect(codesOf(bytes.subarray(0, length))).toEqual(["BMN0901"]);
  });

  test("whatever else is in it, without another kind of error", () => {
    const bytes = encodeTensors({ metadata: { k: "v" }, arrays: { a: { shape: [3], values: new Float32Array(3) } } });
    const mutation = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const changed = mutation.map((changes) => {
      const copy = bytes.slice();
      for (const [index, value] of changes) copy[index] = value;
      return copy;
    });
    const header = fc.json({ maxDepth: 4 }).map((text) => file(text, four));
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 64 }), header), (each) => {
        for (const code of codesOf(each)) expect(code).toBe("BMN0901");
      }),
      { numRuns: 2000 },
    );
  });

  test("an array called __proto__ is an array and nothing else", () => {
    const text = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"__metadata__":{"__proto__":"text"}}';
    const { arrays, metadata } = decodeTensors(file(text, four));
    expect(Object.keys(arrays)).toEqual(["__proto__"]);
    expect(Object.keys(metadata)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(arrays)).toBe(Object.prototype);
    expect("shape" in arrays).toBe(false);
  });
});
