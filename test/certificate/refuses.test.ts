/** The checker refuses what is not so, and says where. */
import { describe, expect, test } from "vitest";
import { calibrate } from "../../src/binarize/calibration.js";
import type { CertificateInput } from "../../src/certificate/check.js";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import type { Model, NeuronBank } from "../../src/model/types.js";
import { nearBinaryModel, randomPicture } from "../binarize/near-binary-model.js";
import { digits, opening, vague } from "../cli/harness.js";
import {
  type CertificateJson,
  type ClaimJson,
  certify,
  claimsOf,
  complaints,
  hash,
  parseCertificate,
} from "./certify.js";

function change(input: CertificateInput, edit: (certificate: CertificateJson) => unknown): CertificateInput {
  const certificate = parseCertificate(input.certificate);
  edit(certificate);
  return { ...input, certificate: JSON.stringify(certificate) };
}

/** With the artifact's MorphIR changed, and the files' hashes with it. */
function changeModule(input: CertificateInput, edit: (text: string) => string): CertificateInput {
  const old = printModule(input.module);
  const text = edit(old);
  expect(text).not.toBe(old);
  const files = [{ path: `${input.model.name}.ir`, bytes: Buffer.byteLength(text), sha256: hash(text) }];
  const changed = change(input, (certificate) => {
    certificate.artifacts = files;
  });
  return { ...changed, module: parseModule(text), files };
}

function changeBank(model: Model, edit: (bank: NeuronBank) => Partial<NeuronBank>): Model {
  const layers = model.layers.map((layer, index) =>
    index === 0 && layer.kind === "bisel" ? { ...layer, bise: { ...layer.bise, ...edit(layer.bise) } } : layer,
  );
  return { ...model, layers };
}

const AUTO = { policy: "auto" } as const;
const openingInput = certify(opening, AUTO);
const vagueInput = certify(vague, AUTO);
const digitsInput = certify(digits, AUTO);

/** First claim of the certificate. */
function first(certificate: CertificateJson): ClaimJson {
  return certificate.layers[0]!.neurons[0]!;
}

/** The first claim with an operation. */
function find(certificate: CertificateJson, operation: string): ClaimJson {
  return claimsOf(certificate).find((claim) => claim.operation === operation)!;
}

test("unchanged ones are accepted, with other spaces too", () => {
  for (const input of [openingInput, vagueInput, digitsInput]) {
    expect(complaints(input)).toEqual([]);
    expect(complaints(change(input, () => undefined))).toEqual([]);
  }
});

describe("refuses the model with", () => {
  test.each<[string, (bank: NeuronBank) => Partial<NeuronBank>]>([
    ["another weight", (bank) => ({ weights: bank.weights.map((weight, index) => (index === 4 ? 0.25 : weight)) })],
    ["another bias", () => ({ biases: Float32Array.of(7.5) })],
    ["a slightly other bias", () => ({ biases: Float32Array.of(8.5 + 2 ** -16) })],
    ["another sign of P", () => ({ scales: Float32Array.of(-40) })],
    ["another scale", () => ({ scales: Float32Array.of(4) })],
    ["another activation", () => ({ activation: "arctan" })],
  ])("%s", (_, edit) => {
    expect(complaints({ ...openingInput, model: changeBank(opening, edit) })).not.toEqual([]);
  });

  test("another hash or name", () => {
    expect(complaints({ ...openingInput, modelSha256: "0".repeat(64) })[0]).toContain("modelSha256");
    expect(complaints({ ...openingInput, model: { ...opening, name: "closing" } })[0]).toContain("name");
    expect(complaints({ ...vagueInput, model: opening })).not.toEqual([]);
  });
});

describe("refuses a certificate with", () => {
  test.each<[string, CertificateInput, (certificate: CertificateJson) => unknown, RegExp]>([
    ["another tool", openingInput, (c) => (c.tool = "other"), /^tool/],
    ["another policy", openingInput, (c) => (c.policy = "exact"), /^policy/],
    ["a better network grade", vagueInput, (c) => (c.grade = "exact"), /^grade/],
    ["a shape", openingInput, (c) => (c.shape = { height: 3, width: 3 }), /^shape/],
    ["another hash of a file", openingInput, (c) => (c.artifacts[0]!.sha256 = "0".repeat(64)), /^artifacts/],
    ["a file more", openingInput, (c) => c.artifacts.push({ path: "a", bytes: 0, sha256: "0".repeat(64) }), /^art/],
    ["no file", openingInput, (c) => (c.artifacts = []), /^artifacts/],
    ["another S", openingInput, (c) => (first(c).members = "111/101/111"), /MorphIR holds/],
    ["another drawing", openingInput, (c) => (first(c).members = "111111111"), /not drawn/],
    ["another shape of S", openingInput, (c) => (first(c).shape = [1, 9]), /shape/],
    ["another operation", openingInput, (c) => (first(c).operation = "dilation"), /MorphIR holds/],
    ["words of another layer", openingInput, (c) => (first(c).operation = "intersection"), /no intersection here/],
    ["a complement", openingInput, (c) => (first(c).complemented = true), /complement/],
    ["another value", openingInput, (c) => (first(c).value = "bise1_0"), /no input of the neuron/],
    ["no such value", openingInput, (c) => (first(c).value = "gone"), /no value gone/],
    ["another proof", openingInput, (c) => (first(c).proof = "gap"), /the proof by gap fails/],
    ["a proof by bits", openingInput, (c) => (first(c).proof = "bits"), /room for rounding/],
    ["no proof", openingInput, (c) => delete first(c).proof, /without a proof/],
    ["a hardened neuron with a proof", openingInput, (c) => (first(c).grade = "hardened"), /has a proof/],
    ["an approximate neuron under auto", openingInput, (c) => (first(c).grade = "approximate"), /distance/],
    ["another number", openingInput, (c) => (first(c).inequality!.lower = 8.0001), /the inequality holds with 8 and 9/],
    ["no numbers", openingInput, (c) => delete first(c).inequality, /numbers of its inequality are missing/],
    ["a tightened bound", openingInput, (c) => (first(c).output.zeroUpper = 0), /proved to lie in/],
    ["a loosened bound", openingInput, (c) => (first(c).output.oneLower = 0.75), /proved to lie in/],
    ["a bound off the grid", openingInput, (c) => (first(c).output.zeroUpper += 2 ** -60), /2\^-50/],
    ["a distance", openingInput, (c) => (first(c).distance = 0), /only an approximate neuron has a distance/],
    ["a rounding error", openingInput, (c) => (first(c).weightError = 9), /only an approximate neuron/],
    ["fields too many", openingInput, (c) => (first(c).threshold = { weights: [], bound: "0" }), /holds members/],
    ["a code", openingInput, (c) => (first(c).code = { level: 0, cut: 0.4, shift: 0, low: 0, high: 1 }), /cuts at/],
    ["a neuron twice", openingInput, (c) => c.layers[0]!.neurons.unshift(first(c)), /./],
    ["a neuron missing", openingInput, (c) => c.layers[0]!.neurons.shift(), /not claimed/],
    ["a neuron too many", openingInput, (c) => c.layers[0]!.neurons.push({ ...first(c), path: "x" }), /no such/],
    ["a layer missing", openingInput, (c) => c.layers.pop(), /layers/],
    ["an identity of another value", openingInput, (c) => (find(c, "identity").value = "x0"), /it is the value/],
    ["a hardened neuron as exact", vagueInput, (c) => (c.layers[1]!.neurons[0]!.grade = "exact"), /without a proof/],
    [
      "bounds of what is not proved",
      vagueInput,
      (c) => (c.layers[1]!.neurons[0]!.output.zeroUpper = 0.5),
      /not proved/,
    ],
    ["another weight", digitsInput, (c) => (find(c, "threshold").threshold!.weights[0] = "77"), /MorphIR holds/],
    ["another bound", digitsInput, (c) => (find(c, "threshold").threshold!.bound = "77"), /MorphIR holds/],
    ["no exact score", digitsInput, (c) => (find(c, "score").grade = "approximate"), /not approximate/],
    ["score of fewer features", digitsInput, (c) => (find(c, "score").shape = [1, 5]), /score of 6 features/],
    ["an unknown field", openingInput, (c) => (first(c)["reason"] = ""), /Unrecognized key/],
    ["another version", openingInput, (c) => (c.version = 1), /version/],
    ["weights that are no integers", digitsInput, (c) => (find(c, "threshold").threshold!.bound = "01"), /bound/],
  ])("%s", (_, input, edit, expected) => {
    expect(complaints(change(input, edit)).join("\n")).toMatch(expected);
  });

  test("a field twice, or no JSON", () => {
    const twice = openingInput.certificate.replace('"tool":', '"tool": "other",\n  "tool":');
    expect(complaints({ ...openingInput, certificate: twice })).toEqual([expect.stringContaining("stands twice")]);
    expect(complaints({ ...openingInput, certificate: "{" })).toEqual([": it is not JSON"]);
  });
});

describe("refuses MorphIR with", () => {
  test.each<[string, CertificateInput, (text: string) => string]>([
    ["another border", openingInput, (text) => text.replace("border replicate", "border zeros")],
    ["another element", openingInput, (text) => text.replace("111/111/111", "111/101/111")],
    ["an element moved", openingInput, (text) => text.replace("3x3@1,1", "3x3@0,1")],
    ["another output", openingInput, (text) => text.replace("output %bise1_0", "output %bise0_0")],
    ["an output more", openingInput, (text) => text.replace("output %bise1_0", "output %bise1_0 %bise0_0")],
    ["another level", digitsInput, (text) => text.replace(/>= (\d+)/, (_, level) => `>= ${Number(level) + 1}`)],
    ["another score", digitsInput, (text) => text.replace(/bias (-?\d+)/, (_, bias) => `bias ${Number(bias) + 1}`)],
    ["another unit of scores", digitsInput, (text) => text.replace(/2\^(-?\d+)/, (_, e) => `2^${Number(e) + 1}`)],
  ])("%s", (_, input, edit) => {
    expect(complaints(changeModule(input, edit))).not.toEqual([]);
  });

  test("another function, the claim changed with it", () => {
    const changed = changeModule(openingInput, (text) => text.replace("111/111/111", "111/101/111"));
    const consistent = change(changed, (certificate) => (first(certificate).members = "111/101/111"));
    expect(complaints(consistent)).toContain("layers[0].bise[0]: one of its sets does not make the neuron true");
  });
});

describe("calibrated networks", () => {
  const model = nearBinaryModel(804);
  const pictures = Array.from({ length: 3 }, (_, index) => randomPicture(model.input, index));
  const input = certify(model, { policy: "auto", prove: "bounds", calibration: calibrate(model, pictures, 3) });

  test("are refused with other cuts, shifts, levels or representatives", () => {
    const codesOf = (certificate: CertificateJson): NonNullable<ClaimJson["code"]>[] =>
      claimsOf(certificate).flatMap(({ code }) => code ?? []);
    expect(complaints(input)).toEqual([]);
    const count = codesOf(parseCertificate(input.certificate)).length;
    expect(count).toBeGreaterThan(3);
    for (let index = 0; index < count; index++) {
      for (const edit of [
        (code: NonNullable<ClaimJson["code"]>) => (code.cut += 2 ** -12),
        (code: NonNullable<ClaimJson["code"]>) => (code.level += 1),
        (code: NonNullable<ClaimJson["code"]>) => (code.shift = code.shift * 1.01 + 1e-6),
        (code: NonNullable<ClaimJson["code"]>) => (code.low += 2 ** -10),
        (code: NonNullable<ClaimJson["code"]>) => (code.high += 2 ** -13),
      ]) {
        const changed = change(input, (certificate) => edit(codesOf(certificate)[index]!));
        expect(complaints(changed)).not.toEqual([]);
      }
    }
  });

  test("are exact where outputs are [y > ½], wherever they are cut, and nowhere else", () => {
    // Sums 0, .3, .6 and .9: the first two are below B.
    const bise: NeuronBank = {
      count: 1,
      inputsPerNeuron: 3,
      weights: Float32Array.of(0.3, 0.3, 0.3),
      biases: Float32Array.of(0.45),
      scales: Float32Array.of(3),
      activation: "tanh",
    };
    const size = { kernelHeight: 1, kernelWidth: 3, border: "replicate", inChannels: 1, outChannels: 1 } as const;
    const row: Model = {
      name: "row",
      input: { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false },
      layers: [{ kind: "bisel", ...size, bise, lui: null }],
      provenance: null,
    };
    const cutAt = (cut: number): CertificateInput =>
      certify(row, {
        policy: "auto",
        calibration: { layers: [{ bise: [], output: [{ cuts: [cut], representatives: [0, 1] }] }] },
      });
    const claimExact = (claimed: CertificateInput): CertificateInput => {
      const manifest = { ...claimed.manifest, grade: "exact" as const };
      return change({ ...claimed, manifest }, (certificate) => {
        certificate.grade = "exact";
        Object.assign(first(certificate), {
          grade: "exact",
          proof: "exhaustive",
          output: { zeroUpper: 0.3125, oneLower: 0.5 },
        });
        delete first(certificate).inequality;
      });
    };
    expect(parseCertificate(cutAt(0.45).certificate).grade).toBe("exact");
    expect(complaints(cutAt(0.45))).toEqual([]);
    // The bit [y > 0.2] is right as such, and none of the network's.
    expect(parseCertificate(cutAt(0.2).certificate).grade).toBe("hardened");
    expect(complaints(cutAt(0.2))).toEqual([]);
    expect(complaints(claimExact(cutAt(0.2))).join()).toContain("bit 1 has a value");
  });
});
