import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import type { MorphModule, MorphNode, MorphValue, Readout } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { verifyModule } from "../../src/ir/verify.js";
import { arbitraryModule } from "../support/arbitrary-module.js";
import { readErrorCases, renderFailure } from "../support/error-cases.js";

const BASE = parseModule(`module "m" (input 1x2x2 bits) {
  %x = input 0
  %n = complement %x
  %v = flatten %n
  %s = readout %v 2^0 {
    class tanh weights 1 2 3 4 bias 5
  }
  output %s
}`);

/** {@link BASE} with one value changed. */
function change(name: string, changes: Partial<MorphValue>): MorphModule {
  return { ...BASE, values: BASE.values.map((value) => (value.name === name ? { ...value, ...changes } : value)) };
}

function changeNode(name: string, node: MorphNode): MorphModule {
  return change(name, { node });
}

const readout = BASE.values[3]?.node as Readout;
const square = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };
const huge = 10n ** 4096n;

/** What no text can say. */
const BUILT: readonly (readonly [title: string, module: MorphModule, expected: string])[] = [
  ["name of the module", { ...BASE, name: "2d" }, 'the module\'s name is "2d"\n  at module'],
  [
    "long name of the module",
    { ...BASE, name: "m".repeat(64) },
    `the module's name is "${"m".repeat(64)}"\n  at module`,
  ],
  [
    "fractional width",
    { ...BASE, input: { ...BASE.input, width: 2.5 } },
    "the input's width is 2.5, not 1 to 65535\n  at module",
  ],
  [
    "name of a value",
    change("n", { name: "n-1" }),
    "the name is not a letter or underscore followed by letters, digits and underscores\n  at %n-1",
  ],
  ["name of two values", change("n", { name: "x" }), "an earlier value has the same name\n  at %x"],
  [
    "origin with a space",
    change("n", { origin: { path: "layers [0]", grade: null } }),
    "the origin is not 1 to 255 characters of ASCII without a space\n  at %n",
  ],
  ["empty origin", change("n", { origin: { path: "", grade: "exact" } }), "the origin is not 1 to 255 characters"],
  [
    "operand of its own",
    changeNode("n", { kind: "complement", input: 1 }),
    "operand 1 is not a value that comes earlier\n  at %n",
  ],
  [
    "operand defined later",
    changeNode("n", { kind: "union", inputs: [0, 3] }),
    "operand 3 is not a value that comes earlier",
  ],
  ["operand that does not exist", changeNode("n", { kind: "complement", input: -1 }), "operand -1 is not a value"],
  ["operand that is no integer", changeNode("n", { kind: "complement", input: 0.5 }), "operand 0.5 is not a value"],
  ["fractional channel", changeNode("x", { kind: "input", channel: 0.5 }), "the channel 0.5 is not in 0 … 0\n  at %x"],
  [
    "too few members",
    changeNode("n", { kind: "erosion", input: 0, element: { ...square, members: [true] }, border: "zeros" }),
    "the number of members is 1, not 4\n  at %n",
  ],
  [
    "empty window",
    changeNode("n", { kind: "dilation", input: 0, element: { ...square, height: 0, members: [] }, border: "zeros" }),
    "the window 0x2 does not have 1 to 255 rows and columns\n  at %n",
  ],
  [
    "fractional origin",
    changeNode("n", { kind: "dilation", input: 0, element: { ...square, originRow: 0.5 }, border: "zeros" }),
    "the window reaches farther than 255 rows or columns from its origin 0.5,1\n  at %n",
  ],
  [
    "weight and bound beyond the digits",
    changeNode("n", {
      kind: "threshold",
      terms: [{ input: 0, offset: { row: 0, column: 0 }, weight: huge }],
      bound: -huge,
      border: "zeros",
    }),
    "the bound has more than 4096 digits\n  at %n\nerror BMN0402: the weight of term 0 has more than 4096 digits\n  at %n",
  ],
  ["missing bias", changeNode("s", { ...readout, biases: [] }), "the number of biases is 0, not 1\n  at %s"],
  [
    "missing activation",
    changeNode("s", { ...readout, activation: [] }),
    "the number of activations is 0, not 1\n  at %s",
  ],
  [
    "bias beyond the digits",
    changeNode("s", { ...readout, biases: [huge] }),
    "a weight or bias has more than 4096 digits\n  at %s",
  ],
  [
    "fractional exponent",
    changeNode("s", { ...readout, exponent: 0.5 }),
    "the exponent 0.5 is not in -1074 … 1023\n  at %s",
  ],
  ["output that does not exist", { ...BASE, outputs: [4] }, "output 4 is not a value\n  at output"],
];

describe("verify", () => {
  test("accepts the module that the cases change", () => {
    expect(renderFailure(() => verifyModule(BASE))).toBe("no error");
  });

  test.each(["images", "samples"] as const)("accepts random modules of %s", (kind) => {
    fc.assert(fc.property(arbitraryModule(kind), (module) => verifyModule(module)));
  });

  test("is tried on every operation", () => {
    const seed = { numRuns: 300, seed: 1 };
    const modules = [...fc.sample(arbitraryModule("images"), seed), ...fc.sample(arbitraryModule("samples"), seed)];
    const kinds = new Set(modules.flatMap((module) => module.values.map((value) => value.node.kind)));
    const operations: Readonly<Record<MorphNode["kind"], true>> = {
      input: true,
      "level-set": true,
      constant: true,
      erosion: true,
      dilation: true,
      union: true,
      intersection: true,
      complement: true,
      threshold: true,
      subsample: true,
      flatten: true,
      element: true,
      readout: true,
    };
    expect([...kinds].sort()).toEqual(Object.keys(operations).sort());
  });

  test.each(readErrorCases("ir/verify-errors.txt"))("refuses: $title", ({ text, expected }) => {
    expect(renderFailure(() => verifyModule(parseModule(text)))).toBe(expected);
  });

  test.each(BUILT)("refuses: %s", (_, module, expected) => {
    const failure = renderFailure(() => verifyModule(module));
    expect(failure.startsWith(`error BMN0402: ${expected}`), failure).toBe(true);
  });

  test("stops at twenty diagnostics", () => {
    const values = Array.from({ length: 30 }, (_, channel) => ({
      name: `x${channel}`,
      node: { kind: "input" as const, channel: channel + 1 },
      origin: null,
    }));
    try {
      verifyModule({ ...BASE, values, outputs: [0] });
    } catch (error) {
      expect((error as DiagnosticError).diagnostics).toHaveLength(20);
      return;
    }
    expect.unreachable("the module was accepted");
  });
});
