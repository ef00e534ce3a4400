import { expect, test } from "vitest";
import { InternalError } from "../../src/diagnostics.js";
import { unsignedTable } from "../../src/lower/table.js";

test("a table of unsigned integers is as wide as its greatest", () => {
  expect(unsignedTable("t", [], "").element).toBe("u16");
  expect(unsignedTable("t", [3, 65535, 0], "").element).toBe("u16");
  expect(unsignedTable("t", [65536, 1], "why")).toEqual({
    name: "t",
    element: "u32",
    values: [65536, 1],
    comment: "why",
  });
  expect(unsignedTable("t", [2 ** 32 - 1], "").element).toBe("u32");
});

test.each([-1, 2 ** 32, 0.5, Number.NaN])("%f is a bug", (value) => {
  expect(() => unsignedTable("t", [1, value], "")).toThrow(InternalError);
});
