/** Structuring elements as sets of offsets: sums, unions, differences. */
import { MODULE_LIMITS } from "../ir/limits.js";
import { elementOffsets, type Offset, reflectElement, type StructuringElement } from "../morph/structuring-element.js";

/** The rectangle of an element's members; of an empty one there is none. */
export interface Extent {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const OFFSETS = new WeakMap<StructuringElement, readonly Offset[]>();
const KEYS = new WeakMap<StructuringElement, string>();
const REFLECTIONS = new WeakMap<StructuringElement, StructuringElement>();

/** Members in row-major order. */
export function offsetsOf(element: StructuringElement): readonly Offset[] {
  const known = OFFSETS.get(element);
  if (known !== undefined) return known;
  const offsets = elementOffsets(element);
  OFFSETS.set(element, offsets);
  return offsets;
}

/** The reflection, one object for each element: what is known of it stays known. */
export function reflectionOf(element: StructuringElement): StructuringElement {
  const known = REFLECTIONS.get(element);
  if (known !== undefined) return known;
  const reflection = reflectElement(element);
  REFLECTIONS.set(element, reflection);
  REFLECTIONS.set(reflection, element);
  return reflection;
}

/** A number for an offset whose coordinates lie within ±511, smaller for earlier ones. */
export function offsetNumber({ row, column }: Offset): number {
  return (row + 512) * 1024 + column + 512;
}

/** Equal for elements with the same members, whatever their windows. */
export function elementKey(element: StructuringElement): string {
  const known = KEYS.get(element);
  if (known !== undefined) return known;
  const key = offsetsOf(element)
    .map((offset) => offsetNumber(offset).toString(36))
    .join(" ");
  KEYS.set(element, key);
  return key;
}

export function isOriginAlone(element: StructuringElement): boolean {
  const [first, second] = offsetsOf(element);
  return first !== undefined && second === undefined && first.row === 0 && first.column === 0;
}

export function containsOrigin(element: StructuringElement): boolean {
  const { originRow: row, originColumn: column, height, width, members } = element;
  return row >= 0 && row < height && column >= 0 && column < width && members[row * width + column] === true;
}

export function isSubset(part: StructuringElement, whole: StructuringElement): boolean {
  const numbers = new Set(offsetsOf(whole).map(offsetNumber));
  return offsetsOf(part).every((offset) => numbers.has(offsetNumber(offset)));
}

export function extentOf(offsets: readonly Offset[]): Extent | null {
  const [first] = offsets;
  if (first === undefined) return null;
  let [top, bottom, left, right] = [first.row, first.row, first.column, first.column];
  for (const { row, column } of offsets) {
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    left = Math.min(left, column);
    right = Math.max(right, column);
  }
  return { top, bottom, left, right };
}

/** The element of these members in the smallest window, or null where no module may have it, or where it is empty. */
export function elementOf(offsets: readonly Offset[]): StructuringElement | null {
  const extent = extentOf(offsets);
  if (extent === null) return null;
  const { top, bottom, left, right } = extent;
  const [height, width] = [bottom - top + 1, right - left + 1];
  const { elementSide, reach } = MODULE_LIMITS;
  if (Math.max(height, width) > elementSide || Math.max(-top, bottom, -left, right) > reach) return null;
  const members = Array.from({ length: height * width }, () => false);
  for (const { row, column } of offsets) members[(row - top) * width + column - left] = true;
  return { height, width, originRow: 0 - top, originColumn: 0 - left, members };
}

export function reflected(offsets: readonly Offset[]): Offset[] {
  return offsets.map(({ row, column }) => ({ row: 0 - row, column: 0 - column }));
}

/** Offsets of either list, each once. */
export function unionOf(a: readonly Offset[], b: readonly Offset[]): Offset[] {
  const distinct = new Map([...a, ...b].map((offset) => [offsetNumber(offset), offset]));
  return [...distinct].sort(([x], [y]) => x - y).map(([, offset]) => offset);
}

/** Offsets of `a` that are in `b`, and those that are not. */
export function partition(
  a: readonly Offset[],
  b: readonly Offset[],
): { readonly common: Offset[]; readonly rest: Offset[] } {
  const numbers = new Set(b.map(offsetNumber));
  const [common, rest]: [Offset[], Offset[]] = [[], []];
  for (const offset of a) (numbers.has(offsetNumber(offset)) ? common : rest).push(offset);
  return { common, rest };
}

/** The Minkowski sum {a + b}. */
export function sumOf(a: readonly Offset[], b: readonly Offset[]): Offset[] {
  const sums = new Map<number, Offset>();
  for (const first of a) {
    for (const second of b) {
      const sum = { row: first.row + second.row, column: first.column + second.column };
      sums.set(sum.row * 4096 + sum.column, sum);
    }
  }
  return [...sums].sort(([x], [y]) => x - y).map(([, offset]) => offset);
}

/** {c : c + b ∈ A for every b}: the largest set whose sum with `b` lies in `a`. */
export function differenceOf(a: readonly Offset[], b: readonly Offset[]): Offset[] {
  const [first] = b;
  if (first === undefined) return [];
  const numbers = new Set(a.map(({ row, column }) => row * 4096 + column));
  return a
    .map(({ row, column }) => ({ row: row - first.row, column: column - first.column }))
    .filter((c) => b.every(({ row, column }) => numbers.has((c.row + row) * 4096 + c.column + column)));
}
