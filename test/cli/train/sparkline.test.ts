import { expect, test } from "vitest";
import { sparkline } from "../../../src/cli/train/sparkline.js";

const { NaN: NONE, POSITIVE_INFINITY: INFINITY, MAX_VALUE } = Number;

test.each<[string, readonly number[], number, string]>([
  ["nothing", [], 10, ""],
  ["no room", [1, 2], 0, ""],
  ["eight levels", [0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"],
  ["fewer values than columns", [3, 1, 2], 40, "█▁▅"],
  // Means 1, 5 and 8.
  ["means of three each", [0, 1, 2, 4, 5, 6, 8, 8, 8], 3, "▁▅█"],
  // Five values in two columns: 0 1 and 2 3 4.
  ["uneven columns", [0, 1, 2, 3, 4], 2, "▁█"],
  ["one value", [-4], 5, "▄"],
  ["constant", [2, 2, 2, 2], 2, "▄▄"],
  ["gaps", [0, NONE, 7, INFINITY], 4, "▁ █ "],
  ["gaps within a column", [0, NONE, 7, INFINITY], 2, "▁█"],
  ["nothing finite", [NONE, NONE], 2, "  "],
  ["the whole range of doubles", [-MAX_VALUE, 0, MAX_VALUE], 3, "▁▅█"],
])("%s", (_, values, width, expected) => {
  expect(sparkline(values, width)).toBe(expected);
});
