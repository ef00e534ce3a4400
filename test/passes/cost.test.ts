/** The cost model against what lowering makes of modules: it need not tell how long code is, but which of two is longer. */
import { describe, expect, test } from "vitest";
import type { MorphModule } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { createLowering } from "../../src/lower/lowering.js";
import { costOfTurn } from "../../src/lower/row-block.js";
import { namedElement } from "../../src/morph/named-element.js";
import { printElement } from "../../src/morph/structuring-element.js";
import { bitOperations, operationsPerPixel, thresholdCost } from "../../src/passes/cost.js";
import { targetWithLanes } from "../lower/targets.js";

function moduleOf(lines: readonly string[]): MorphModule {
  const last = /^%\w+/.exec(lines.at(-1) ?? "")?.[0];
  return parseModule(`module "m" (input 1x?x? bits) {\n%x = input 0\n${lines.join("\n")}\noutput ${last}\n}`);
}

/** Operators, loads and stores for a word of the output, in the straight-line code of all stages. */
function loweredOperations(module: MorphModule): number {
  const { stages, schedule, target } = createLowering(module, targetWithLanes(4));
  return stages.reduce((sum, { form, values, block }) => {
    expect(form).toBe("straight");
    const { operators, loads } = costOfTurn(schedule, values, block, target);
    return sum + (operators + loads) / block.rows + values.length;
  }, 0);
}

const erosion = (result: string, input: string, name: string): string =>
  `%${result} = erosion %${input} by ${printElement(namedElement(name))} border replicate`;

const NAMES = [
  "square3",
  "scross3",
  "disk5",
  "disk7",
  "hstick7",
  "vstick7",
  "dcross7",
  "rect9x9",
  "hstick15",
  "disk15",
];

describe("figures follow the code that is generated", () => {
  test.each(NAMES)("for %s", (name) => {
    const module = moduleOf([erosion("y", "x", name)]);
    const ratio = bitOperations(module) / loweredOperations(module);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });

  test.each([
    ["square3", "square3"],
    ["disk5", "scross3"],
    ["hstick7", "vstick7"],
    ["disk7", "disk5"],
  ])("for %s and %s in turn", (first, second) => {
    const module = moduleOf([erosion("a", "x", first), erosion("y", "a", second)]);
    const ratio = bitOperations(module) / loweredOperations(module);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });
});

describe("counts", () => {
  const extra = (lines: readonly string[]): number =>
    bitOperations(moduleOf(lines)) - bitOperations(moduleOf(["%a = union %x"]));

  test("joins and complements", () => {
    const two = ['%a = erosion %x by 1x1@-1,0 "1" border zeros', '%b = erosion %x by 1x1@1,0 "1" border zeros'];
    const base = extra([...two, "%y = intersection %a %b"]);
    expect(extra([...two, "%n = complement %b", "%y = intersection %a %n"])).toBe(base);
    expect(extra([...two, "%n = complement %b", "%y = union %a %n"])).toBe(base + 1);
    expect(extra([...two, "%m = complement %a", "%n = complement %b", "%y = intersection %m %n"])).toBe(base + 1);
    expect(extra([...two, "%y = intersection %a %b %a", "%z = union %y %y"])).toBe(base);
  });

  test("full and half adders of a sum, and the digits of its comparison", () => {
    const offset = { row: 0, column: 0 };
    const terms = (...weights: readonly bigint[]): { input: number; offset: typeof offset; weight: bigint }[] =>
      weights.map((weight, input) => ({ input, offset, weight }));
    // One full adder, two digits.
    expect(thresholdCost({ terms: terms(1n, 1n, 1n), bound: 1n })).toBe(5 + 2);
    // No adder: every digit is one input.
    expect(thresholdCost({ terms: terms(4n, 2n, 1n), bound: 3n })).toBe(3);
    // A half adder, whose carry is added to the second digit by another one.
    expect(thresholdCost({ terms: terms(1n, 1n, 2n), bound: 2n })).toBe(2 + 2 + 3);
    expect(thresholdCost({ terms: terms(-1n, 1n, 1n), bound: 0n })).toBe(5 + 2 + 1);
  });

  test("images of a quarter of the size a quarter", () => {
    const half = [
      "%h = subsample %x",
      "%n = complement %h",
      "%y = complement %x",
      "%z = subsample %y",
      "%u = union %n %z",
    ];
    const full = ["%h = subsample %x", "%y = complement %x", "%z = subsample %y", "%u = union %h %z"];
    expect(bitOperations(moduleOf(half)) - bitOperations(moduleOf(full))).toBe(1 / 4);
  });

  test("operations of vectors", () => {
    const module = moduleOf([erosion("y", "x", "square3")]);
    expect(operationsPerPixel(module, { lanes: 1 })).toBe(bitOperations(module) / 32);
    expect(operationsPerPixel(module, { lanes: 8 })).toBe(bitOperations(module) / 256);
  });
});
