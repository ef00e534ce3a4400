/**
 * Random disks and rotated rectangles with holes: the pictures on which the papers learn operators ("diskorect" in
 * "Binary morphological neural network", Aouad and Talbot, 2022).
 *
 * The papers give the numbers of shapes and their largest sizes. The distributions were fitted to 120 recorded
 * pictures: their density and where it lies, transitions between neighbours, components, and openings and closings of
 * four sizes agree within the error of those means.
 */
import type { Random } from "../morph/random.js";
import { checkCount, checkProbability, LARGEST_PICTURE_SIDE } from "./check-option.js";
import { checkDrawnFrom, type DrawnFrom, streamOf } from "./drawn.js";
import type { PictureSource } from "./picture-source.js";

/** Lengths in pixels. */
export interface DiskorectOptions {
  readonly height: number;
  readonly width: number;
  /** Number of shapes that are set, then of shapes that are cleared. */
  readonly shapes: number;
  readonly holes: number;
  /** Longest side of a rectangle among the shapes, and among the holes; disks have at most 0.8 of it as diameter. */
  readonly largestShape: number;
  readonly largestHole: number;
  /** Probability with which a pixel is set in addition, before the picture is inverted. */
  readonly noise: number;
  /** Probability with which a picture is replaced by its complement. */
  readonly inversion: number;
}

/** As in the papers. */
export const DISKORECT_DEFAULTS: DiskorectOptions = {
  height: 50,
  width: 50,
  shapes: 20,
  holes: 10,
  largestShape: 20,
  largestHole: 10,
  noise: 0.02,
  inversion: 0.5,
};

/** @throws DiagnosticError BMN0801 */
export function createDiskorect(options: DiskorectOptions, from: DrawnFrom): PictureSource {
  checkCount("generator.height", options.height, 1, LARGEST_PICTURE_SIDE);
  checkCount("generator.width", options.width, 1, LARGEST_PICTURE_SIDE);
  checkCount("generator.shapes", options.shapes, 0, 100000);
  checkCount("generator.holes", options.holes, 0, 100000);
  checkCount("generator.largestShape", options.largestShape, 1, LARGEST_PICTURE_SIDE);
  checkCount("generator.largestHole", options.largestHole, 1, LARGEST_PICTURE_SIDE);
  checkProbability("generator.noise", options.noise);
  checkProbability("generator.inversion", options.inversion);
  checkDrawnFrom(from);
  const { height, width } = options;
  return {
    name: `random disks and rectangles of ${height}×${width} pixels`,
    height,
    width,
    count: from.count,
    read: (index, pixels) => drawDiskorect(options, streamOf(from, index), pixels),
  };
}

/** Draws one picture of 0 and 1 into `pixels`, `[height][width]`. */
function drawDiskorect(options: DiskorectOptions, random: Random, pixels: Uint8Array): void {
  pixels.fill(0);
  for (let shape = 0; shape < options.shapes; shape++) drawShape(options, options.largestShape, 1, random, pixels);
  for (let hole = 0; hole < options.holes; hole++) drawShape(options, options.largestHole, 0, random, pixels);
  if (options.noise > 0) {
    for (let index = 0; index < pixels.length; index++) if (random.uniform() < options.noise) pixels[index] = 1;
  }
  if (random.uniform() < options.inversion) {
    for (let index = 0; index < pixels.length; index++) pixels[index] = 1 - (pixels[index] ?? 0);
  }
}

const SMALLEST_RADIUS = 2;
/** Largest radius, and longest shorter side, as shares of a shape's longest side. */
const RADIUS_SHARE = 0.4;
const SIDE_SHARE = 0.8;

/** A disk around a random pixel, or a rectangle with its leftmost corner there. */
function drawShape(
  { height, width }: DiskorectOptions,
  largest: number,
  bit: number,
  random: Random,
  pixels: Uint8Array,
): void {
  const row = random.below(height);
  const column = random.below(width);
  if (random.uniform() < 0.5) {
    const greatest = Math.max(Math.floor(RADIUS_SHARE * largest), SMALLEST_RADIUS);
    const radius = SMALLEST_RADIUS + random.below(greatest - SMALLEST_RADIUS + 1);
    fill(height, width, [row - radius, row + radius], [column - radius, column + radius], bit, pixels, (y, x) => {
      return (y - row) ** 2 + (x - column) ** 2 <= radius * radius;
    });
    return;
  }
  const length = 1 + random.below(largest);
  const side = 1 + random.below(Math.max(Math.floor(SIDE_SHARE * largest), 1));
  const angle = (random.uniform() * Math.PI) / 2;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  // Half a pixel more on each side, as whole pixels are in or out.
  const reach = Math.ceil(length + side + 1);
  fill(height, width, [row - reach, row + reach], [column - 1, column + reach], bit, pixels, (y, x) => {
    const along = (y - row) * cosine + (x - column) * sine;
    const across = (x - column) * cosine - (y - row) * sine;
    return along >= -0.5 && along <= length + 0.5 && across >= -0.5 && across <= side + 0.5;
  });
}

/** Writes `bit` to the pixels of the frame, between two rows and two columns inclusive, where `contains` holds. */
function fill(
  height: number,
  width: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
  bit: number,
  pixels: Uint8Array,
  contains: (row: number, column: number) => boolean,
): void {
  for (let row = Math.max(top, 0); row <= Math.min(bottom, height - 1); row++) {
    for (let column = Math.max(left, 0); column <= Math.min(right, width - 1); column++) {
      if (contains(row, column)) pixels[row * width + column] = bit;
    }
  }
}
