/**
 * When two erosions, or two dilations, one after the other are one by the Minkowski sum of their elements, in every frame: the border rule
 * applies, and the result is cut to the frame, after each of them.
 *
 * Let K be the frame as seen from a point: all offsets that lead to its pixels, a box around 0. Let k(s) be the offset of K
 * nearest to s, coordinate by coordinate; that is where a replicated border reads.
 */
import type { BorderRule } from "../morph/border.js";
import type { Offset } from "../morph/structuring-element.js";
import { extentOf, offsetNumber, sumOf } from "./element-sets.js";

/** Offsets that a question may look at. */
const MOST_STEPS = 100_000;

/**
 * Whether (X ⊖ A) ⊖ B = X ⊖ (A ⊕ B), or (X ⊕ A) ⊕ B = X ⊕ (A ⊕ B), holds for every X in every frame. False also where it cannot
 * be told in a bounded number of steps.
 *
 * - Erosions with zeros. If x + b lies in the frame, both sides ask for x + b + a. If it lies outside, the left side is 0; so
 *   the right side must ask for a pixel outside too, wherever x lies. It does if, and for large frames only if, A ⊕ B reaches as
 *   far as B in each direction in which B leads away from the origin ({@link reachesAsFar}). Above all where 0 ∈ A.
 * - Dilations with zeros. The left side asks for the same pixels but those that it reaches through a point outside. For every sum s
 *   that leads into the frame there must be s = a + b with b in the frame as well; the smallest frame has the corners 0 and s.
 * - Replicated borders. The left side asks for the offsets k(k(b) + a), the right side for k(a + b): these sets must be equal
 *   for every K. They are so pair by pair where a and b never have opposite signs in a coordinate. They are so also where
 *   each element is *boxed* ({@link isBoxed}): k(b) ∈ B for every K, so that it is enough to look at pairs with b ∈ K; and of
 *   a coordinate with opposite signs, as much can be taken from a and from b, which leaves them in A and B, until the signs
 *   agree. Where one element lies in the row of the origin, it is enough that its columns and those of each row of the other one
 *   do so, as nothing is added to rows; likewise for columns. Else every K up to the reach of the sum is tried.
 */
export function chainHolds(
  kind: "erosion" | "dilation",
  border: BorderRule,
  inner: readonly Offset[],
  outer: readonly Offset[],
): boolean {
  if (inner.length === 0 || outer.length === 0) return false;
  if (inner.length * outer.length > MOST_STEPS) return false;
  if (border === "zeros") return kind === "erosion" ? reachesAsFar(inner, outer) : returnsInside(inner, outer);
  return (
    signsAgree(inner, outer) ||
    (isBoxed(inner) && isBoxed(outer)) ||
    linesHold(inner, outer) ||
    clampsAlike(inner, outer)
  );
}

/** Whether one of the elements lies in the origin's row, or column, and sets of points are equal in each line of the other one. */
function linesHold(inner: readonly Offset[], outer: readonly Offset[]): boolean {
  const turned = (offsets: readonly Offset[]): Offset[] =>
    offsets.map(({ row, column }) => ({ row: column, column: row }));
  return rowsHold(inner, outer) || rowsHold(turned(inner), turned(outer));
}

function rowsHold(inner: readonly Offset[], outer: readonly Offset[]): boolean {
  const inRow = (offsets: readonly Offset[]): boolean => offsets.every(({ row }) => row === 0);
  if (inRow(inner) && inRow(outer)) return false;
  if (inRow(outer)) return rowsOf(inner).every((columns) => clampsAlike(columns, outer));
  return inRow(inner) && rowsOf(outer).every((columns) => clampsAlike(inner, columns));
}

/** Different rows of an element, each moved to the row of the origin. */
function rowsOf(offsets: readonly Offset[]): Offset[][] {
  const columnsOfRow = new Map<number, Offset[]>();
  for (const { row, column } of offsets) {
    columnsOfRow.set(row, [...(columnsOfRow.get(row) ?? []), { row: 0, column }]);
  }
  const distinct = new Map(
    [...columnsOfRow.values()].map((columns) => [columns.map(({ column }) => column).join(" "), columns]),
  );
  return [...distinct.values()];
}

function reachesAsFar(inner: readonly Offset[], outer: readonly Offset[]): boolean {
  const [a, b] = [extentOf(inner), extentOf(outer)];
  if (a === null || b === null) return false;
  return (
    (b.top >= 0 || a.top <= 0) &&
    (b.bottom <= 0 || a.bottom >= 0) &&
    (b.left >= 0 || a.left <= 0) &&
    (b.right <= 0 || a.right >= 0)
  );
}

function returnsInside(inner: readonly Offset[], outer: readonly Offset[]): boolean {
  const sums = sumOf(inner, outer);
  if (sums.length * outer.length > MOST_STEPS) return false;
  const numbers = new Set(inner.map(offsetNumber));
  return sums.every((sum) =>
    outer.some(
      (b) =>
        isBetween(b.row, sum.row) &&
        isBetween(b.column, sum.column) &&
        numbers.has(offsetNumber({ row: sum.row - b.row, column: sum.column - b.column })),
    ),
  );
}

/** Whether `value` lies from 0 to `end`, which may be negative. */
function isBetween(value: number, end: number): boolean {
  return value >= Math.min(0, end) && value <= Math.max(0, end);
}

function signsAgree(inner: readonly Offset[], outer: readonly Offset[]): boolean {
  return inner.every((a) => outer.every((b) => a.row * b.row >= 0 && a.column * b.column >= 0));
}

/** Whether with every offset the set has the whole rectangle whose corners are the offset and the origin. */
export function isBoxed(offsets: readonly Offset[]): boolean {
  const numbers = new Set(offsets.map(offsetNumber));
  // A step towards the origin along each axis is enough: the rest of the rectangle follows.
  return offsets.every(
    ({ row, column }) =>
      (row === 0 || numbers.has(offsetNumber({ row: row - Math.sign(row), column }))) &&
      (column === 0 || numbers.has(offsetNumber({ row, column: column - Math.sign(column) }))),
  );
}

function clampsAlike(inner: readonly Offset[], outer: readonly Offset[]): boolean {
  const sums = sumOf(inner, outer);
  // Both the sum and the way to it may leave the frame.
  const all = extentOf([...sums, ...inner, ...outer, { row: 0, column: 0 }]);
  if (all === null) return false;
  const { top, bottom, left, right } = all;
  const frames = (1 - top) * (1 + bottom) * (1 - left) * (1 + right);
  if (frames * inner.length * outer.length > MOST_STEPS) return false;
  for (let up = 0; up >= top; up--) {
    for (let down = 0; down <= bottom; down++) {
      for (let west = 0; west >= left; west--) {
        for (let east = 0; east <= right; east++) {
          const nearest = ({ row, column }: Offset): Offset => ({
            row: Math.min(Math.max(row, up), down),
            column: Math.min(Math.max(column, west), east),
          });
          const wanted = new Set(sums.map((sum) => offsetNumber(nearest(sum))));
          const found = new Set(
            outer.flatMap((b) => {
              const through = nearest(b);
              return inner.map((a) =>
                offsetNumber(nearest({ row: through.row + a.row, column: through.column + a.column })),
              );
            }),
          );
          if (wanted.size !== found.size || [...wanted].some((each) => !found.has(each))) return false;
        }
      }
    }
  }
  return true;
}
