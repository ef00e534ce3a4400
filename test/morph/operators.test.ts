import { describe, expect, test } from "vitest";
import { interpretModule } from "../../src/ir/interpret.js";
import { parseModule } from "../../src/ir/parse.js";
import { type BitImage, buildBitImage, countDifferences, readPixel } from "../../src/morph/bit-image.js";
import type { BorderRule } from "../../src/morph/border.js";
import { namedElement } from "../../src/morph/named-element.js";
import { applyOperator, dilate, erode, MORPHOLOGICAL_OPERATORS } from "../../src/morph/operators.js";
import { createStream } from "../../src/morph/random.js";
import {
  elementOffsets,
  parseElement,
  printElement,
  type StructuringElement,
} from "../../src/morph/structuring-element.js";

const BORDERS: readonly BorderRule[] = ["replicate", "zeros"];

const ELEMENTS: readonly StructuringElement[] = [
  ...["disk7", "hstick7", "vstick5", "dcross7", "square2", "rect4x3", "diag5", "antidiag4", "disk1", "hstick71"].map(
    namedElement,
  ),
  parseElement('3x4@1,2 "0110/1111/0000"'),
  parseElement('1x2@0,-35 "10"'),
  parseElement('2x1@5,0 "1/1"'),
  parseElement('1x1@0,0 "0"'),
];

const SIZES = [
  [1, 1],
  [5, 31],
  [9, 32],
  [7, 33],
  [20, 70],
  [3, 0],
  [0, 4],
] as const;

function noise(height: number, width: number, density: number, seed: number): BitImage {
  const random = createStream(seed, height, width);
  return buildBitImage(height, width, () => random.uniform() < density);
}

describe("erosion and dilation", () => {
  test("are what the definitions say, pixel by pixel", () => {
    for (const element of ELEMENTS) {
      const offsets = elementOffsets(element);
      for (const border of BORDERS) {
        for (const [height, width] of SIZES) {
          for (const density of [0.1, 0.9]) {
            const image = noise(height, width, density, 1);
            const eroded = buildBitImage(height, width, (row, column) =>
              offsets.every((b) => readPixel(image, row + b.row, column + b.column, border) === 1),
            );
            const dilated = buildBitImage(height, width, (row, column) =>
              offsets.some((b) => readPixel(image, row - b.row, column - b.column, border) === 1),
            );
            expect(erode(image, element, border)).toEqual(eroded);
            expect(dilate(image, element, border)).toEqual(dilated);
          }
        }
      }
    }
  });

  test("ignore the tail bits of what they are given", () => {
    const image = noise(4, 40, 0.5, 2);
    const dirty = { ...image, words: image.words.map((word, index) => (index % 2 === 1 ? word | 0xffffff00 : word)) };
    for (const operator of MORPHOLOGICAL_OPERATORS) {
      for (const border of BORDERS) {
        const [clean, other] = [image, dirty].map((each) =>
          applyOperator(operator, each, namedElement("disk5"), border),
        );
        expect(other).toEqual(clean);
      }
    }
  });
});

describe("operators", () => {
  test("are the same as modules of MorphIR", () => {
    for (const element of ELEMENTS) {
      for (const border of BORDERS) {
        const by = `by ${printElement(element)} border ${border}`;
        const texts: Record<string, string> = {
          opening: `%a = erosion %x ${by}\n%y = dilation %a ${by}`,
          closing: `%a = dilation %x ${by}\n%y = erosion %a ${by}`,
          "white-tophat": `%a = erosion %x ${by}\n%b = dilation %a ${by}\n%c = complement %b\n%y = intersection %x %c`,
          "black-tophat": `%a = dilation %x ${by}\n%b = erosion %a ${by}\n%c = complement %x\n%y = intersection %b %c`,
        };
        for (const [operator, text] of Object.entries(texts)) {
          const module = parseModule(`module "m" (input 1x?x? bits) {\n%x = input 0\n${text}\noutput %y\n}\n`);
          const image = noise(12, 45, 0.6, 3);
          const outcome = interpretModule(module, { kind: "bits", height: 12, width: 45, channels: [image] });
          const expected = outcome.kind === "images" ? outcome.images[0] : undefined;
          const name = MORPHOLOGICAL_OPERATORS.find((each) => each === operator) ?? "erosion";
          expect(applyOperator(name, image, element, border)).toEqual(expected);
        }
      }
    }
  });

  test("opening and closing are idempotent away from the frame, and order what they make", () => {
    const image = noise(60, 60, 0.7, 4);
    const element = namedElement("disk3");
    // A frame of zeros wide enough that no window sees beyond it.
    const framed = buildBitImage(80, 80, (row, column) => readPixel(image, row - 10, column - 10, "zeros"));
    for (const operator of ["opening", "closing"] as const) {
      const once = applyOperator(operator, framed, element, "zeros");
      expect(countDifferences(once, applyOperator(operator, once, element, "zeros"))).toBe(0);
      const beyond =
        operator === "opening"
          ? once.words.map((word, i) => word & ~(framed.words[i] ?? 0))
          : framed.words.map((word, i) => word & ~(once.words[i] ?? 0));
      expect(beyond.every((word) => word === 0)).toBe(true);
    }
  });
});
