import { fail, InternalError } from "../diagnostics.js";

/** A position relative to a pixel: rows grow downwards, columns to the right. */
export interface Offset {
  readonly row: number;
  readonly column: number;
}

/**
 * A finite set of offsets, kept inside the window it was given in, so that printing returns the same picture.
 * Member (row, column) of the window is the offset (row − originRow, column − originColumn).
 */
export interface StructuringElement {
  readonly height: number;
  readonly width: number;
  readonly originRow: number;
  readonly originColumn: number;
  /** Row-major, `height · width` booleans. */
  readonly members: readonly boolean[];
}

/** The element of window positions `members` read around the centre `floor(size / 2)`, as a kernel is. */
export function elementFromKernel(height: number, width: number, members: readonly boolean[]): StructuringElement {
  if (members.length !== height * width) throw new InternalError("members do not fill the window");
  return { height, width, originRow: Math.floor(height / 2), originColumn: Math.floor(width / 2), members };
}

/** Elements do not change, and compiling asks for the offsets of each many times. */
const OFFSETS = new WeakMap<StructuringElement, readonly Offset[]>();

/** Offsets in row-major order. */
export function elementOffsets(element: StructuringElement): readonly Offset[] {
  const known = OFFSETS.get(element);
  if (known !== undefined) return known;
  const { width, originRow, originColumn } = element;
  const offsets: Offset[] = [];
  element.members.forEach((member, index) => {
    if (member) offsets.push({ row: Math.floor(index / width) - originRow, column: (index % width) - originColumn });
  });
  OFFSETS.set(element, offsets);
  return offsets;
}

/** The reflection {−b : b ∈ B}. */
export function reflectElement(element: StructuringElement): StructuringElement {
  return {
    height: element.height,
    width: element.width,
    originRow: element.height - 1 - element.originRow,
    originColumn: element.width - 1 - element.originColumn,
    members: element.members.toReversed(),
  };
}

/** `HxW@row,column "rows"`: window, origin, and one digit per member, rows separated by a slash. */
export function printElement(element: StructuringElement): string {
  const rows = Array.from({ length: element.height }, (_, row) =>
    element.members
      .slice(row * element.width, (row + 1) * element.width)
      .map((member) => (member ? "1" : "0"))
      .join(""),
  );
  return `${element.height}x${element.width}@${element.originRow},${element.originColumn} "${rows.join("/")}"`;
}

const ELEMENT_TEXT = /^(\d{1,5})x(\d{1,5})@(-?\d{1,5}),(-?\d{1,5}) "([01/]*)"$/;

/** Inverse of {@link printElement}. @throws DiagnosticError BMN0401 */
export function parseElement(text: string): StructuringElement {
  const match = ELEMENT_TEXT.exec(text);
  if (match === null) {
    fail("BMN0401", `not a structuring element: ${text.slice(0, 60)}`, { hint: 'write it like 3x3@1,1 "010/111/010"' });
  }
  const [height, width, originRow, originColumn] = match.slice(1, 5).map(Number) as [number, number, number, number];
  const rows = (match[5] ?? "").split("/");
  if (rows.length !== height || rows.some((row) => row.length !== width)) {
    fail("BMN0401", `the picture of the structuring element is not ${height}×${width}`);
  }
  return { height, width, originRow, originColumn, members: [...rows.join("")].map((digit) => digit === "1") };
}
