import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpretModule, interpretValues } from "../../src/ir/interpret.js";
import { parseModule } from "../../src/ir/parse.js";
import {
  type BitImage,
  bitImageFromRows,
  bitImageToRows,
  createBitImage,
  getPixel,
} from "../../src/morph/bit-image.js";
import type { BorderRule } from "../../src/morph/border.js";
import type { Picture } from "../../src/morph/picture.js";
import {
  elementOffsets,
  printElement,
  reflectElement,
  type StructuringElement,
} from "../../src/morph/structuring-element.js";
import {
  arbitraryBitImage,
  arbitraryElement,
  arbitraryModule,
  arbitraryPicture,
  WIDTHS,
} from "../support/arbitrary-module.js";
import { renderFailure } from "../support/error-cases.js";

/** Rows of the only output image of a module of one binary channel `%x` that is written by its `lines`. */
function run(lines: readonly string[], image: BitImage): string[] {
  const module = parseModule(
    ['module "m" (input 1x?x? bits) {', "%x = input 0", ...lines, `output ${lines.at(-1)?.split(" ")[0]}`, "}"].join(
      "\n",
    ),
  );
  const outcome = interpretModule(module, {
    kind: "bits",
    height: image.height,
    width: image.width,
    channels: [image],
  });
  if (outcome.kind !== "images") throw new Error(`expected images, got ${outcome.kind}`);
  return bitImageToRows(outcome.images[0]!);
}

const rowsOf = (image: BitImage): string[] => bitImageToRows(image);
const picture = (image: BitImage): Picture => ({
  kind: "bits",
  height: image.height,
  width: image.width,
  channels: [image],
});

type Points = Set<string>;
const key = (row: number, column: number): string => `${row},${column}`;

/** The points of the image and of its surroundings as far as `reach`, as the border rule continues it. */
function pointsAround(image: BitImage, border: BorderRule, reach: number): Points {
  const points: Points = new Set();
  const clamp = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value));
  for (let row = -reach; row < image.height + reach; row++) {
    for (let column = -reach; column < image.width + reach; column++) {
      const nearest = [clamp(row, image.height), clamp(column, image.width)] as const;
      const inside = nearest[0] === row && nearest[1] === column;
      if (getPixel(image, ...nearest) === 1 && (inside || border === "replicate")) points.add(key(row, column));
    }
  }
  return points;
}

function rowsOfPoints(points: Points, { height, width }: BitImage): string[] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => (points.has(key(row, column)) ? "1" : "0")).join(""),
  );
}

/** X ⊕ B = {x + b : x ∈ X, b ∈ B}. */
function minkowskiSum(points: Points, element: StructuringElement): Points {
  const sum: Points = new Set();
  for (const point of points) {
    const [row, column] = point.split(",").map(Number) as [number, number];
    for (const offset of elementOffsets(element)) sum.add(key(row + offset.row, column + offset.column));
  }
  return sum;
}

/** X ⊖ B = ⋂ {X − b : b ∈ B}, within the frame. */
function minkowskiDifference(points: Points, element: StructuringElement, { height, width }: BitImage): Points {
  let rest: string[] = [];
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) rest.push(key(row, column));
  for (const offset of elementOffsets(element)) {
    const shifted: Points = new Set();
    for (const point of points) {
      const [row, column] = point.split(",").map(Number) as [number, number];
      shifted.add(key(row - offset.row, column - offset.column));
    }
    rest = rest.filter((point) => shifted.has(point));
  }
  return new Set(rest);
}

function reachOf(element: StructuringElement): number {
  return Math.max(0, ...elementOffsets(element).flatMap(({ row, column }) => [Math.abs(row), Math.abs(column)]));
}

const image = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...WIDTHS))
  .chain(([height, width]) => arbitraryBitImage(height, width));
const border = fc.constantFrom<BorderRule>("replicate", "zeros");
const element = arbitraryElement.filter((each) => reachOf(each) <= 12);

describe("erosion and dilation", () => {
  test("are the Minkowski difference and sum of point sets", () => {
    fc.assert(
      fc.property(image, element, border, (x, b, rule) => {
        const points = pointsAround(x, rule, reachOf(b));
        const by = `%x by ${printElement(b)} border ${rule}`;
        expect(run([`%d = dilation ${by}`], x)).toEqual(rowsOfPoints(minkowskiSum(points, b), x));
        expect(run([`%e = erosion ${by}`], x)).toEqual(rowsOfPoints(minkowskiDifference(points, b, x), x));
      }),
    );
  });

  test("are dual under complement and reflection where the border is replicated", () => {
    fc.assert(
      fc.property(image, arbitraryElement, (x, b) => {
        const eroded = run([`%e = erosion %x by ${printElement(b)} border replicate`], x);
        const reflected = printElement(reflectElement(b));
        const dual = [`%n = complement %x`, `%d = dilation %n by ${reflected} border replicate`, `%r = complement %d`];
        expect(run(dual, x)).toEqual(eroded);
      }),
    );
  });

  test("are not dual at an edge of zeros, for the complement is zero there too", () => {
    const x = bitImageFromRows(["111"]);
    const b = '1x3@0,1 "111"';
    expect(run([`%e = erosion %x by ${b} border zeros`], x)).toEqual(["010"]);
    expect(run(["%n = complement %x", `%d = dilation %n by ${b} border zeros`, "%r = complement %d"], x)).toEqual([
      "111",
    ]);
  });

  test("by the empty element are everything and nothing", () => {
    const x = bitImageFromRows(["10", "00"]);
    expect(run(['%e = erosion %x by 1x1@0,0 "0" border zeros'], x)).toEqual(["11", "11"]);
    expect(run(['%d = dilation %x by 1x1@0,0 "0" border replicate'], x)).toEqual(["00", "00"]);
  });
});

describe("golden pictures", () => {
  const dot = bitImageFromRows(["00000", "00000", "00100", "00000", "00000"]);

  test("a dilation draws the element around the dot, an erosion finds it", () => {
    const drawn = run(['%d = dilation %x by 3x3@1,1 "110/010/011" border zeros'], dot);
    expect(drawn).toEqual(["00000", "01100", "00100", "00110", "00000"]);
    expect(run(['%e = erosion %x by 3x3@1,1 "110/010/011" border zeros'], bitImageFromRows(drawn))).toEqual(
      rowsOf(dot),
    );
  });

  test("an element of even size is read around floor(size / 2)", () => {
    const kernel = '2x2@1,1 "11/11"';
    expect(run([`%d = dilation %x by ${kernel} border zeros`], dot)).toEqual([
      "00000",
      "01100",
      "01100",
      "00000",
      "00000",
    ]);
    expect(run([`%e = erosion %x by ${kernel} border zeros`], bitImageFromRows(["11", "11"]))).toEqual(["00", "01"]);
  });

  test("max-pooling is the dilation by that square, then every second pixel; odd edges are dropped", () => {
    const x = bitImageFromRows(["1000011", "0000000", "0001001", "0000001", "1111111"]);
    const pooled = run(['%d = dilation %x by 2x2@0,0 "11/11" border replicate', "%p = subsample %d"], x);
    const reflected = run(['%d = dilation %x by 2x2@1,1 "11/11" border replicate', "%p = subsample %d"], x);
    expect(reflected).toEqual(["101", "010"]);
    expect(pooled).not.toEqual(reflected);
  });

  test("an opening removes what the element does not fit into", () => {
    const x = bitImageFromRows(["1110001", "1110000", "1110110", "0000110"]);
    const square = '2x2@1,1 "11/11" border zeros';
    expect(run([`%e = erosion %x by ${square}`, `%r = dilation %e by ${square}`], x)).toEqual([
      "1110000",
      "1110000",
      "1110110",
      "0000110",
    ]);
  });

  test("joins, complements and constants", () => {
    const x = bitImageFromRows(["0011", "0101"]);
    const shifted = '%s = dilation %x by 1x1@0,-1 "1" border zeros';
    expect(run([shifted], x)).toEqual(["0001", "0010"]);
    expect(run([shifted, "%u = union %x %s"], x)).toEqual(["0011", "0111"]);
    expect(run([shifted, "%i = intersection %x %s"], x)).toEqual(["0001", "0000"]);
    expect(run(["%n = complement %x"], x)).toEqual(["1100", "1010"]);
    expect(run(["%c = constant 1 like %x"], x)).toEqual(["1111", "1111"]);
    expect(run(["%c = constant 0 like %x"], x)).toEqual(["0000", "0000"]);
  });

  test("level sets compare the stored byte", () => {
    const module = parseModule(`module "m" (input 2x?x? bytes) {
      %all = level-set 0 >= 0
      %some = level-set 1 >= 128
      %none = level-set 0 >= 256
      output %all %some %none
    }`);
    const channels = [Uint8Array.of(0, 255, 3, 4), Uint8Array.of(127, 128, 129, 0)];
    const outcome = interpretModule(module, { kind: "bytes", height: 2, width: 2, channels });
    expect(outcome.kind === "images" && outcome.images.map(rowsOf)).toEqual([
      ["11", "11"],
      ["01", "10"],
      ["00", "00"],
    ]);
  });

  test("a threshold reads by its own border rule and compares strictly", () => {
    const x = bitImageFromRows(["1001"]);
    expect(run(["%t = threshold 1*%x(0,-1) + 1*%x + 1*%x(0,1) > 1 border replicate"], x)).toEqual(["1001"]);
    expect(run(["%t = threshold 1*%x(0,-1) + 1*%x + 1*%x(0,1) > 1 border zeros"], x)).toEqual(["0000"]);
    expect(run(["%t = threshold 2*%x(0,-1) - 1*%x > 0 border zeros"], x)).toEqual(["0100"]);
    expect(run(["%t = threshold 1*%x > -1 border zeros"], x)).toEqual(["1111"]);
  });

  test("a picture without columns after sub-sampling is answered", () => {
    expect(
      run(
        ["%s = subsample %x", '%e = erosion %s by 3x3@1,1 "111/111/111" border replicate'],
        bitImageFromRows(["1", "1", "1"]),
      ),
    ).toEqual([""]);
  });
});

describe("thresholds of bits equal their truth tables", () => {
  const weight = fc.oneof(
    fc.bigInt({ min: -9n, max: 9n }),
    fc.bigInt({ min: -(2n ** 53n) - 2n, max: 2n ** 53n + 2n }),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  );

  test("with weights of any size", () => {
    fc.assert(
      fc.property(
        fc.array(weight, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.integer({ min: -1, max: 1 }),
        (weights, chosen, nudge) => {
          const sumOf = (pattern: number): bigint =>
            weights.reduce((sum, each, index) => (((pattern >> index) & 1) === 1 ? sum + each : sum), 0n);
          const patterns = 2 ** weights.length;
          const bound = sumOf(chosen % patterns) + BigInt(nudge);
          const terms = weights.map((each, index) => `${index === 0 ? "" : "+ "}${each}*%b${index}`);
          const module = parseModule(`module "m" (input 1x1x${weights.length} bits) {
          %x = input 0
          %v = flatten %x
          ${weights.map((_, index) => `%b${index} = element %v ${index}`).join("\n")}
          %t = threshold ${terms.join(" ")} > ${bound} border zeros
          %r = flatten %t
          output %r
        }`);
          for (let pattern = 0; pattern < patterns; pattern++) {
            const sample = createBitImage(1, weights.length);
            sample.words[0] = pattern;
            const outcome = interpretModule(module, picture(sample));
            expect(outcome).toEqual({ kind: "bits", bits: Uint8Array.of(sumOf(pattern) > bound ? 1 : 0) });
          }
        },
      ),
    );
  });

  test("at the edge of exact doubles", () => {
    const answer = (big: bigint, bound: bigint): string[] =>
      run([`%t = threshold ${big}*%x + 1*%x > ${bound} border zeros`], bitImageFromRows(["1"]));
    expect(answer(2n ** 53n, 2n ** 53n)).toEqual(["1"]);
    expect(answer(2n ** 53n, 2n ** 53n + 1n)).toEqual(["0"]);
    expect(answer(2n ** 52n - 1n, 2n ** 52n - 1n)).toEqual(["1"]);
    expect(answer(2n ** 52n - 1n, 2n ** 52n)).toEqual(["0"]);
  });
});

describe("samples", () => {
  const sample = picture(bitImageFromRows(["101", "010"]));

  test("flatten is row-major, one operand after the other", () => {
    const module = parseModule(`module "m" (input 1x2x3 bits) {
      %x = input 0
      %v = flatten %x
      %a = element %v 2
      %b = element %v 3
      %n = complement %b
      %u = union %a %b
      %i = intersection %a %b %n
      %c = constant 1 like %i
      %r = flatten %b %x %a %n %u %i %c
      output %r
    }`);
    expect(interpretModule(module, sample)).toEqual({
      kind: "bits",
      bits: Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1),
    });
  });

  test("a read-out adds the weights of the set bits; the first of equal scores wins", () => {
    const module = parseModule(`module "m" (input 1x2x3 bits) {
      %x = input 0
      %v = flatten %x
      %s = readout %v 2^-3 {
        class tanh weights 1 100 -2 100 4 100 bias 10
        class tanh weights 0 0 0 0 0 0 bias 13
        class step weights 18446744073709551616 0 0 0 0 0 bias -18446744073709551603
        class identity weights 0 0 0 0 -1 0 bias 0
      }
      output %s
    }`);
    expect(interpretModule(module, sample)).toEqual({ kind: "scores", class: 0, scores: [13n, 13n, 13n, -1n] });
  });

  test("interpretValues returns what every value holds", () => {
    const module = parseModule(`module "m" (input 1x2x3 bits) {
      %x = input 0
      %v = flatten %x
      %a = element %v 4
      output %v
    }`);
    const [x, v, a] = interpretValues(module, sample);
    expect(x?.kind === "image" && rowsOf(x.image)).toEqual(["101", "010"]);
    expect(v).toEqual({ kind: "vector", bits: Uint8Array.of(1, 0, 1, 0, 1, 0) });
    expect(a).toEqual({ kind: "bit", bit: 1 });
  });
});

describe("pictures", () => {
  const module = parseModule(`module "m" (input 2x?x3 bits) {
    %x = input 0
    output %x
  }`);
  const plane = bitImageFromRows(["101"]);

  test.each<[string, Picture, string]>([
    [
      "of bytes",
      { kind: "bytes", height: 1, width: 3, channels: [new Uint8Array(3), new Uint8Array(3)] },
      "error BMN0604: the network reads bits, the picture holds bytes",
    ],
    [
      "of one channel",
      { kind: "bits", height: 1, width: 3, channels: [plane] },
      "error BMN0604: the network reads 2 channels, the picture has 1",
    ],
    [
      "of another width",
      { kind: "bits", height: 1, width: 2, channels: [plane, plane] },
      "error BMN0603: the network reads pictures of ?×3, got 1×2",
    ],
  ])("%s are refused", (_, wrong, expected) => {
    expect(renderFailure(() => interpretModule(module, wrong))).toBe(expected);
  });

  test.each(["images", "samples"] as const)("may hold anything in their tail bits, with modules of %s", (kind) => {
    const both = arbitraryModule(kind).chain((each) => fc.tuple(fc.constant(each), arbitraryPicture(each)));
    fc.assert(
      fc.property(both, ([each, given]) => {
        const outcome = interpretModule(each, given);
        const clean: Picture =
          given.kind === "bytes"
            ? given
            : { ...given, channels: given.channels.map((channel) => bitImageFromRows(rowsOf(channel))) };
        expect(outcome).toEqual(interpretModule(each, clean));
        if (outcome.kind !== "images") return;
        for (const result of outcome.images) expect(result).toEqual(withoutTail(result));
      }),
      { numRuns: 50 },
    );
  });
});

/** The image rebuilt pixel by pixel, so that its tail bits are zero. */
function withoutTail(source: BitImage): BitImage {
  const copy = createBitImage(source.height, source.width);
  for (const [row, text] of rowsOf(source).entries()) {
    for (const [column, digit] of [...text].entries()) {
      if (digit === "1") copy.words[row * copy.strideWords + Math.floor(column / 32)]! += 2 ** (column % 32);
    }
  }
  return copy;
}
