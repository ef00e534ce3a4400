/** The small pure parts of the command line. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeCertificate } from "../../src/cli/certificate.js";
import { drawElement } from "../../src/cli/draw-element.js";
import { compareOutcomes } from "../../src/cli/outcome.js";
import { describeOutcome, dyadicToNumber, outcomeFields } from "../../src/cli/outcome-text.js";
import { parseOutputPattern } from "../../src/cli/output-pattern.js";
import { layoutTable } from "../../src/cli/table.js";
import { checkInteger, parseLicense, parseList, parsePolicy, parseShape } from "../../src/cli/values.js";
import { bitImageFromRows } from "../../src/morph/bit-image.js";
import { createRandom } from "../../src/morph/random.js";
import { parseElement, type StructuringElement } from "../../src/morph/structuring-element.js";

describe("drawn structuring elements", () => {
  test("half blocks, the origin's row and column heavy", () => {
    expect(drawElement(parseElement('3x3@1,1 "010/111/010"'))).toEqual(["┌─━─┐", "╽▄█▄│", "│ ▀ │", "└───┘"]);
    expect(drawElement(parseElement('2x2@0,0 "10/01"'))).toEqual(["┌━─┐", "╿▀▄│", "└──┘"]);
    expect(drawElement(parseElement('1x2@5,-1 "11"'))).toEqual(["┌──┐", "│▀▀│", "└──┘"]);
  });

  /** Reads a drawing back, by the quadrants of Unicode's block elements. */
  function readDrawing(lines: readonly string[], height: number, width: number): boolean[] {
    const quadrants: Record<string, string> = {
      " ": "0000",
      "▘": "1000",
      "▝": "0100",
      "▀": "1100",
      "▖": "0010",
      "▌": "1010",
      "▞": "0110",
      "▛": "1110",
      "▗": "0001",
      "▚": "1001",
      "▐": "0101",
      "▜": "1101",
      "▄": "0011",
      "▙": "1011",
      "▟": "0111",
      "█": "1111",
    };
    const perCharacter = width > 64 ? 2 : 1;
    return Array.from({ length: height * width }, (_, index) => {
      const [row, column] = [Math.floor(index / width), index % width];
      const drawn = lines[1 + (row >> 1)]?.[1 + Math.floor(column / perCharacter)] ?? "";
      return quadrants[drawn]?.[2 * (row & 1) + (perCharacter === 2 ? column & 1 : 0)] === "1";
    });
  }

  test("every drawing can be read again", () => {
    const elements = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 2, 5, 64, 65, 66, 160), fc.infiniteStream(fc.boolean()))
      .map(([height, width, stream]): StructuringElement => {
        const members = Array.from({ length: height * width }, () => stream.next().value === true);
        return { height, width, originRow: 0, originColumn: 0, members };
      });
    fc.assert(
      fc.property(elements, (element) => {
        const lines = drawElement(element) ?? [];
        expect(readDrawing(lines, element.height, element.width)).toEqual(element.members);
        expect(new Set(lines.map((line) => line.length)).size).toBe(1);
      }),
    );
  });

  test("quarter blocks mark the half of a character that the origin is in", () => {
    const wide = (originColumn: number): StructuringElement => {
      return { height: 1, width: 66, originRow: 0, originColumn, members: Array.from({ length: 66 }, () => false) };
    };
    expect(drawElement(wide(2))?.[0]?.slice(0, 4)).toBe("┌─╾─");
    expect(drawElement(wide(3))?.[0]?.slice(0, 4)).toBe("┌─╼─");
    expect(drawElement({ ...wide(0), width: 161, members: [] })).toBeNull();
  });
});

test("tables align their columns", async () => {
  const table = await layoutTable(
    ["name", "n"],
    [
      ["a", "1"],
      ["long name", "200"],
    ],
    [1],
  );
  expect(table).toBe("name         n\na            1\nlong name  200");
});

describe("values of options", () => {
  test("shapes", () => {
    expect(parseShape("28x30")).toEqual({ height: 28, width: 30 });
    expect(parseShape("1×65535")).toEqual({ height: 1, width: 65535 });
    for (const text of ["", "28", "0x5", "65536x1", "-1x5", "2 x 2", "5x5x5"]) {
      expect(() => parseShape(text)).toThrow("--shape");
    }
  });

  test("policies, licences, lists, integers", () => {
    expect((["auto", "exact", "approximate", "approximate=constant"] as const).map(parsePolicy)).toEqual([
      "auto",
      "exact",
      "approximate-constant",
      "approximate-constant",
    ]);
    expect(parseLicense("(MIT OR Apache-2.0)")).toBe("(MIT OR Apache-2.0)");
    expect(() => parseLicense("MIT */ evil")).toThrow("SPDX");
    expect(() => parseLicense("MIT\nevil")).toThrow("SPDX");
    expect(parseList("target", ["c,js", "c", "wasm"])).toEqual(["c", "js", "wasm"]);
    expect(() => parseList("target", ",")).toThrow("names nothing");
    expect(() => checkInteger("seed", 1.5, 0, 9)).toThrow("integer from 0 to 9");
    expect(() => checkInteger("seed", Number.NaN, 0, 9)).toThrow("integer from 0 to 9");
  });

  test("output patterns", () => {
    const pattern = parseOutputPattern("out/%p-%c.PNG", ["a/b.png", "c.pgm+d.pgm"]);
    expect(pattern).toMatchObject({ format: "png", perChannel: true });
    expect(pattern.pathOf("a/b.png", 1)).toBe("out/b-1.PNG");
    expect(pattern.pathOf("x/c.pgm+d.pgm", 0)).toBe("out/c-0.PNG");
    expect(parseOutputPattern("%p.pbm", ["-"]).pathOf("-", 0)).toBe("stdin.pbm");
    expect(parseOutputPattern("%p.pbm", ["$&.png"]).pathOf("$&.png", 0)).toBe("$&.pbm");
    expect(() => parseOutputPattern("a.jpg", ["a"])).toThrow(".png or .pbm");
    expect(() => parseOutputPattern("a.png", ["a", "b"])).toThrow("%p");
    expect(() => parseOutputPattern("-", ["a", "b"])).toThrow("one picture");
  });
});

describe("answers", () => {
  test("z is the nearest double, whatever its size", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: -1074, max: 900 }), (value, exponent) => {
        const direct = value * 2 ** Math.trunc(exponent / 2) * 2 ** (exponent - Math.trunc(exponent / 2));
        expect(dyadicToNumber(BigInt(value), exponent) + 0).toBe(direct + 0);
      }),
    );
    expect(dyadicToNumber(3n << 1200n, -1200)).toBe(3);
    expect(dyadicToNumber(-(1n << 3000n), -2990)).toBe(-1024);
    expect(dyadicToNumber(0n, -1074)).toBe(0);
  });

  test("scores are the activated z, each class by its own activation", () => {
    const outcome = { kind: "scores", class: 1, scores: [-5n, 3n, 0n] } as const;
    const scoring = { exponent: -1, activation: ["identity", "arctan", "sigmoid"] } as const;
    // Computed by hand: arctan(1.5)/π + ½.
    expect(describeOutcome(outcome, scoring)).toBe("class 1, z = -2.5 1.5 0, score = -2.5 0.8128329581890013 0.5");
    expect(outcomeFields(outcome, scoring)).toEqual({
      kind: "scores",
      class: 1,
      scores: [-5n, 3n, 0n],
      exponent: -1,
      z: [-2.5, 1.5, 0],
      score: [-2.5, 0.8128329581890013, 0.5],
    });
  });

  test("differences are counted; tails must be clean", () => {
    const image = bitImageFromRows(["0101", "1111"]);
    const other = bitImageFromRows(["0100", "1011"]);
    const images = (...list: (typeof image)[]) => ({ kind: "images" as const, images: list });
    expect(compareOutcomes(images(image, image), images(image, image))).toEqual({ count: 0, text: null });
    expect(compareOutcomes(images(image, image), images(image, other))).toEqual({
      count: 2,
      text: "2 of 16 pixels differ (by output: 0, 2)",
    });
    const dirty = { ...image, words: image.words.map((word) => word | 0x80000000) };
    expect(compareOutcomes(images(image), images(dirty)).text).toBe("tail bits of output 0 are not zero");
    expect(compareOutcomes(images(image), images(image, image)).count).toBe(1);
    const bits = (digits: string) => ({ kind: "bits" as const, bits: Uint8Array.from(digits, Number) });
    expect(compareOutcomes(bits("0101"), bits("0110"))).toEqual({ count: 2, text: "2 of 4 bits differ" });
    expect(compareOutcomes(bits("0101"), bits("010")).count).toBe(1);
    const scores = (label: number, ...list: bigint[]) => ({ kind: "scores" as const, class: label, scores: list });
    expect(compareOutcomes(scores(0, 1n, 0n), scores(0, 1n, 0n)).count).toBe(0);
    expect(compareOutcomes(scores(0, 1n, 0n), scores(1, 1n, 0n)).text).toBe("expected class 0, got 1; 0 scores differ");
    expect(compareOutcomes(scores(0, 1n, 0n), scores(0, 1n, 1n)).count).toBe(1);
    expect(compareOutcomes(bits("0"), images(image)).count).toBe(1);
  });
});

test("certificates are JSON, with members as text, infinity in words, and nothing that is not there", () => {
  const claim = {
    path: "layers[0].bise[0]",
    value: "bise0_0",
    grade: "exact",
    proof: "inequality",
    operation: "erosion",
    complemented: false,
    shape: [2, 2],
    members: [true, false, true, true],
    inequality: { lower: 1, bias: 2, upper: Number.POSITIVE_INFINITY },
    output: { zeroUpper: 0, oneLower: 1 },
  } as const;
  const nothing = { sets: null, constant: null, threshold: null, distance: null, weightError: null, reason: null };
  const code = { level: 0, cut: 0.5, shift: 0, low: 0, high: 1 };
  const report = {
    policy: "auto",
    arithmetic: "float32",
    grade: "exact",
    layers: [
      { path: "layers[0]", kind: "bisel", neurons: [{ ...claim, ...nothing, code }] },
      { path: "layers[1]", kind: "flatten", neurons: [] },
    ],
  } as const;
  const head = { tool: "t", name: "n", modelSha256: "0", shape: null, artifacts: [] };
  const parsed = JSON.parse(encodeCertificate(head, report));
  expect(parsed).toMatchObject({ format: "bimonnc-certificate", ...head, policy: "auto", grade: "exact" });
  expect(parsed.arithmetic).toBe("float32");
  const inequality = { lower: 1, bias: 2, upper: "Infinity" };
  expect(parsed.layers).toEqual([
    { ...report.layers[0], neurons: [{ ...claim, members: "10/11", inequality }] },
    report.layers[1],
  ]);
});

test("random numbers depend on the seed alone and stay in range", () => {
  const draw = (seed: number, bound: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 2000 }, () => random.below(bound));
  };
  expect(draw(7, 10)).toEqual(draw(7, 10));
  expect(draw(7, 10)).not.toEqual(draw(8, 10));
  expect(new Set(draw(0, 10))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});
