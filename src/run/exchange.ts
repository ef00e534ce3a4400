/** Pictures to raw memory and raw results to outcomes, in the layout that every artifact has at its boundary. */
import { fail, InternalError, unreachable } from "../diagnostics.js";
import { type BitImage, wordsFor } from "../morph/bit-image.js";
import type { Outcome, Picture } from "../morph/picture.js";
import { type ImageInterface, MAXIMUM_SIDE, type SampleInterface, type ScoresOutput } from "../word/node.js";

export type ProgramInterface = ImageInterface | SampleInterface;

/** Arguments of one call: the size of its pictures, and how many there are (1 for images). */
export interface Extent {
  readonly height: number;
  readonly width: number;
  readonly count: number;
}

/** Elements of each result buffer; null where the program has none. */
export interface ResultLengths {
  readonly output: number | null;
  readonly classes: number | null;
  readonly scores: number | null;
}

/** What a call left in the caller's buffers. */
export interface RawResults {
  readonly output: Uint32Array | null;
  readonly classes: Uint32Array | null;
  readonly scores: Int32Array | null;
}

/** Pictures that one call takes together, with their memory. */
export interface Call {
  readonly extent: Extent;
  /** `input` (u32 words) or `bytes`, as `interface.samples` says. */
  readonly input: Uint32Array | Uint8Array;
}

/** Samples that a runner hands to one call: enough to fill every word, little enough for small buffers. */
const SAMPLES_PER_CALL = 4096;

/** Elements of `input` or `bytes` that one picture takes. */
export function pictureLength(contract: ProgramInterface, height: number, width: number): number {
  return contract.inputChannels * height * (contract.samples === "bits" ? wordsFor(width) : width);
}

/** Height and width of the output images of a picture. */
export function outputSize(contract: ImageInterface, extent: Extent): { height: number; width: number } {
  const divisor = 2 ** contract.outputHalvings;
  return { height: Math.floor(extent.height / divisor), width: Math.floor(extent.width / divisor) };
}

export function resultLengths(contract: ProgramInterface, extent: Extent): ResultLengths {
  if (contract.kind === "images") {
    const { height, width } = outputSize(contract, extent);
    return { output: contract.outputChannels * height * wordsFor(width), classes: null, scores: null };
  }
  const { output } = contract;
  switch (output.kind) {
    case "bits":
      return { output: extent.count * wordsFor(output.length), classes: null, scores: null };
    case "scores":
      return { output: null, classes: extent.count, scores: extent.count * output.classes * output.limbs };
    default:
      return unreachable(output);
  }
}

/**
 * Refuses sizes as generated code does: a side of 0 or beyond MAXIMUM_SIDE, and pictures whose halved output is empty.
 * @throws DiagnosticError BMN0603
 */
export function checkExtent(contract: ProgramInterface, extent: Extent): void {
  const least = contract.kind === "images" ? 2 ** contract.outputHalvings : 1;
  const isAccepted = (side: number): boolean => side >= least && side <= MAXIMUM_SIDE;
  if (!isAccepted(extent.height) || !isAccepted(extent.width)) {
    refuseExtent(contract, extent);
  }
}

/** @throws DiagnosticError BMN0603 always */
export function refuseExtent(contract: ProgramInterface, { height, width }: Extent): never {
  const least = contract.kind === "images" ? 2 ** contract.outputHalvings : 1;
  fail("BMN0603", `the network refuses a picture of ${height}×${width}`, {
    hint: `each side must have ${least} to ${MAXIMUM_SIDE} pixels`,
  });
}

/** Result buffers of the right lengths, all zeros. */
export function createResults(contract: ProgramInterface, extent: Extent): RawResults {
  const { output, classes, scores } = resultLengths(contract, extent);
  return {
    output: output === null ? null : new Uint32Array(output),
    classes: classes === null ? null : new Uint32Array(classes),
    scores: scores === null ? null : new Int32Array(scores),
  };
}

/**
 * Memory of one picture: its channels one after the other, each row-major. Tail bits are handed on as they are.
 * @throws DiagnosticError BMN0603 on a wrong size, BMN0604 on a wrong kind or number of channels
 */
export function packPicture(contract: ProgramInterface, picture: Picture): Uint32Array | Uint8Array {
  checkPicture(contract, picture);
  const length = pictureLength(contract, picture.height, picture.width);
  if (picture.kind === "bits") {
    const words = new Uint32Array(length);
    for (const [channel, image] of picture.channels.entries()) {
      words.set(image.words, (channel * length) / picture.channels.length);
    }
    return words;
  }
  const bytes = new Uint8Array(length);
  for (const [channel, plane] of picture.channels.entries()) {
    bytes.set(plane, (channel * length) / picture.channels.length);
  }
  return bytes;
}

function checkPicture(contract: ProgramInterface, picture: Picture): void {
  const size = `${picture.height}×${picture.width}`;
  if (picture.kind !== contract.samples) {
    fail("BMN0604", `the network reads ${contract.samples}, the picture holds ${picture.kind}`);
  }
  if (picture.channels.length !== contract.inputChannels) {
    fail("BMN0604", `the network reads ${contract.inputChannels} channels, the picture has ${picture.channels.length}`);
  }
  const wrongHeight = contract.height !== null && contract.height !== picture.height;
  const wrongWidth = contract.width !== null && contract.width !== picture.width;
  if (wrongHeight || wrongWidth) {
    fail(
      "BMN0603",
      `the network reads pictures of ${contract.height ?? "any"}×${contract.width ?? "any"}, got ${size}`,
      { hint: "scale, crop or pad the picture to that size" },
    );
  }
  const planeLength = picture.height * (picture.kind === "bits" ? wordsFor(picture.width) : picture.width);
  for (const channel of picture.channels) {
    const length = channel instanceof Uint8Array ? channel.length : channel.words.length;
    if (length !== planeLength) throw new InternalError(`a channel of a ${size} picture has ${length} elements`);
  }
}

/** Calls that answer the pictures in order: one a picture for images, thousands a call for samples. */
export function packCalls(contract: ProgramInterface, pictures: readonly Picture[]): Call[] {
  if (contract.kind === "images") {
    return pictures.map((picture) => ({
      extent: { height: picture.height, width: picture.width, count: 1 },
      input: packPicture(contract, picture),
    }));
  }
  const calls: Call[] = [];
  for (let first = 0; first < pictures.length; first += SAMPLES_PER_CALL) {
    calls.push(packSamples(contract, pictures.slice(first, first + SAMPLES_PER_CALL)));
  }
  return calls;
}

function packSamples(contract: SampleInterface, pictures: readonly Picture[]): Call {
  const { height, width } = contract;
  const length = pictureLength(contract, height, width);
  const total = length * pictures.length;
  const input = contract.samples === "bits" ? new Uint32Array(total) : new Uint8Array(total);
  for (const [index, picture] of pictures.entries()) input.set(packPicture(contract, picture), index * length);
  return { extent: { height, width, count: pictures.length }, input };
}

/**
 * What the buffers of one call say: one outcome for images, `extent.count` outcomes for samples. The work is bounded by
 * the buffers, whatever a manifest says of the contract.
 * @throws DiagnosticError BMN0703 if the buffers are not of the lengths that the contract promises
 */
export function decodeOutcomes(contract: ProgramInterface, extent: Extent, results: RawResults): Outcome[] {
  checkLengths(resultLengths(contract, extent), results);
  if (contract.kind === "images") {
    return [{ kind: "images", images: decodeImages(contract, extent, present(results.output)) }];
  }
  const { output } = contract;
  switch (output.kind) {
    case "bits":
      return decodeBits(output.length, extent.count, present(results.output));
    case "scores":
      return decodeScores(output, extent.count, present(results.classes), present(results.scores));
    default:
      return unreachable(output);
  }
}

function checkLengths(expected: ResultLengths, results: RawResults): void {
  for (const name of ["output", "classes", "scores"] as const) {
    const found = results[name]?.length ?? null;
    if (found === expected[name]) continue;
    fail("BMN0703", `the artifact answers ${found ?? "no"} elements of ${name}, not ${expected[name] ?? "none"}`);
  }
}

function present<T>(buffer: T | null): T {
  if (buffer === null) throw new InternalError("a result buffer is missing");
  return buffer;
}

function decodeImages(contract: ImageInterface, extent: Extent, output: Uint32Array): BitImage[] {
  const { height, width } = outputSize(contract, extent);
  const strideWords = wordsFor(width);
  return Array.from({ length: contract.outputChannels }, (_, channel) => {
    const words = output.slice(channel * height * strideWords, (channel + 1) * height * strideWords);
    return { height, width, strideWords, words };
  });
}

function decodeBits(length: number, count: number, output: Uint32Array): Outcome[] {
  const stride = wordsFor(length);
  return Array.from({ length: count }, (_, sample) => {
    const bits = Uint8Array.from({ length }, (__, bit) => {
      const word = output[sample * stride + (bit >>> 5)] ?? 0;
      return (word >>> (bit & 31)) & 1;
    });
    return { kind: "bits", bits };
  });
}

function decodeScores(format: ScoresOutput, count: number, classes: Uint32Array, scores: Int32Array): Outcome[] {
  const scoreOf = (sample: number, label: number): bigint => {
    const first = (sample * format.classes + label) * format.limbs;
    let sum = 0n;
    for (let limb = format.limbs - 1; limb >= 0; limb--) {
      sum = (sum << BigInt(format.limbBits)) + BigInt(scores[first + limb] ?? 0);
    }
    return sum;
  };
  return Array.from({ length: count }, (_, sample) => ({
    kind: "scores",
    class: classes[sample] ?? 0,
    scores: Array.from({ length: format.classes }, (__, label) => scoreOf(sample, label)),
  }));
}
