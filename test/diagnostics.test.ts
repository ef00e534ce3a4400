import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DIAGNOSTIC_CODES, DiagnosticError, renderDiagnostic, withSource } from "../src/diagnostics.js";
import { VERSION } from "../src/gen/version.js";

const root = join(import.meta.dirname, "..");

describe("diagnostics", () => {
  it("are all in the documentation, with their meaning", () => {
    const documented = readFileSync(join(root, "docs/diagnostics.md"), "utf8").matchAll(
      /^\| (BMN\d{4}) \| ([^|]+) \|/gm,
    );
    expect(Object.fromEntries([...documented].map(([, code, meaning]) => [code, meaning?.trim()]))).toEqual(
      DIAGNOSTIC_CODES,
    );
  });

  it("are rendered with place and hint", () => {
    const text = renderDiagnostic({
      code: "BMN0203",
      message: "expected 25 weights for a 5×5 kernel, got 24",
      source: "model.pb",
      path: "layers[1].bise.weights",
      hint: "kernels are row-major, height × width",
    });
    expect(text).toBe(
      "error BMN0203: expected 25 weights for a 5×5 kernel, got 24\n" +
        "  at model.pb: layers[1].bise.weights\n" +
        "  hint: kernels are row-major, height × width",
    );
  });

  it("take the name of the innermost source", () => {
    const nested = (): never =>
      withSource("outer", () =>
        withSource("inner", () => {
          throw new DiagnosticError([{ code: "BMN0101", message: "gone" }]);
        }),
      );
    expect(nested).toThrow(DiagnosticError);
    try {
      nested();
    } catch (error) {
      expect((error as DiagnosticError).diagnostics).toEqual([{ code: "BMN0101", message: "gone", source: "inner" }]);
    }
  });
});

it("the embedded version is the package's", () => {
  const description = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  expect(VERSION).toBe(description.version);
});
