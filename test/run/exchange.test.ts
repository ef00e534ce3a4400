import { describe, expect, it } from "vitest";
import { bitImageFromRows } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { checkExtent, decodeOutcomes, packCalls, packPicture } from "../../src/run/exchange.js";
import type { ImageInterface, SampleInterface } from "../../src/word/node.js";
import { noisyBits } from "../support/word-programs.js";

const IMAGES: ImageInterface = {
  kind: "images",
  inputChannels: 2,
  samples: "bits",
  height: null,
  width: 33,
  outputChannels: 1,
  outputHalvings: 2,
};
const SAMPLES: SampleInterface = {
  kind: "samples",
  inputChannels: 1,
  samples: "bytes",
  height: 1,
  width: 2,
  output: { kind: "scores", classes: 2, limbs: 2, limbBits: 20, exponent: -4, activation: ["tanh", "tanh"] },
};
const bytes = (...values: readonly number[]): Picture => ({
  kind: "bytes",
  height: 1,
  width: values.length,
  channels: [Uint8Array.from(values)],
});

describe("packPicture", () => {
  it("puts channels one after the other, in rows of whole words", () => {
    const row = (bits: string): string => bits.padEnd(33, "0");
    const channels = [
      bitImageFromRows([row("11"), row("001")]),
      bitImageFromRows([`${row("1").slice(0, 32)}1`, row("")]),
    ];
    const packed = packPicture(IMAGES, { kind: "bits", height: 2, width: 33, channels });
    expect(packed).toEqual(Uint32Array.of(3, 0, 4, 0, 1, 1, 0, 0));
  });

  it.each([
    ["another width", noisyBits(2, 32, 2, 1), /^BMN0603: the network reads pictures of any×33, got 2×32/],
    ["another number of channels", noisyBits(2, 33, 1, 1), /^BMN0604: the network reads 2 channels/],
    ["bytes for bits", bytes(1, 2), /^BMN0604: the network reads bits, the picture holds bytes/],
  ] as const)("refuses %s", (_, picture, message) => {
    expect(() => packPicture(IMAGES, picture)).toThrow(message);
  });
});

describe("packCalls", () => {
  it("takes samples together and splits what is too much for one call", () => {
    const calls = packCalls(
      SAMPLES,
      Array.from({ length: 4097 }, (_, index) => bytes(index & 255, 7)),
    );
    expect(calls.map((call) => call.extent.count)).toEqual([4096, 1]);
    expect([...(calls[0]?.input.subarray(2, 6) ?? [])]).toEqual([1, 7, 2, 7]);
    expect([...(calls[1]?.input ?? [])]).toEqual([0, 7]);
  });

  it("is empty for no pictures", () => expect(packCalls(SAMPLES, [])).toEqual([]));
});

describe("decodeOutcomes", () => {
  it("joins the limbs of scores, the last of which is signed", () => {
    const results = { output: null, classes: Uint32Array.of(1), scores: Int32Array.of(5, -1, 0xfffff, 2) };
    expect(decodeOutcomes(SAMPLES, { height: 1, width: 2, count: 1 }, results)).toEqual([
      { kind: "scores", class: 1, scores: [5n - 2n ** 20n, 3n * 2n ** 20n - 1n] },
    ]);
  });

  it("reads bits of a vector from words", () => {
    const contract: SampleInterface = { ...SAMPLES, output: { kind: "bits", length: 33 } };
    const output = Uint32Array.of(0x80000001, 1, 2, 0);
    const ones = decodeOutcomes(
      contract,
      { height: 1, width: 2, count: 2 },
      { output, classes: null, scores: null },
    ).map((outcome) => (outcome.kind === "bits" ? [...outcome.bits.entries()].filter(([, bit]) => bit === 1) : null));
    expect(ones.map((entries) => entries?.map(([index]) => index))).toEqual([[0, 31, 32], [1]]);
  });
});

describe("decodeOutcomes refuses buffers that are not as promised", () => {
  const extent = { height: 1, width: 2, count: 1 };
  it.each([
    [
      "too short",
      { output: null, classes: Uint32Array.of(1), scores: Int32Array.of(5) },
      "1 elements of scores, not 4",
    ],
    ["too long", { output: null, classes: Uint32Array.of(1, 1), scores: new Int32Array(4) }, "2 elements of classes"],
    ["missing", { output: null, classes: null, scores: null }, "no elements of classes, not 1"],
    ["of another kind", { output: new Uint32Array(1), classes: null, scores: null }, "1 elements of output, not none"],
  ])("%s", (_, results, message) => {
    expect(() => decodeOutcomes(SAMPLES, extent, results)).toThrow(`BMN0703: the artifact answers ${message}`);
  });

  it("before it does the work that a hostile contract asks for", () => {
    const output = { ...SAMPLES.output, classes: 2 ** 20, limbs: 64 };
    const contract = { ...SAMPLES, output } as SampleInterface;
    const results = { output: null, classes: new Uint32Array(4096), scores: new Int32Array(1) };
    expect(() => decodeOutcomes(contract, { ...extent, count: 4096 }, results)).toThrow("BMN0703");
  });
});

it("checkExtent draws the lines where generated code does", () => {
  const check = (height: number, width: number) => (): void => checkExtent(IMAGES, { height, width, count: 1 });
  expect(check(4, 65535)).not.toThrow();
  expect(check(3, 33)).toThrow("BMN0603: the network refuses a picture of 3×33");
  expect(check(3, 33)).toThrow(
    expect.objectContaining({
      diagnostics: [expect.objectContaining({ hint: "each side must have 4 to 65535 pixels" })],
    }),
  );
  expect(check(4, 65536)).toThrow("BMN0603");
});
