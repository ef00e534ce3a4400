import { expect, test } from "vitest";
import { InternalError } from "../../src/diagnostics.js";
import { columnOf, signedTable, unsignedTable } from "../../src/lower/table.js";
import { constant, variable } from "../../src/word/build.js";

test("a table of unsigned integers is as wide as its greatest", () => {
  expect(unsignedTable("t", [255, 0], "").element).toBe("u8");
  expect(unsignedTable("t", [256, 0], "").element).toBe("u16");
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

test("a table of signed integers is as wide as its longest", () => {
  expect(signedTable("t", [-128, 127], "").element).toBe("i8");
  expect(signedTable("t", [128, 0], "").element).toBe("i16");
  expect(signedTable("t", [-129, 0], "").element).toBe("i16");
  expect(signedTable("t", [-32768, 32767], "").element).toBe("i16");
  expect(signedTable("t", [-32769], "").element).toBe("i32");
  expect(signedTable("t", [-(2 ** 31), 2 ** 31 - 1], "").element).toBe("i32");
  for (const value of [2 ** 31, -(2 ** 31) - 1, 0.5]) {
    expect(() => signedTable("t", [value], "")).toThrow(InternalError);
  }
});

test("a column of equal values is a constant, any other a table", () => {
  expect(columnOf("t", [7, 7, 7], "", variable("i"))).toEqual({ entry: constant(7), tables: [] });
  const { entry, tables } = columnOf("t", [7, 8], "why", variable("i"));
  expect(entry).toEqual({ kind: "table", table: "t", index: variable("i") });
  expect(tables).toEqual([unsignedTable("t", [7, 8], "why")]);
});
