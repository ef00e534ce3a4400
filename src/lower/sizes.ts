/** Sizes of one resolution, as constants or as parameters of the functions that work on it. */
import { add, minimum, multiply, subtract, variable, wordsForIndex } from "../word/build.js";
import { letIndex } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { type Candidate, indexCandidate, pointerCandidate } from "./function.js";
import { type Geometry, planeOf, rowsOfPlane, strideOf, wordsOfPlane } from "./geometry.js";
import type { Region } from "./tiles.js";

export interface Sizes {
  readonly height: Index;
  readonly width: Index;
  readonly words: Index;
  readonly stride: Index;
  readonly plane: Index;
}

const FIELDS = ["height", "width", "words", "stride", "plane"] as const;

/** The sizes inside a function whose parameters carry `suffix`. */
export function sizesInside(geometry: Geometry, suffix = ""): Sizes {
  const inside = (field: (typeof FIELDS)[number]): Index =>
    isParameter(geometry, field) ? variable(`${field}${suffix}`) : geometry[field];
  return {
    height: inside("height"),
    width: inside("width"),
    words: inside("words"),
    stride: inside("stride"),
    plane: inside("plane"),
  };
}

/** What planes of tiles hold is not the same for all tiles. */
function isParameter(geometry: Geometry, field: (typeof FIELDS)[number]): boolean {
  return geometry[field].kind !== "constant" || isCut(geometry, field);
}

function isCut({ tiles }: Geometry, field: (typeof FIELDS)[number]): boolean {
  if (tiles === null) return false;
  if (field === "height") return !tiles.rows.isWhole;
  return (field === "width" || field === "words") && !tiles.words.isWhole;
}

/** Pixels of a row of a region. */
function regionWidth(geometry: Geometry, { words }: Region): Index {
  const { width } = sizesOutside(geometry);
  if (!isCut(geometry, "width")) return width;
  return minimum(subtract(width, multiply(words.first, 32)), multiply(words.count, 32));
}

/**
 * The planes of a resolution as a pointer parameter, and its sizes, with what the entry point passes.
 * @param region of the planes that the function works on; null for the whole frame
 */
export function sizeCandidates(
  geometry: Geometry,
  planesAt: Index,
  suffix = "",
  region: Region | null = null,
): Candidate[] {
  const outside = sizesOutside(geometry);
  const sizes =
    region === null
      ? outside
      : {
          ...outside,
          height: region.rows.count,
          words: region.words.count,
          width: regionWidth(geometry, region),
        };
  return [
    pointerCandidate(`planes${suffix}`, "scratch", planesAt),
    ...FIELDS.filter((field) => isParameter(geometry, field)).map(
      (field): Candidate => indexCandidate(`${field}${suffix}`, sizes[field]),
    ),
  ];
}

/** The sizes inside the entry point, where {@link sizeStatements} names them. */
export function sizesOutside(geometry: Geometry): Sizes {
  const name = (field: (typeof FIELDS)[number]): Index => {
    if (geometry[field].kind === "constant" || geometry[field].kind === "variable") return geometry[field];
    return variable(`${field}_${geometry.halvings}`);
  };
  return {
    height: name("height"),
    width: name("width"),
    words: name("words"),
    stride: name("stride"),
    plane: name("plane"),
  };
}

/** Names the sizes of a free shape at the head of the entry point. */
export function sizeStatements(geometry: Geometry): Statement[] {
  const outside = sizesOutside(geometry);
  const formulas: Record<(typeof FIELDS)[number], Index> = {
    height: geometry.height,
    width: geometry.width,
    words: wordsForIndex(outside.width),
    stride: strideOf(geometry, wordsOfPlane(geometry.tiles, outside.words)),
    plane: planeOf(geometry, rowsOfPlane(geometry.tiles, outside.height), outside.stride),
  };
  return FIELDS.flatMap((field): Statement[] => {
    const name = outside[field];
    if (name.kind !== "variable" || geometry[field].kind === "variable") return [];
    return [letIndex(name.name, formulas[field])];
  });
}

/** Where row `row` of plane `slot` begins with its halo, from the first plane; row 0 is the first one of the halo. */
export function haloRowAt({ spill }: Geometry, sizes: Sizes, slot: Index | number, row: Index): Index {
  // A factor that is known is printed on the right.
  const plane = typeof slot === "number" ? multiply(sizes.plane, slot) : multiply(slot, sizes.plane);
  return add(plane, multiply(add(row, spill), sizes.stride));
}

/** Where word `word` of row `row` of the picture lies in plane `slot`, from the first plane; both may lie in the halo. */
export function rowAt(geometry: Geometry, sizes: Sizes, slot: Index | number, row: Index, word = 0): Index {
  return add(haloRowAt(geometry, sizes, slot, add(row, geometry.halo.top)), geometry.leftWords + word);
}
