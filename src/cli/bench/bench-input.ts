/** What every contender is called with: a size, and pictures from a seed that all operators have something to do on. */
import { fail } from "../../diagnostics.js";
import type { MorphModule } from "../../ir/node.js";
import type { BitImage } from "../../morph/bit-image.js";
import { wordsFor } from "../../morph/bit-image.js";
import type { Picture } from "../../morph/picture.js";
import { createRandom, type Random } from "../../morph/random.js";
import { checkExtent, type Extent, type ProgramInterface, pictureLength, resultLengths } from "../../run/exchange.js";
import { MAXIMUM_SIDE } from "../../word/node.js";
import type { BenchArguments } from "../arguments.js";
import { UsageError } from "../context.js";
import { checkRasterSize } from "../pictures/raster.js";
import { interpretationSteps } from "../test-pictures.js";
import { checkInteger, parseShape } from "../values.js";

const DEFAULT_SIDE = 1024;
const DEFAULT_COUNT = 4096;
const SEED = 1;

/** Most that one contender may hold of input, answer and working memory. */
const MOST_BYTES = 2 ** 28;

/**
 * The size that is asked for, as far as the network leaves it free.
 * @throws UsageError, DiagnosticError BMN0603, BMN0605
 */
export function chooseExtent(contract: ProgramInterface, parsed: Pick<BenchArguments, "size" | "count">): Extent {
  const size = parseShape(parsed.size, "size");
  for (const side of ["height", "width"] as const) {
    const fixed = contract[side];
    if (fixed !== null && size !== undefined && size[side] !== fixed) {
      throw new UsageError(`--size ${parsed.size}: the network's own size is ${describeSize(contract)}`);
    }
  }
  const height = contract.height ?? size?.height ?? DEFAULT_SIDE;
  const width = contract.width ?? size?.width ?? DEFAULT_SIDE;
  if (contract.kind === "images" && parsed.count !== undefined) {
    throw new UsageError(
      "--count is for networks that answer a vector or a class; this one answers one picture a call",
    );
  }
  const count = contract.kind === "images" ? 1 : checkInteger("count", parsed.count ?? DEFAULT_COUNT, 1, MAXIMUM_SIDE);
  const extent = { height, width, count };
  checkExtent(contract, extent);
  checkRasterSize(height, width);
  return extent;
}

function describeSize({ height, width }: ProgramInterface): string {
  return `${height ?? "any"}x${width ?? "any"}`;
}

/** @throws DiagnosticError BMN0605 */
export function checkMemory(contract: ProgramInterface, extent: Extent, scratchWords: number): void {
  const results = Object.values(resultLengths(contract, extent)) as readonly (number | null)[];
  const words = results.reduce<number>((sum, length) => sum + (length ?? 0), scratchWords);
  const bytes = inputLength(contract, extent) * (contract.samples === "bits" ? 4 : 1) + 4 * words;
  if (bytes <= MOST_BYTES) return;
  const what = contract.kind === "images" ? "a picture of this size takes" : "so many pictures take";
  fail("BMN0605", `${what} ${Math.ceil(bytes / 2 ** 20)} MiB with answer and working memory`, {
    hint: `at most ${MOST_BYTES / 2 ** 20} MiB: give a smaller ${contract.kind === "images" ? "--size" : "--count"}`,
  });
}

function inputLength(contract: ProgramInterface, { height, width, count }: Extent): number {
  return pictureLength(contract, height, width) * count;
}

/**
 * Memory of the pictures: noise, in bands that are denser and sparser, so that erosions and dilations by small
 * and by large elements leave something of it; bytes are darker and lighter. Tail bits are noise too, as they mean nothing.
 */
export function benchInput(contract: ProgramInterface, extent: Extent): Uint32Array | Uint8Array {
  const random = createRandom(SEED);
  const length = inputLength(contract, extent);
  const isBytes = contract.samples === "bytes";
  const words = new Uint32Array(isBytes ? Math.ceil(length / 4) : length);
  for (let first = 0, band = 0; first < words.length; first += BAND_WORDS, band++) {
    const halvings = band % BAND_CYCLE;
    const sparse = Math.floor(band / BAND_CYCLE) % 2 === 0;
    const end = Math.min(first + BAND_WORDS, words.length);
    for (let index = first; index < end; index++) {
      const ones = rareBits(random, halvings);
      words[index] = sparse ? ones : ~ones;
    }
  }
  return isBytes ? new Uint8Array(words.buffer, 0, length) : words;
}

/** Prime to the words of a row of most pictures, so that bands do not become columns. */
const BAND_WORDS = 61;
/** Densities 1/2, 1/4 … 1/256, then 1/2, 3/4 … 255/256. */
const BAND_CYCLE = 8;

/** Each bit is set with probability 2^−(halvings + 1). */
function rareBits(random: Random, halvings: number): number {
  let word = random.below(2 ** 32);
  for (let halving = 0; halving < halvings; halving++) word &= random.below(2 ** 32);
  return word;
}

/** The pictures in memory that {@link benchInput} made. */
export function picturesIn(
  contract: ProgramInterface,
  { height, width, count }: Extent,
  input: Uint32Array | Uint8Array,
): Picture[] {
  const length = pictureLength(contract, height, width);
  const plane = length / contract.inputChannels;
  return Array.from({ length: count }, (_, index): Picture => {
    const starts = Array.from({ length: contract.inputChannels }, (__, channel) => index * length + channel * plane);
    if (input instanceof Uint8Array) {
      return { kind: "bytes", height, width, channels: starts.map((start) => input.slice(start, start + plane)) };
    }
    const channels = starts.map(
      (start): BitImage => ({
        height,
        width,
        strideWords: wordsFor(width),
        words: input.slice(start, start + plane),
      }),
    );
    return { kind: "bits", height, width, channels };
  });
}

/** A size at which the interpreter is quick and words are straddled. */
const SMALL = { height: 45, width: 131, count: 67 } as const;

/**
 * A size that the interpreter answers in about that many steps, no larger than `extent`; null if there is none.
 */
export function smallExtent(
  module: MorphModule,
  contract: ProgramInterface,
  extent: Extent,
  mostSteps: number,
): Extent | null {
  if (contract.kind === "samples") {
    const each = interpretationSteps(module, extent.height * extent.width);
    const count = Math.min(SMALL.count, extent.count, Math.floor(mostSteps / each));
    return count < 1 ? null : { ...extent, count };
  }
  const least = 2 ** contract.outputHalvings;
  const small = (side: "height" | "width"): number =>
    contract[side] ?? Math.min(Math.max(SMALL[side], least), extent[side]);
  const width = small("width");
  // What does not grow with the pixels counts little.
  const rows = Math.floor(mostSteps / interpretationSteps(module, width));
  const height = contract.height ?? Math.min(small("height"), Math.max(rows, least));
  return interpretationSteps(module, height * width) > mostSteps ? null : { height, width, count: 1 };
}
