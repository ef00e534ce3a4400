/** Structuring elements by name: `disk7`, `hstick9`, `rect3x5`. */
import { fail } from "../diagnostics.js";
import { elementFromKernel, parseElement, type StructuringElement } from "./structuring-element.js";

/** Largest side of an element, as of a kernel. */
const LARGEST_SIDE = 255;

/** One family of elements, a member for every size. */
interface Family {
  readonly name: string;
  readonly meaning: string;
  /** Rows and columns of the window for a size. */
  readonly window: (size: number) => readonly [height: number, width: number];
  /** Whether the offset is a member; `size` is that of the name. */
  readonly contains: (row: number, column: number, size: number) => boolean;
}

const square = (size: number): readonly [number, number] => [size, size];

const FAMILIES: readonly Family[] = [
  {
    name: "disk",
    meaning: "disk of that diameter: row² + column² ≤ ⌊diameter / 2⌋²",
    window: square,
    contains: (row, column, size) => row * row + column * column <= Math.floor(size / 2) ** 2,
  },
  { name: "hstick", meaning: "horizontal line", window: (size) => [1, size], contains: () => true },
  { name: "vstick", meaning: "vertical line", window: (size) => [size, 1], contains: () => true },
  {
    name: "dcross",
    meaning: "both diagonals",
    window: square,
    contains: (row, column) => row === column || row === -column,
  },
  { name: "scross", meaning: "row and column", window: square, contains: (row, column) => row === 0 || column === 0 },
  { name: "square", meaning: "square", window: square, contains: () => true },
  { name: "diag", meaning: "diagonal from top left", window: square, contains: (row, column) => row === column },
  {
    name: "antidiag",
    meaning: "diagonal from bottom left",
    window: square,
    contains: (row, column) => row === -column,
  },
];

/** Other names of families, by which image processing libraries know them. */
const SYNONYMS: Readonly<Record<string, string>> = { rect: "square", cross: "scross" };

/** What may be asked for, in one line a family. */
export const ELEMENT_NAMES: readonly { readonly example: string; readonly meaning: string }[] = [
  ...FAMILIES.map(({ name, meaning }) => ({ example: `${name}7`, meaning })),
  { example: "rect3x5", meaning: "rectangle, height × width" },
];

/**
 * The element of a name: a family and a size of 1 to 255, or `rectHxW`, or `HxW` for short. The origin is ⌊size / 2⌋, as a kernel's, and
 * offsets are those of the textbook: the dilation by the element is {x + b}, see docs/ir.md. Elements of odd size equal
 * their own reflection, so that a neuron's kernel looks the same for an erosion and for a dilation. Any other
 * element is written out, `3x3@1,1 "110/010/000"`, as in MorphIR; the quotes may be left out.
 * @throws DiagnosticError BMN0801 for an unknown name or size, BMN0401 for an element that is written out badly
 */
export function namedElement(text: string): StructuringElement {
  if (text.includes("@")) return parseElement(text.replace(/ ([01/]*)$/, ' "$1"'));
  const rectangle = /^(?:rect)?(\d{1,3})x(\d{1,3})$/.exec(text);
  if (rectangle !== null) {
    const [height, width] = [checkSide(rectangle[1], text), checkSide(rectangle[2], text)];
    return elementFromKernel(height, width, Array<boolean>(height * width).fill(true));
  }
  const [, name, digits] = /^([a-z]+)(\d{1,3})$/.exec(text) ?? [];
  const family = FAMILIES.find((each) => each.name === (SYNONYMS[name ?? ""] ?? name));
  if (family === undefined) return refuse(text, "is unknown");
  const size = checkSide(digits, text);
  const [height, width] = family.window(size);
  const [originRow, originColumn] = [Math.floor(height / 2), Math.floor(width / 2)];
  const members = Array.from({ length: height * width }, (_, index) =>
    family.contains(Math.floor(index / width) - originRow, (index % width) - originColumn, size),
  );
  return elementFromKernel(height, width, members);
}

function checkSide(digits: string | undefined, text: string): number {
  const side = Number(digits);
  return side >= 1 && side <= LARGEST_SIDE ? side : refuse(text, `has a side that is not 1 to ${LARGEST_SIDE}`);
}

function refuse(text: string, why: string): never {
  fail("BMN0801", `the structuring element ${JSON.stringify(text.slice(0, 40))} ${why}`, {
    hint: `name one with its size, as in ${ELEMENT_NAMES.map(({ example }) => example).join(", ")}`,
  });
}
