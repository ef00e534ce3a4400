/** How much working memory a module has. */
import { acceptedSizes, entryParameters, type Index, type WordProgram } from "../../word/node.js";

/** Of scratch that is allocated for the largest picture: what no picture touches costs addresses and no memory. */
const MOST_FIXED_WORDS = 2 ** 20;

/** Words of a scratch that serves pictures of all sizes; null where it would be too large, and grows with the pictures. */
export function fixedScratchWords(program: WordProgram): number | null {
  if (program.scratchWords.kind === "constant") return program.scratchWords.value;
  const sizes = entryParameters(program).map(
    (parameter) => [parameter as string, acceptedSizes(program, parameter).greatest] as const,
  );
  const words = greatestValue(program.scratchWords, new Map(sizes), program.lanes);
  return words !== null && words <= MOST_FIXED_WORDS ? words : null;
}

/** Of an index that only grows with its variables, its value where they are greatest; null for others. */
function greatestValue(index: Index, greatest: ReadonlyMap<string, number>, lanes: number): number | null {
  const joined = (left: Index, right: Index, join: (a: number, b: number) => number): number | null => {
    const [a, b] = [greatestValue(left, greatest, lanes), greatestValue(right, greatest, lanes)];
    return a === null || b === null ? null : join(a, b);
  };
  switch (index.kind) {
    case "constant":
      return index.value;
    case "variable":
      return greatest.get(index.name) ?? null;
    case "lanes":
      return lanes;
    case "add":
      return joined(index.left, index.right, (a, b) => a + b);
    case "multiply":
      return joined(index.left, index.right, (a, b) => a * b);
    case "minimum":
      return joined(index.left, index.right, Math.min);
    case "maximum":
      return joined(index.left, index.right, Math.max);
    case "shift-right": {
      const value = greatestValue(index.value, greatest, lanes);
      return value === null ? null : Math.floor(value / 2 ** index.amount);
    }
    default:
      return null;
  }
}
