import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import { ModuleBuilder } from "../../src/ir/build.js";
import type { Grade, MorphModule, NodeOrigin, ThresholdTerm, ValueId } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { verifyModule } from "../../src/ir/verify.js";
import { arbitraryModule } from "../support/arbitrary-module.js";
import { readErrorCases, renderFailure } from "../support/error-cases.js";

const term = (input: ValueId, weight: bigint, row = 0, column = 0): ThresholdTerm => ({
  input,
  offset: { row, column },
  weight,
});

/** Every operation on images, with origins of every grade. */
function imageModule(): MorphModule {
  const builder = new ModuleBuilder("opening_2", { channels: 2, height: null, width: 128, samples: "bytes" });
  const x = builder.add({ kind: "level-set", channel: 0, threshold: 128 }, "x");
  const y = builder.add({ kind: "level-set", channel: 1, threshold: 256 }, "x", { path: "input", grade: null });
  const cross = {
    height: 3,
    width: 3,
    originRow: 1,
    originColumn: 1,
    members: [false, true, false, true, true, true, false, true, false],
  };
  const pair = {
    height: 2,
    width: 4,
    originRow: -1,
    originColumn: 5,
    members: [false, true, true, false, false, false, false, false],
  };
  const eroded = builder.add({ kind: "erosion", input: x, element: cross, border: "replicate" }, "eroded", {
    path: "layers[0].bise[0]",
    grade: "exact",
  });
  const opened = builder.add({ kind: "dilation", input: eroded, element: pair, border: "zeros" }, "opened", {
    path: "layers[1].bise[0]",
    grade: "hardened",
  });
  builder.add({ kind: "constant", like: opened, value: 1 }, "one");
  const either = builder.add({ kind: "union", inputs: [x, opened, x] }, "either");
  const both = builder.add({ kind: "intersection", inputs: [either] }, "both");
  builder.add({ kind: "complement", input: both }, "not_both");
  const terms = [term(x, 3n, -1), term(y, -5n, 0, 12), term(both, 2n ** 100n)];
  const majority = builder.add({ kind: "threshold", terms, bound: -12n, border: "zeros" }, "majority", {
    path: "layers[2].lui[0]",
    grade: "approximate",
  });
  builder.add({ kind: "threshold", terms: [term(x, -1n)], bound: -1n, border: "replicate" }, "minus");
  const half = builder.add({ kind: "subsample", input: majority }, "half");
  return builder.finish([half, builder.add({ kind: "constant", like: half, value: 0 }, "half_one")]);
}

/** Every operation on samples. */
function sampleModule(): MorphModule {
  const builder = new ModuleBuilder("digits", { channels: 1, height: 2, width: 2, samples: "bits" });
  const x = builder.add({ kind: "input", channel: 0 }, "x");
  const pixels = builder.add({ kind: "flatten", inputs: [x] }, "pixels");
  const a = builder.add({ kind: "element", input: pixels, index: 0 }, "a");
  const b = builder.add({ kind: "element", input: pixels, index: 3 }, "b");
  const t = builder.add({ kind: "threshold", terms: [term(a, 1n), term(b, -1n)], bound: 0n, border: "zeros" }, "t");
  const features = builder.add({ kind: "flatten", inputs: [t, x, a] }, "features");
  const scores = builder.add(
    {
      kind: "readout",
      input: features,
      weights: [
        [3n, 0n, -2n, 0n, 0n, 1n],
        [0n, 0n, 0n, 0n, 0n, 2n ** 128n],
      ],
      biases: [7n, -1n],
      exponent: -30,
      activation: ["tanh", "identity"],
    },
    "scores",
    { path: "layers[3]", grade: "exact" },
  );
  return builder.finish([scores]);
}

const golden = (name: string): string => readFileSync(new URL(`../cases/ir/${name}`, import.meta.url), "utf8");

describe.each([
  ["images.morph", imageModule()],
  ["samples.morph", sampleModule()],
])("the golden text %s", (file, module) => {
  test("is printed", () => {
    verifyModule(module);
    expect(printModule(module)).toBe(golden(file));
  });

  test("is parsed", () => {
    expect(parseModule(golden(file))).toEqual(module);
  });
});

test("the modules in docs/ir.md are valid and printed as they stand", () => {
  const documentation = readFileSync(new URL("../../docs/ir.md", import.meta.url), "utf8");
  const texts = [...documentation.matchAll(/^```morph\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) {
    const module = parseModule(text);
    verifyModule(module);
    expect(printModule(module)).toBe(text);
  }
});

const origin: fc.Arbitrary<NodeOrigin | null> = fc.option(
  fc.record({
    path: fc.oneof(fc.constant("layers[0].bise[12]"), fc.stringMatching(/^[!-~]{1,20}$/)),
    grade: fc.constantFrom<Grade | null>("exact", "hardened", "approximate", null),
  }),
);

/** The same module with random origins. */
function withOrigins(module: MorphModule): fc.Arbitrary<MorphModule> {
  const count = module.values.length;
  return fc.array(origin, { minLength: count, maxLength: count }).map((origins) => ({
    ...module,
    values: module.values.map((value, id) => ({ ...value, origin: origins[id] ?? null })),
  }));
}

test.each(["images", "samples"] as const)("print and parse are inverse on random modules of %s", (kind) => {
  fc.assert(
    fc.property(arbitraryModule(kind).chain(withOrigins), (module) => {
      verifyModule(module);
      const text = printModule(module);
      const parsed = parseModule(text);
      expect(parsed).toEqual(module);
      expect(printModule(parsed)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

describe("the parser", () => {
  test("ignores comments that name no origin, empty lines, spaces and carriage returns", () => {
    const text = [
      "; a comment ; of its own exact",
      "",
      'module"m"(input 1 x ? x ? bits){ ; comments go anywhere',
      "  ; layers[7] exact",
      "%x=input 0",
      "\t%t  =  threshold  -2 * %x ( 0 , -1 )+1*%x>-0 border zeros ; two words",
      "%u = union %x %t ; layers[0].bise[0] exact and proved",
      "%v = union %x %t ;layers[0].bise[0]  exact",
      "%w = union %x %t ;layers[0].bise[0] exact   ",
      "output %w",
      "} ; the end",
      "; really",
    ].join("\r\n");
    const module = parseModule(text);
    expect(printModule(module)).toBe(`module "m" (input 1x?x? bits) {
  %x = input 0
  %t = threshold -2*%x(0,-1) + 1*%x > 0 border zeros
  %u = union %x %t
  %v = union %x %t
  %w = union %x %t  ; layers[0].bise[0] exact
  output %w
}
`);
  });

  test("keeps what only verify refuses", () => {
    const text = `module "m" (input 0x0x0 bits) {
  %u = union
  %t = threshold > 0 border zeros
  %r = readout %u 2^0 {
    class step weights bias 0
  }
  output
}
`;
    expect(printModule(parseModule(text))).toBe(text);
  });

  test("has no largest number of digits below the limit", () => {
    const digits = "7".repeat(4096);
    const module = parseModule(`module "m" (input 1x?x? bits) {
      %x = input 0
      %t = threshold ${digits}*%x > -${digits} border zeros
      output %t
    }`);
    expect(module.values[1]?.node).toMatchObject({ bound: -BigInt(digits) });
    verifyModule(module);
  });

  test("refuses a text of more than 64 MiB", () => {
    expect(renderFailure(() => parseModule(" ".repeat(2 ** 26 + 1)))).toBe(
      "error BMN0401: the text has more than 67108864 characters",
    );
  });

  const cases = readErrorCases("ir/parse-errors.txt");
  test.each(cases)("refuses: $title", ({ text, expected }) => {
    expect(renderFailure(() => parseModule(text))).toBe(expected);
  });

  test("answers every cut or altered text with a module or BMN0401", () => {
    const text = golden("images.morph") + golden("samples.morph");
    const alteration = fc.record({
      start: fc.nat({ max: text.length }),
      length: fc.nat({ max: 40 }),
      inserted: fc.oneof(fc.string(), fc.constantFrom("%", "9".repeat(20), '"', "\n", "{", "}", "input", "-")),
      end: fc.nat({ max: text.length }),
    });
    fc.assert(
      fc.property(alteration, ({ start, length, inserted, end }) => {
        const altered = (text.slice(0, start) + inserted + text.slice(start + length)).slice(0, end);
        try {
          parseModule(altered);
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticError);
          for (const { code, path } of (error as DiagnosticError).diagnostics) {
            expect(code).toBe("BMN0401");
            expect(path).toMatch(/^\d+:\d+$/);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
