import { describe, expect, test } from "vitest";
import { linearCheck } from "../../src/binarize/activation.js";
import { binarize } from "../../src/binarize/binarize.js";
import { BIT, toLiterals } from "../../src/binarize/literals.js";
import { ProofBudget } from "../../src/binarize/proof-budget.js";
import { proveByEnumeration } from "../../src/binarize/threshold-function.js";
import { DiagnosticError } from "../../src/diagnostics.js";
import { tableEntries } from "../../src/ir/size.js";
import type { Layer, Model, NeuronBank } from "../../src/model/types.js";

function bank(count: number, inputs: number, weight: (index: number) => number, bias: number): NeuronBank {
  return {
    count,
    inputsPerNeuron: inputs,
    weights: Float32Array.from({ length: count * inputs }, (_, index) => weight(index)),
    biases: new Float32Array(count).fill(bias),
    scales: new Float32Array(count).fill(1),
    activation: "step",
  };
}

function denseModel(side: number, layer: Layer): Model {
  const input = { channels: 1, height: side, width: side, encoding: { kind: "binary" }, complements: false } as const;
  return { name: "large", input, layers: [{ kind: "flatten" }, layer], provenance: null };
}

describe("large models", () => {
  test.each([
    [0, "union"],
    [2 ** 18 - 0.5, "intersection"],
    [1000.5, "rank"],
  ])("262144 inputs and the bound %d give one %s", (bias, operation) => {
    const inFeatures = 2 ** 18;
    const lui = bank(1, inFeatures, () => 1, bias);
    const { report } = binarize(denseModel(512, { kind: "dense-lui", inFeatures, outFeatures: 1, lui }), {
      policy: "auto",
    });
    expect(report.layers[1]?.neurons.map((neuron) => neuron.operation)).toEqual([operation]);
    expect(report.grade).toBe("exact");
  });

  test("what would be too much code is refused while it is made, not after", () => {
    const inFeatures = 4096;
    const outFeatures = 2048;
    const lui = bank(outFeatures, inFeatures, (index) => ((index * 2654435761) % 16777213) / 16777213 + 0.01, 1000);
    const layer: Layer = { kind: "dense-lui", inFeatures, outFeatures, lui };
    let neurons = 0;
    try {
      binarize(denseModel(64, layer), { policy: "auto", forCode: true, onProgress: () => neurons++ });
      expect.unreachable();
    } catch (error) {
      expect((error as DiagnosticError).diagnostics.map((each) => each.code)).toEqual(["BMN0302"]);
    }
    expect(neurons).toBeLessThan(outFeatures / 2);
  });
});

test("enumeration stops where the budget of the network ends", () => {
  const neuron = toLiterals(Float32Array.of(1, 2, 3), 2.5, [BIT, BIT, BIT]);
  expect(linearCheck(neuron, "above")).toBeNull();
  const budget = new ProofBudget();
  const proofs = 2 ** 25 / 2 ** 12;
  const wide = toLiterals(
    Float32Array.from({ length: 12 }, (_, index) => index + 1),
    30.5,
    Array(12).fill(BIT),
  );
  for (let proof = 0; proof < 4; proof++) expect(proveByEnumeration(wide, "above", budget)).not.toBeNull();
  for (let proof = 4; proof < proofs; proof++) budget.takePatterns(2 ** 12);
  expect(proveByEnumeration(neuron, "above", budget)).toBeNull();
  expect(proveByEnumeration(neuron, "above", new ProofBudget())).toEqual({ lower: 2, upper: 3 });
});

test("entries of a node are its members, inputs and set bits of weights", () => {
  const here = { row: 0, column: 0 };
  const element = { height: 1, width: 3, originRow: 0, originColumn: 1, members: [true, false, true] };
  expect(tableEntries({ kind: "erosion", input: 0, element, border: "zeros" })).toBe(2);
  expect(tableEntries({ kind: "union", inputs: [0, 1, 2] })).toBe(3);
  const terms = [
    { input: 0, offset: here, weight: 5n },
    { input: 1, offset: here, weight: -(2n ** 70n) - 1n },
  ];
  expect(tableEntries({ kind: "threshold", terms, bound: 3n, border: "zeros" })).toBe(4);
  const many = [1n, -1n, 7n, -8n, 2n ** 100n + 1n].map((weight) => ({ input: 0, offset: here, weight }));
  expect(tableEntries({ kind: "threshold", terms: many, bound: 0n, border: "zeros" })).toBe(1 + 1 + 3 + 1 + 2);
  expect(tableEntries({ kind: "threshold", terms: [], bound: 0n, border: "zeros" })).toBe(0);
});
