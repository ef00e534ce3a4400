/** Pictures that show a network of bits every pattern that can change an output, where these are few. */
import { InternalError, unreachable } from "../../diagnostics.js";
import type { ModuleInput, MorphModule, MorphNode, ValueId } from "../../ir/node.js";
import { typesOf } from "../../ir/type.js";
import { buildBitImage } from "../../morph/bit-image.js";
import type { Picture } from "../../morph/picture.js";
import { elementOffsets } from "../../morph/structuring-element.js";
import { interpretationSteps, seriesFor } from "../test-pictures.js";

export interface PatternPictures {
  readonly pictures: readonly { readonly name: string; readonly picture: Picture }[];
  /** How many patterns of a window, and of whole pictures, they show. */
  readonly patterns: number;
}

/** Bits of a window, or of a picture of fixed size, of which all patterns are tried. */
const MOST_BITS = 16;
/** Bits of the small pictures that show the edges. */
const MOST_SMALL_BITS = 10;
/** Some seconds of interpreting: operands of all pixels, and values of all pictures. */
const MOST_STEPS = 2 ** 29;
const MOST_VALUES = 2 ** 22;

/**
 * Where an output pixel depends on few bits, one picture (several, of a fixed size) with all patterns of its window side by side,
 * and all small pictures; where the whole picture has few bits, all pictures. None where they would take long.
 */
export function everyPattern(module: MorphModule): PatternPictures {
  const nothing: PatternPictures = { pictures: [], patterns: 0 };
  if (module.input.samples !== "bits") return nothing;
  const windows = windowPictures(module);
  const whole = sidesToTry(module).flatMap(([height, width]) => wholePictures(module.input, height, width));
  const pictures = [...windows.pictures, ...whole];
  const pixels = pictures.reduce((sum, { picture }) => sum + picture.height * picture.width, 0);
  const tooMany = pictures.length * module.values.length > MOST_VALUES;
  if (tooMany || interpretationSteps(module, pixels) > MOST_STEPS) return nothing;
  return { pictures, patterns: windows.patterns + whole.length };
}

/** Sizes of the pictures that are all tried. */
function sidesToTry(module: MorphModule): readonly (readonly [number, number])[] {
  const { height, width, channels } = module.input;
  const isFixed = height !== null && width !== null;
  const most = Math.floor((isFixed ? MOST_BITS : MOST_SMALL_BITS) / channels);
  const least = seriesFor(module).leastSide;
  const sides = (fixed: number | null): readonly number[] =>
    fixed === null ? Array.from({ length: Math.max(0, most - least + 1) }, (_, index) => least + index) : [fixed];
  return sides(height).flatMap((h) =>
    sides(width)
      .filter((w) => h * w <= most)
      .map((w) => [h, w] as const),
  );
}

function wholePictures(input: ModuleInput, height: number, width: number): PatternPictures["pictures"] {
  const pixels = height * width;
  return Array.from({ length: 2 ** (input.channels * pixels) }, (_, pattern) => ({
    name: `picture ${pattern} of all of ${height}×${width}`,
    picture: pictureOf(input, height, width, (channel, row, column) => {
      return (pattern >>> (channel * pixels + row * width + column)) & 1;
    }),
  }));
}

function pictureOf(
  { channels }: ModuleInput,
  height: number,
  width: number,
  bit: (channel: number, row: number, column: number) => number,
): Picture {
  const images = Array.from({ length: channels }, (_, channel) =>
    buildBitImage(height, width, (row, column) => bit(channel, row, column)),
  );
  return { kind: "bits", height, width, channels: images };
}

/** Input pixels that an output pixel depends on, before and after its own, far from the edges. */
interface Window {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Most pixels of one picture of free size, and of all pictures of a fixed one. */
const MOST_PIXELS = 2 ** 24;

function windowPictures(module: MorphModule): PatternPictures {
  const nothing: PatternPictures = { pictures: [], patterns: 0 };
  const { input, outputs } = module;
  const types = outputs.map((id) => typesOf(module)[id]);
  if (types.some((type) => type?.kind !== "image")) return nothing;
  const step = 2 ** types.reduce((most, type) => Math.max(most, type?.kind === "image" ? type.halvings : 0), 0);
  const { top, bottom, left, right } = windowOf(module);
  const [rows, columns] = [top + bottom + 1, left + right + 1];
  const bits = input.channels * rows * columns;
  if (bits > MOST_BITS) return nothing;

  // Of each block, the output pixel that begins `before` after its first row reads the window that ends there.
  const block = (before: number, after: number): { readonly before: number; readonly side: number } => {
    const start = Math.ceil(before / step) * step;
    return { before: start - before, side: Math.ceil((start + after + 1) / step) * step };
  };
  const [vertical, horizontal] = [block(top, bottom), block(left, right)];
  const patterns = 2 ** bits;
  const across = input.width === null ? Math.ceil(Math.sqrt(patterns)) : Math.floor(input.width / horizontal.side);
  const down = input.height === null ? Math.ceil(patterns / across) : Math.floor(input.height / vertical.side);
  if (across * down === 0) return nothing;
  const [height, width] = [input.height ?? down * vertical.side, input.width ?? across * horizontal.side];
  const count = Math.ceil(patterns / (across * down));
  if (count * height * width > MOST_PIXELS) return nothing;
  const pictures = Array.from({ length: count }, (_, index) => ({
    name: `all patterns of ${rows}×${columns}, part ${index + 1} of ${count}`,
    picture: pictureOf(input, height, width, (channel, row, column) => {
      const [blockRow, blockColumn] = [Math.floor(row / vertical.side), Math.floor(column / horizontal.side)];
      const r = (row % vertical.side) - vertical.before;
      const c = (column % horizontal.side) - horizontal.before;
      if (blockRow >= down || blockColumn >= across || r < 0 || c < 0 || r >= rows || c >= columns) return 0;
      const pattern = (index * down + blockRow) * across + blockColumn;
      return Math.floor(pattern / 2 ** ((channel * rows + r) * columns + c)) % 2;
    }),
  }));
  return { pictures, patterns };
}

/** Of all outputs together. */
function windowOf(module: MorphModule): Window {
  const windows: Window[] = [];
  const types = typesOf(module);
  for (const [id, { node }] of module.values.entries()) {
    const type = types[id];
    const step = type?.kind === "image" ? 2 ** type.halvings : 1;
    const reads = readsOf(node).map(({ input, row, column }): Window => {
      const inner = windows[input];
      if (inner === undefined) throw new InternalError(`operand ${input} comes later`);
      const { top, bottom, left, right } = inner;
      return {
        top: top - row * step,
        bottom: bottom + row * step,
        left: left - column * step,
        right: right + column * step,
      };
    });
    windows.push(unite(reads));
  }
  return unite(module.outputs.flatMap((id) => windows[id] ?? []));
}

function unite(windows: readonly Window[]): Window {
  const most = (side: keyof Window): number => windows.reduce((far, window) => Math.max(far, window[side]), 0);
  return { top: most("top"), bottom: most("bottom"), left: most("left"), right: most("right") };
}

interface Reading {
  readonly input: ValueId;
  readonly row: number;
  readonly column: number;
}

/** Operands of images, where they are read. A sub-sampled image is read at twice the row: at the same input pixel. */
function readsOf(node: MorphNode): readonly Reading[] {
  const here = (input: ValueId): Reading => ({ input, row: 0, column: 0 });
  switch (node.kind) {
    case "input":
    case "level-set":
    case "constant":
      return [];
    case "erosion":
      return elementOffsets(node.element).map((offset) => ({ input: node.input, ...offset }));
    case "dilation":
      return elementOffsets(node.element).map(({ row, column }) => ({ input: node.input, row: -row, column: -column }));
    case "threshold":
      return node.terms.map(({ input, offset }) => ({ input, ...offset }));
    case "union":
    case "intersection":
    case "flatten":
      return node.inputs.map(here);
    case "complement":
    case "subsample":
    case "element":
    case "readout":
      return [here(node.input)];
    default:
      return unreachable(node);
  }
}
