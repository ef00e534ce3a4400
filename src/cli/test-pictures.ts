/** Pictures to try a network on: noise, blocks and plain ones, of sizes that straddle the words. */
import { unreachable } from "../diagnostics.js";
import { type MorphModule, type MorphNode, operandsOf } from "../ir/node.js";
import { typesOf } from "../ir/type.js";
import { buildBitImage } from "../morph/bit-image.js";
import type { Picture } from "../morph/picture.js";
import type { Random } from "../morph/random.js";
import type { PictureNeed } from "./pictures/fit.js";

/** Widths on both sides of the word boundaries. */
export const STRADDLING_WIDTHS = [1, 31, 32, 33, 63, 64, 65, 127] as const;

const TALLEST = 20;

/** What test pictures of a network depend on. */
export interface PictureSeries {
  readonly need: PictureNeed;
  /** Smallest side that halving leaves something of: artifacts refuse smaller pictures. */
  readonly leastSide: number;
  /** Levels that gray samples are compared with, per channel; 255 where there are none. */
  readonly levels: readonly Uint8Array[];
}

export function seriesFor(module: MorphModule): PictureSeries {
  const halvings = typesOf(module).map((type) => (type.kind === "image" ? type.halvings : 0));
  const leastSide = 2 ** halvings.reduce((most, each) => Math.max(most, each), 0);
  return { need: module.input, leastSide, levels: grayLevels(module) };
}

function grayLevels(module: MorphModule): Uint8Array[] {
  return Array.from({ length: module.input.channels }, (_, channel) => {
    const thresholds = module.values.flatMap(({ node }) =>
      node.kind === "level-set" && node.channel === channel ? [Math.min(Math.max(node.threshold, 1), 255)] : [],
    );
    return Uint8Array.from(thresholds.length === 0 ? [255] : thresholds);
  });
}

/** Size number `index` of a series; free sides take the straddling widths and small heights in turn. */
function testSize(
  { need, leastSide }: PictureSeries,
  index: number,
  random: Random,
): { height: number; width: number } {
  const width = STRADDLING_WIDTHS[index % STRADDLING_WIDTHS.length] ?? 1;
  return {
    height: need.height ?? leastSide + random.below(TALLEST),
    width: need.width ?? Math.max(width, leastSide),
  };
}

type Pattern = (row: number, column: number) => boolean;

/** Pattern number `index` of a series: noise of several densities, rectangles, nothing, everything. */
function createPattern(index: number, height: number, width: number, random: Random): Pattern {
  const densities = [50, 10, 90, 2, 98] as const;
  switch (index % 8) {
    case 5: {
      const rectangles = Array.from({ length: 3 }, () => {
        const top = random.below(height);
        const left = random.below(width);
        return { top, left, bottom: top + random.below(height), right: left + random.below(width) };
      });
      return (row, column) =>
        rectangles.some(
          ({ top, left, bottom, right }) => row >= top && row <= bottom && column >= left && column <= right,
        );
    }
    case 6:
      return () => false;
    case 7:
      return () => true;
    default: {
      const density = densities[index % 8] ?? 50;
      return () => random.below(100) < density;
    }
  }
}

/**
 * Picture number `index` of a series. Gray samples lie on the two sides of the levels that the network compares with,
 * the pattern saying which; where there is no level they are 0 and 255.
 */
export function testPicture(series: PictureSeries, index: number, random: Random): Picture {
  const { need, levels } = series;
  const { height, width } = testSize(series, index, random);
  const patterns = Array.from({ length: need.channels }, (_, channel) =>
    createPattern(index + channel, height, width, random),
  );
  if (need.samples === "bits") {
    return { kind: "bits", height, width, channels: patterns.map((pattern) => buildBitImage(height, width, pattern)) };
  }
  const channels = patterns.map((pattern, channel) => {
    const chosen = levels[channel] ?? new Uint8Array([255]);
    const samples = new Uint8Array(height * width);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const level = chosen[random.below(chosen.length)] ?? 255;
        samples[row * width + column] = pattern(row, column) ? level : Math.max(level - 1, 0);
      }
    }
    return samples;
  });
  return { kind: "bytes", height, width, channels };
}

/** Steps that the interpreter takes for a picture of `pixels` pixels, about: operands of images per pixel, others once. */
export function interpretationSteps(module: MorphModule, pixels: number): number {
  const types = typesOf(module);
  let steps = 0;
  for (const [id, { node }] of module.values.entries()) {
    steps += operandCount(node) * (types[id]?.kind === "image" ? pixels : 1);
  }
  return steps;
}

function operandCount(node: MorphNode): number {
  switch (node.kind) {
    case "erosion":
    case "dilation":
      return 1 + node.element.members.length;
    case "threshold":
      return 1 + node.terms.length;
    case "readout":
      return node.weights.reduce((sum, row) => sum + row.length, 0);
    case "input":
    case "level-set":
    case "constant":
    case "union":
    case "intersection":
    case "complement":
    case "subsample":
    case "flatten":
    case "element":
      return 1 + operandsOf(node).length;
    default:
      return unreachable(node);
  }
}
