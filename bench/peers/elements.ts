/** What generated code and the libraries are compared on: erosions by eight elements, and a chain of four operations. */
import {
  CROSS_3,
  chain,
  DISK_5,
  DISK_7,
  type Drawing,
  type Operation,
  SQUARE_3,
} from "../../scripts/fixtures/hand-made.js";
import type { Size } from "../../scripts/fixtures/pictures.js";
import { type BitImage, buildBitImage } from "../../src/morph/bit-image.js";
import { createRandom } from "../../src/morph/random.js";
import type { BenchCase } from "../cases.js";

export interface PeerCase extends BenchCase {
  /** All by the same element, its origin in the middle of the window. */
  readonly operations: readonly Operation[];
  readonly drawing: Drawing;
}

const RANDOM_ELEMENT_SEED = 7;
const PICTURE_SEED = 11;

/** A diagonal cross of 13 pixels. */
const DIAGONALS_7: Drawing = ["#.....#", ".#...#.", "..#.#..", "...#...", "..#.#..", ".#...#.", "#.....#"];

/** Of the 49 pixels of a window, the 24 with the smallest numbers of a stream of random ones. */
function randomHalf7(): Drawing {
  const random = createRandom(RANDOM_ELEMENT_SEED);
  const order = Array.from({ length: 49 }, (_, pixel) => ({ pixel, key: random.uniform() })).sort(
    (a, b) => a.key - b.key,
  );
  const chosen = new Set(order.slice(0, 24).map(({ pixel }) => pixel));
  const mark = (row: number, column: number): string => (chosen.has(7 * row + column) ? "#" : ".");
  return Array.from({ length: 7 }, (_, row) =>
    Array.from({ length: 7 }, (_unused, column) => mark(row, column)).join(""),
  );
}

function peerCase(title: string, drawing: Drawing, operations: readonly Operation[], side: number): PeerCase {
  const model = chain(
    "peers",
    operations.map((operation) => [operation, drawing]),
  );
  const members = [...drawing.join("")].filter((mark) => mark === "#").length;
  // An erosion leaves about 1/e of the pixels if that is all, else 1/members of them, which the dilation makes 1 − 1/e.
  const density = operations.length === 1 ? 1 - 1 / members : members ** (-1 / members);
  const draw = ({ height, width }: Size): BitImage => randomPicture(height, width, density);
  return { title, model, erosion: null, height: side, width: side, count: 1, draw, operations, drawing };
}

function randomPicture(height: number, width: number, density: number): BitImage {
  const random = createRandom(PICTURE_SEED);
  return buildBitImage(height, width, () => random.uniform() < density);
}

const ELEMENTS: Readonly<Record<string, Drawing>> = {
  rect3: SQUARE_3,
  cross3: CROSS_3,
  disk5: DISK_5,
  disk7: DISK_7,
  "1×7": ["#".repeat(7)],
  diag7: DIAGONALS_7,
  rect15: Array.from({ length: 15 }, () => "#".repeat(15)),
  rand7: randomHalf7(),
};

/** Erosions of a picture of `side` × `side` pixels. */
export function elementCases(side: number): readonly PeerCase[] {
  return Object.entries(ELEMENTS).map(([title, drawing]) => peerCase(title, drawing, ["erosion"], side));
}

/** An opening and a closing by disk5. */
export function chainCase(side: number): PeerCase {
  return peerCase("opening, then closing by disk5", DISK_5, ["erosion", "dilation", "dilation", "erosion"], side);
}

/** How far the window reaches from its middle, in rows or columns. */
export function radiusOf(drawing: Drawing): number {
  return Math.max(drawing.length, drawing[0]?.length ?? 0) >> 1;
}

/** The elements that a reader cannot tell from their names. */
export function describeElements(): readonly string[] {
  return [
    `- \`disk5\`, \`disk7\`: ${DISK_5.join(" / ")} and ${DISK_7.join(" / ")}; \`bimonnc bench\` has smaller disks of these names`,
    `- \`diag7\`: ${DIAGONALS_7.join(" / ")}`,
    `- \`rand7\`, seed ${RANDOM_ELEMENT_SEED}: ${randomHalf7().join(" / ")}`,
  ];
}
