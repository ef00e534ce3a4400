/** Structuring elements as pictures of block characters. */
import type { StructuringElement } from "../morph/structuring-element.js";

/** Upper pixel 1, lower pixel 2. */
const HALVES = " ▀▄█";
/** Upper left 1, upper right 2, lower left 4, lower right 8. */
const QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";

const CORNER = "┌";

/** Says how to read what {@link drawElement} draws. */
export const DRAWING_LEGEND: readonly string[] = [
  "drawings: two rows a line, ▀ ▄ █ are members; in the frame ━ marks the origin's column, ╿ or ╽ its row",
];

/** Whether a line, indented or not, begins a picture. */
export function isDrawing(line: string): boolean {
  return line.trimStart().startsWith(CORNER);
}

/** Widest element drawn with half blocks, and with quarter blocks, in pixels. */
const WIDEST_HALVES = 64;
const WIDEST_QUARTERS = 160;
const TALLEST = 320;

/**
 * Lines of a framed picture, two rows of the window a line: one column a character, or two for elements wider than 64.
 * The heavy strokes of the frame point at the origin's row (on the left) and column (on top), if it lies inside. Null
 * for an element too large to draw.
 */
export function drawElement(element: StructuringElement): readonly string[] | null {
  const { height, width, originRow, originColumn } = element;
  if (height > TALLEST || width > WIDEST_QUARTERS) return null;
  const columnsPerCharacter = width > WIDEST_HALVES ? 2 : 1;
  const characters = Math.ceil(width / columnsPerCharacter);
  const lines = Math.ceil(height / 2);
  const top = Array.from({ length: characters }, (_, index) => topMark(index, originColumn, columnsPerCharacter));
  const body = Array.from({ length: lines }, (_, line) => {
    const blocks = Array.from({ length: characters }, (__, index) =>
      blockAt(element, line, index, columnsPerCharacter),
    );
    return `${leftMark(line, originRow)}${blocks.join("")}│`;
  });
  return [`${CORNER}${top.join("")}┐`, ...body, `└${"─".repeat(characters)}┘`];
}

function memberAt(element: StructuringElement, row: number, column: number): 0 | 1 {
  if (row >= element.height || column >= element.width) return 0;
  return element.members[row * element.width + column] === true ? 1 : 0;
}

function blockAt(element: StructuringElement, line: number, index: number, columnsPerCharacter: 1 | 2): string {
  const row = 2 * line;
  if (columnsPerCharacter === 1) {
    return HALVES.charAt(memberAt(element, row, index) + 2 * memberAt(element, row + 1, index));
  }
  const column = 2 * index;
  const upper = memberAt(element, row, column) + 2 * memberAt(element, row, column + 1);
  const lower = memberAt(element, row + 1, column) + 2 * memberAt(element, row + 1, column + 1);
  return QUARTERS.charAt(upper + 4 * lower);
}

/** Heavy upper or lower half where the origin's row is. */
function leftMark(line: number, originRow: number): string {
  if (originRow === 2 * line) return "╿";
  return originRow === 2 * line + 1 ? "╽" : "│";
}

/** Heavy where the origin's column is: the whole character, or its left or right half. */
function topMark(index: number, originColumn: number, columnsPerCharacter: 1 | 2): string {
  if (columnsPerCharacter === 1) return originColumn === index ? "━" : "─";
  if (originColumn === 2 * index) return "╾";
  return originColumn === 2 * index + 1 ? "╼" : "─";
}
