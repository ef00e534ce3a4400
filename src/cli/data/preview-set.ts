/** The samples of a set as a contact sheet: inputs above their targets, or pictures of one class in one row. */
import { readSample, type SampleSet } from "../../data/sample-set.js";
import { unreachable } from "../../diagnostics.js";
import { drawSheet, type GrayTile, mostTiles } from "./contact-sheet.js";

const COLUMNS = 12;

/** Most samples that are looked at for classes that are rare. */
const MOST_READ = 20_000;

export interface Preview {
  readonly sheet: GrayTile;
  /** Samples on the sheet. */
  readonly samples: number;
  /** What stands where, in one line. */
  readonly caption: string;
  /** Names of the rows; empty where rows have none. */
  readonly rows: readonly string[];
}

/**
 * @param count samples, or samples of each class, to be shown; fewer where the sheet would grow too large
 */
export function previewSet(set: SampleSet, count: number): Preview {
  const { target } = set.shape;
  switch (target.kind) {
    case "images":
      return previewImages(set, count, target.channels);
    case "classes":
      return previewClasses(set, count, target.names);
    default:
      return unreachable(target);
  }
}

function previewImages(set: SampleSet, count: number, targetChannels: number): Preview {
  const { channels, height, width, samples } = set.shape;
  const perSample = channels + targetChannels;
  const room = Math.max(1, Math.floor(mostTiles(height, width) / perSample));
  const shown = Math.min(count, set.count ?? count, room);
  const columns = Array.from({ length: shown }, (_, index) => {
    const { input, target } = readSample(set, index);
    return [...tilesOf(input, height, width, samples), ...tilesOf(target, height, width, "bits")];
  });
  const rows: GrayTile[][] = [];
  for (let start = 0; start < shown; start += COLUMNS) {
    const part = columns.slice(start, start + COLUMNS);
    for (let line = 0; line < perSample; line++) rows.push(part.flatMap((tiles) => tiles.slice(line, line + 1)));
  }
  return { sheet: drawSheet(rows), samples: shown, caption: "inputs above their targets", rows: [] };
}

function previewClasses(set: SampleSet, count: number, names: readonly string[]): Preview {
  const { channels, height, width, samples } = set.shape;
  const room = Math.max(1, Math.floor(mostTiles(height, width) / (names.length * channels)));
  const wanted = Math.min(count, room);
  const rows = names.map((): GrayTile[][] => []);
  const end = Math.min(set.count ?? MOST_READ, MOST_READ);
  for (let index = 0; index < end && rows.some((row) => row.length < wanted); index++) {
    const { input, target } = readSample(set, index);
    const row = rows[target[0] ?? 0];
    if (row !== undefined && row.length < wanted) row.push(tilesOf(input, height, width, samples));
  }
  const lines = rows.flatMap((row) =>
    Array.from({ length: channels }, (_, channel) => row.flatMap((tiles) => tiles.slice(channel, channel + 1))),
  );
  const shown = rows.reduce((sum, row) => sum + row.length, 0);
  const caption = channels === 1 ? "one row a class" : `${channels} rows a class, one per channel`;
  return { sheet: drawSheet(lines), samples: shown, caption, rows: names };
}

/** One tile per channel; a 1 is white. */
function tilesOf(values: Uint8Array, height: number, width: number, kind: "bits" | "bytes"): GrayTile[] {
  const size = height * width;
  const gray = kind === "bits" ? values.map((value) => 255 * value) : values;
  return Array.from({ length: gray.length / size }, (_, channel) => ({
    height,
    width,
    samples: gray.subarray(channel * size, (channel + 1) * size),
  }));
}
