import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  elementFromKernel,
  elementOffsets,
  parseElement,
  printElement,
  reflectElement,
} from "../../src/morph/structuring-element.js";
import { arbitraryElement } from "../support/arbitrary-module.js";
import { renderFailure } from "../support/error-cases.js";

describe("structuring elements", () => {
  test("are drawn with their window and origin", () => {
    const element = {
      height: 2,
      width: 3,
      originRow: -1,
      originColumn: 5,
      members: [true, false, false, true, true, false],
    };
    expect(printElement(element)).toBe('2x3@-1,5 "100/110"');
    expect(elementOffsets(element)).toEqual([
      { row: 1, column: -5 },
      { row: 2, column: -5 },
      { row: 2, column: -4 },
    ]);
  });

  test("print and parse are inverse", () => {
    fc.assert(
      fc.property(arbitraryElement, (element) => {
        expect(parseElement(printElement(element))).toEqual(element);
      }),
    );
  });

  test("reflected twice are themselves, reflected once have negated offsets", () => {
    const negate = (offset: number): number => (offset === 0 ? 0 : -offset);
    fc.assert(
      fc.property(arbitraryElement, (element) => {
        const reflected = reflectElement(element);
        expect(reflectElement(reflected)).toEqual(element);
        const expected = elementOffsets(element).map(({ row, column }) => ({
          row: negate(row),
          column: negate(column),
        }));
        expect(elementOffsets(reflected)).toEqual(expected.reverse());
      }),
    );
  });

  test.each([
    [3, 3, 1, 1],
    [2, 2, 1, 1],
    [4, 1, 2, 0],
    [1, 6, 0, 3],
  ])("of a %i×%i kernel are read around %i,%i", (height, width, originRow, originColumn) => {
    const members = Array.from({ length: height * width }, () => true);
    const element = elementFromKernel(height, width, members);
    expect(element).toEqual({ height, width, originRow, originColumn, members });
    expect(elementOffsets(element)).toHaveLength(height * width);
  });

  test("fill their window", () => {
    expect(() => elementFromKernel(2, 2, [true])).toThrow("do not fill the window");
  });

  test.each([
    ["", "not a structuring element"],
    ["3x3@1,1 111/111/111", "not a structuring element"],
    ['3x3@1 "111/111/111"', "not a structuring element"],
    ['3x3@1,1 "111/111/121"', "not a structuring element"],
    ['3x3@1,1 "111/111/111" ', "not a structuring element"],
    ['3x3@1,1 "111/111"', "is not 3×3"],
    ['3x3@1,1 "111/1111/11"', "is not 3×3"],
    ['0x0@0,0 "1"', "is not 0×0"],
  ])("are not parsed from %s", (text, message) => {
    const failure = renderFailure(() => parseElement(text));
    expect(failure).toContain("error BMN0401");
    expect(failure).toContain(message);
  });
});
