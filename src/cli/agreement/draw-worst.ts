/** The picture on which two networks agree least, drawn: input, float network, compiled network and what differs, side by side. */
import type { PictureAgreement } from "../../binarize/agreement.js";
import { type BitImage, getPixel } from "../../morph/bit-image.js";
import type { Picture } from "../../morph/picture.js";

/** Colours of 8 bits, row-major, red, green and blue of a pixel one after the other. */
export interface ColourPicture {
  readonly height: number;
  readonly width: number;
  readonly samples: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];

/** Tells tiles from each other, and from black and white. */
const GROUND: Colour = [96, 96, 96];
const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];
/** A pixel that only the float network sets. */
const FLOAT_ONLY: Colour = [255, 64, 64];
/** A pixel that only the compiled network sets. */
const COMPILED_ONLY: Colour = [64, 128, 255];

/** Pixels between tiles and around them. */
const GAP = 4;
/** Side, in pixels, that small pictures are enlarged to reach, by a whole number. */
const WANTED_SIDE = 320;
/** Most pixels of the drawing; larger pictures are shrunk, and no difference is lost. */
const MOST_PIXELS = 2 ** 23;
/** Channels that are drawn, from the first. */
const MOST_ROWS = 16;

interface Tile {
  readonly height: number;
  readonly width: number;
  readonly colourOf: (row: number, column: number) => Colour;
}

/** Channels below each other; of networks that answer no pictures, the input alone. */
export function drawWorst(picture: Picture, { outcome, floatBits }: PictureAgreement): ColourPicture {
  const inputs = picture.channels.slice(0, MOST_ROWS).map((channel) => inputTile(picture, channel));
  if (outcome.kind !== "images" || floatBits === null) return drawTiles([inputs], picture);
  const compiled = outcome.images.slice(0, MOST_ROWS).map(bitTile);
  const float = compiled.map((tile, channel) => floatTile(floatBits, channel, tile));
  const difference = compiled.map((tile, channel) => differenceTile(float[channel] ?? tile, tile));
  return drawTiles([inputs, float, compiled, difference], picture);
}

function inputTile({ height, width }: Picture, channel: BitImage | Uint8Array): Tile {
  if ("words" in channel) return bitTile(channel);
  const colourOf = (row: number, column: number): Colour => {
    const gray = channel[row * width + column] ?? 0;
    return [gray, gray, gray];
  };
  return { height, width, colourOf };
}

function bitTile(image: BitImage): Tile {
  const { height, width } = image;
  return { height, width, colourOf: (row, column) => (getPixel(image, row, column) === 1 ? WHITE : BLACK) };
}

/** @param bits `[channel][row][column]` */
function floatTile(bits: Uint8Array, channel: number, { height, width }: Tile): Tile {
  const start = channel * height * width;
  return { height, width, colourOf: (row, column) => (bits[start + row * width + column] === 1 ? WHITE : BLACK) };
}

function differenceTile(float: Tile, { height, width, colourOf }: Tile): Tile {
  return {
    height,
    width,
    colourOf: (row, column) => {
      const [mine, its] = [float.colourOf(row, column), colourOf(row, column)];
      if (mine === its) return its;
      return mine === WHITE ? FLOAT_ONLY : COMPILED_ONLY;
    },
  };
}

/** All tiles take the room of the input; those of halved pictures are enlarged to it. */
function drawTiles(columns: readonly (readonly Tile[])[], { height, width }: Picture): ColourPicture {
  const rows = columns.reduce((most, tiles) => Math.max(most, tiles.length), 0);
  const cell = cellSize(height, width, rows * columns.length);
  const all = { height: GAP + rows * (cell.height + GAP), width: GAP + columns.length * (cell.width + GAP) };
  const samples = new Uint8Array(all.height * all.width * 3).map((_, index) => GROUND[index % 3] ?? 0);
  columns.forEach((tiles, column) => {
    tiles.forEach((tile, row) => {
      const [top, left] = [GAP + row * (cell.height + GAP), GAP + column * (cell.width + GAP)];
      for (let y = 0; y < cell.height; y++) {
        for (let x = 0; x < cell.width; x++) {
          samples.set(colourWithin(tile, cell, y, x), 3 * ((top + y) * all.width + left + x));
        }
      }
    });
  });
  return { ...all, samples };
}

interface CellSize {
  readonly height: number;
  readonly width: number;
}

function cellSize(height: number, width: number, cells: number): CellSize {
  const enlarged = Math.max(1, Math.floor(WANTED_SIDE / Math.max(height, width)));
  let shrunk = 1;
  while (Math.ceil(height / shrunk) * Math.ceil(width / shrunk) * cells > MOST_PIXELS) shrunk++;
  const scale = (side: number): number => Math.ceil((side * enlarged) / shrunk);
  return { height: scale(height), width: scale(width) };
}

/** Of the tile's pixels that one of the drawing stands for: the first in colours, or else the first. */
function colourWithin({ height, width, colourOf }: Tile, cell: CellSize, y: number, x: number): Colour {
  const [top, bottom] = rangeOf(y, height, cell.height);
  const [left, right] = rangeOf(x, width, cell.width);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const colour = colourOf(row, column);
      if (colour === FLOAT_ONLY || colour === COMPILED_ONLY) return colour;
    }
  }
  return height === 0 || width === 0 ? GROUND : colourOf(top, left);
}

function rangeOf(place: number, side: number, drawn: number): readonly [first: number, end: number] {
  const first = Math.floor((place * side) / drawn);
  return [first, Math.min(side, Math.max(first + 1, Math.floor(((place + 1) * side) / drawn)))];
}
