import { describe, expect, test } from "vitest";
import { compile } from "../src/compile.js";
import { DiagnosticError, renderDiagnostic } from "../src/diagnostics.js";
import { decodeModel } from "../src/model/decode.js";
import type { Model } from "../src/model/types.js";
import { findPreset } from "../src/target/presets.js";
import { readErrorCases } from "./support/error-cases.js";

async function refusalOf(model: Model, target: string): Promise<string> {
  const preset = findPreset(target);
  if (preset === null) throw new Error(`no target ${target}`);
  try {
    await compile(model, { target: preset, policy: "auto", modelSha256: "0".repeat(64) });
    return "compiled";
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map(renderDiagnostic).join("\n");
  }
}

describe("what cannot be compiled is refused", () => {
  test.each(readErrorCases("compile/refusals.txt").map((each) => [each.title, each] as const))(
    "%s",
    async (_, each) => {
      const newline = each.text.indexOf("\n");
      const model = decodeModel(new TextEncoder().encode(each.text.slice(newline)));
      expect(await refusalOf(model, each.text.slice(0, newline))).toBe(each.expected);
    },
  );

  test("a neuron with more set bits of weights than there is code for", async () => {
    const inFeatures = 2 ** 20;
    // Odd significands of 24 bits, of which half are set: 12.5 million entries.
    const weights = Float32Array.from(
      { length: inFeatures },
      (_, index) => 1 + (((index * 2654435761) >>> 9) | 1) / 2 ** 23,
    );
    const model: Model = {
      name: "wide",
      input: { channels: 1, height: 1024, width: 1024, encoding: { kind: "binary" }, complements: false },
      layers: [
        { kind: "flatten" },
        {
          kind: "dense-lui",
          inFeatures,
          outFeatures: 1,
          lui: {
            count: 1,
            inputsPerNeuron: inFeatures,
            weights,
            biases: Float32Array.of(1e6),
            scales: Float32Array.of(1),
            activation: "step",
          },
        },
      ],
      provenance: null,
    };
    expect(await refusalOf(model, "js")).toBe(
      "error BMN0302: the network takes more than 8388608 operands: members, inputs and set bits of weights\n" +
        "  at layers[1].lui[0]\n" +
        "  hint: round the weights by --weight-bits, use fewer or smaller neurons, or train towards erosions and dilations",
    );
  });
});
