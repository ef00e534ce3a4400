import { describe, expect, test } from "vitest";
import { bitImageFromRows, bitImageToRows } from "../../src/morph/bit-image.js";
import { ELEMENT_NAMES, namedElement } from "../../src/morph/named-element.js";
import { dilate, erode } from "../../src/morph/operators.js";
import { elementOffsets, printElement, reflectElement } from "../../src/morph/structuring-element.js";
import { renderFailure } from "../support/error-cases.js";

describe("named structuring elements", () => {
  test("drawn", () => {
    expect(printElement(namedElement("disk7"))).toBe(
      '7x7@3,3 "0001000/0111110/0111110/1111111/0111110/0111110/0001000"',
    );
    expect(printElement(namedElement("dcross5"))).toBe('5x5@2,2 "10001/01010/00100/01010/10001"');
    expect(printElement(namedElement("scross3"))).toBe('3x3@1,1 "010/111/010"');
    expect(printElement(namedElement("hstick5"))).toBe('1x5@0,2 "11111"');
    expect(printElement(namedElement("vstick3"))).toBe('3x1@1,0 "1/1/1"');
    expect(printElement(namedElement("rect2x3"))).toBe('2x3@1,1 "111/111"');
    expect(printElement(namedElement("square2"))).toBe('2x2@1,1 "11/11"');
    expect(printElement(namedElement("diag3"))).toBe('3x3@1,1 "100/010/001"');
    expect(printElement(namedElement("antidiag3"))).toBe('3x3@1,1 "001/010/100"');
    expect(printElement(namedElement('1x2@0,-1 "11"'))).toBe('1x2@0,-1 "11"');
    expect(printElement(namedElement("1x2@0,-1 11"))).toBe('1x2@0,-1 "11"');
    expect(printElement(namedElement("rect3"))).toBe('3x3@1,1 "111/111/111"');
    expect(printElement(namedElement("1x3"))).toBe('1x3@0,1 "111"');
    expect(printElement(namedElement("cross3"))).toBe('3x3@1,1 "010/111/010"');
  });

  test("numbers of members: the lattice points of a disk are the Gauss circle numbers", () => {
    const gauss = [1, 5, 13, 29, 49, 81, 113, 149];
    gauss.forEach((points, radius) => {
      expect(elementOffsets(namedElement(`disk${2 * radius + 1}`))).toHaveLength(points);
    });
    expect(elementOffsets(namedElement("dcross255"))).toHaveLength(509);
  });

  test("of odd size they are their own reflection", () => {
    for (const { example } of ELEMENT_NAMES) {
      const element = namedElement(example);
      expect(reflectElement(element)).toEqual(element);
    }
  });

  test("a stick of even size lies to the left of its origin as a kernel does", () => {
    const point = bitImageFromRows(["00000000"].map((row) => `${row.slice(0, 4)}1${row.slice(5)}`));
    expect(bitImageToRows(dilate(point, namedElement("hstick4"), "zeros"))).toEqual(["00111100"]);
    expect(bitImageToRows(erode(bitImageFromRows(["00111100"]), namedElement("hstick4"), "zeros"))).toEqual([
      "00001000",
    ]);
  });

  test.each(["disc7", "disk", "disk0", "disk256", "rect3x", "rect0x4", "rect", "0x3", "3x", "7disk", "", "hstick-3"])(
    "refuses %j",
    (name) => {
      expect(renderFailure(() => namedElement(name))).toMatch(
        /^error BMN0801: the structuring element .*\n {2}hint: .*disk7/,
      );
    },
  );
});
