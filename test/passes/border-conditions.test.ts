/** Laws with a border condition: what would go wrong without it, and that the pass does not go wrong. */
import { describe, expect, test } from "vitest";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { BorderRule } from "../../src/morph/border.js";
import type { Picture } from "../../src/morph/picture.js";
import { foldConstants } from "../../src/passes/fold-constants.js";
import { mergeChains } from "../../src/passes/merge-chains.js";
import type { Pass } from "../../src/passes/pass.js";
import { pushComplements } from "../../src/passes/push-complements.js";
import { countOutcomeDifferences } from "../differential/outcomes.js";

/** A module of one channel; the last line is the output. */
function moduleOf(lines: readonly string[]): MorphModule {
  const last = /^%\w+/.exec(lines.at(-1) ?? "")?.[0];
  return parseModule(`module "m" (input 1x?x? bits) {\n%x = input 0\n${lines.join("\n")}\noutput ${last}\n}`);
}

/** All pictures of 1 to 3 rows and columns. */
const PICTURES: readonly Picture[] = [1, 2, 3].flatMap((height) =>
  [1, 2, 3].flatMap((width) =>
    Array.from({ length: 2 ** (height * width) }, (_, bits): Picture => {
      const image = buildBitImage(height, width, (row, column) => (bits >> (row * width + column)) & 1);
      return { kind: "bits", height, width, channels: [image] };
    }),
  ),
);

function differingPictures(a: MorphModule, b: MorphModule): number {
  return PICTURES.filter(
    (picture) => countOutcomeDifferences(interpretModule(a, picture), interpretModule(b, picture)) > 0,
  ).length;
}

interface Case {
  readonly law: string;
  readonly pass: Pass;
  readonly left: (border: BorderRule) => readonly string[];
  /** What the law makes of it where it holds. */
  readonly right: (border: BorderRule) => readonly string[];
  /** Border rules under which it does, and does not. */
  readonly holds: readonly BorderRule[];
  readonly fails: readonly BorderRule[];
}

const SQUARE = '3x3@1,1 "111/111/111"';
const CROSS = '3x3@1,1 "010/111/010"';
const LARGE = '5x5@2,2 "11111/11111/11111/11111/11111"';

const CASES: readonly Case[] = [
  {
    law: "1 ⊖ B = 1",
    pass: foldConstants,
    left: (border) => ["%c = constant 1 like %x", `%y = erosion %c by ${SQUARE} border ${border}`],
    right: () => ["%y = constant 1 like %x"],
    holds: ["replicate"],
    fails: ["zeros"],
  },
  {
    law: "1 ⊕ B = 1 where 0 ∉ B",
    pass: foldConstants,
    left: (border) => ["%c = constant 1 like %x", `%y = dilation %c by 1x1@0,1 "1" border ${border}`],
    right: () => ["%y = constant 1 like %x"],
    holds: ["replicate"],
    fails: ["zeros"],
  },
  {
    law: "1 ⊕ B = 1 where 0 ∈ B",
    pass: foldConstants,
    left: (border) => ["%c = constant 1 like %x", `%y = dilation %c by ${SQUARE} border ${border}`],
    right: () => ["%y = constant 1 like %x"],
    holds: ["replicate", "zeros"],
    fails: [],
  },
  {
    law: "a term on 1 beside the own pixel adds its weight",
    pass: foldConstants,
    left: (border) => ["%c = constant 1 like %x", `%y = threshold 1*%c(0,1) + 1*%x > 1 border ${border}`],
    right: (border) => [`%y = threshold 1*%x > 0 border ${border}`],
    holds: ["replicate"],
    fails: ["zeros"],
  },
  {
    law: "¬(¬X ⊖ B) = X ⊕ B̌",
    pass: pushComplements,
    left: (border) => ["%n = complement %x", `%e = erosion %n by ${CROSS} border ${border}`, "%y = complement %e"],
    right: (border) => [`%y = dilation %x by ${CROSS} border ${border}`],
    holds: ["replicate"],
    fails: ["zeros"],
  },
  {
    law: "¬(¬X ⊕ B) = X ⊖ B̌",
    pass: pushComplements,
    left: (border) => ["%n = complement %x", `%e = dilation %n by 1x2@0,0 "11" border ${border}`, "%y = complement %e"],
    right: (border) => [`%y = erosion %x by 1x2@0,1 "11" border ${border}`],
    holds: ["replicate"],
    fails: ["zeros"],
  },
  {
    law: "w·¬x = w − w·x beside the own pixel",
    pass: pushComplements,
    left: (border) => ["%n = complement %x", `%y = threshold 1*%n(0,1) + 1*%n(1,0) + 1*%x > 1 border ${border}`],
    right: (border) => [`%y = threshold -1*%x(0,1) - 1*%x(1,0) + 1*%x > -1 border ${border}`],
    holds: ["replicate"],
    fails: ["zeros"],
  },
  {
    law: "w·¬x = w − w·x at the own pixel",
    pass: pushComplements,
    left: (border) => ["%n = complement %x", `%y = threshold 1*%n + 1*%x(1,0) + 1*%x(0,1) > 1 border ${border}`],
    right: (border) => [`%y = threshold -1*%x + 1*%x(1,0) + 1*%x(0,1) > 0 border ${border}`],
    holds: ["replicate", "zeros"],
    fails: [],
  },
  {
    law: "(X ⊖ A) ⊖ B = X ⊖ (A ⊕ B), A and B boxed",
    pass: mergeChains,
    left: (border) => [
      `%a = erosion %x by ${SQUARE} border ${border}`,
      `%y = erosion %a by ${SQUARE} border ${border}`,
    ],
    right: (border) => [`%y = erosion %x by ${LARGE} border ${border}`],
    holds: ["replicate", "zeros"],
    fails: [],
  },
  {
    law: "(X ⊖ A) ⊖ B = X ⊖ (A ⊕ B), A a shift away from the origin and B back",
    pass: mergeChains,
    left: (border) => [
      `%a = erosion %x by 1x1@0,-1 "1" border ${border}`,
      `%y = erosion %a by 1x2@0,1 "11" border ${border}`,
    ],
    right: (border) => [`%y = erosion %x by 1x2@0,0 "11" border ${border}`],
    holds: [],
    fails: ["replicate", "zeros"],
  },
  {
    law: "(X ⊖ A) ⊖ B = X ⊖ (A ⊕ B), diagonals",
    pass: mergeChains,
    left: (border) => [
      `%a = erosion %x by 2x2@0,0 "10/01" border ${border}`,
      `%y = erosion %a by 2x2@1,1 "10/01" border ${border}`,
    ],
    right: (border) => [`%y = erosion %x by 3x3@1,1 "100/010/001" border ${border}`],
    holds: ["zeros"],
    fails: ["replicate"],
  },
  {
    law: "(X ⊕ A) ⊕ B = X ⊕ (A ⊕ B) through the outside",
    pass: mergeChains,
    left: (border) => [
      `%a = dilation %x by 1x1@0,-1 "1" border ${border}`,
      `%y = dilation %a by 1x1@0,1 "1" border ${border}`,
    ],
    right: () => ['%y = dilation %x by 1x1@0,0 "1" border zeros'],
    holds: [],
    fails: ["replicate", "zeros"],
  },
];

describe.each(CASES.map((each) => [each.law, each] as const))("%s", (_, { pass, left, right, holds, fails }) => {
  test.each(holds)(`holds with the border %s, and ${pass.name} uses it`, (border) => {
    const [before, after] = [moduleOf(left(border)), moduleOf(right(border))];
    expect(differingPictures(before, after)).toBe(0);
    const made = pass.run(before);
    expect(made.values.length).toBeLessThan(before.values.length);
    expect(differingPictures(before, made)).toBe(0);
  });

  if (fails.length > 0) {
    test.each(fails)(`fails with the border %s, where ${pass.name} leaves it`, (border) => {
      const [before, after] = [moduleOf(left(border)), moduleOf(right(border))];
      expect(differingPictures(before, after)).toBeGreaterThan(0);
      expect(printModule(pass.run(before))).toBe(printModule(before));
    });
  }
});
