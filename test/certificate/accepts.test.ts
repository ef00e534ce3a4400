/** The checker accepts what the compiler certifies, whatever the model, the policy and the arithmetic. */
import { describe, expect, test } from "vitest";
import { type BinarizeOptions } from "../../src/binarize/binarize.js";
import { calibrate } from "../../src/binarize/calibration.js";
import { checkCertificate } from "../../src/certificate/check.js";
import type { Activation, Model } from "../../src/model/types.js";
import { nearBinaryModel, randomPicture } from "../binarize/near-binary-model.js";
import { digits, halved, opening, pair, twins, vague } from "../cli/harness.js";
import { goldenNetworks, HAS_GOLDEN } from "../golden/golden-networks.js";
import { certify, linesOf } from "./certify.js";

/** Grades, proofs and operations that were accepted. */
const seen = new Set<string>();

function expectAccepted(model: Model, options: BinarizeOptions): void {
  const verdict = checkCertificate(certify(model, options));
  expect(linesOf(verdict)).toEqual([]);
  for (const { neurons } of verdict.certificate?.layers ?? []) {
    for (const { grade, proof, operation } of neurons)
      [grade, proof ?? "", operation].forEach((word) => seen.add(word));
  }
}

const POLICIES = [
  "approximate-constant",
  "approximate-uniform",
  "approximate-normal",
  "approximate-activated",
  "approximate-bounds",
] as const;

describe("accepts", () => {
  test.each([opening, vague, twins, halved, pair, digits])("$name of the command's tests", (model) => {
    for (const arithmetic of ["float32", "real"] as const) expectAccepted(model, { policy: "auto", arithmetic });
  });

  test("random networks near binary, by bounds", () => {
    for (let seed = 0; seed < 150; seed++) {
      const model = nearBinaryModel(seed, seed % 3 === 0 ? { positive: true } : {});
      expectAccepted(model, { policy: "auto", arithmetic: seed % 2 === 0 ? "float32" : "real", prove: "bounds" });
    }
  });

  test("small random networks, by all patterns where bounds fail", () => {
    for (const seed of [0, 2, 7, 27, 37, 39, 76, 98, 101, 102]) {
      expectAccepted(nearBinaryModel(seed), { policy: "auto" });
    }
    for (const seed of [6, 8, 24, 28, 76, 86, 92, 96]) {
      expectAccepted(nearBinaryModel(seed, { positive: true }), { policy: "auto", arithmetic: "real" });
    }
  });

  test.each(["step", "tanh", "sigmoid", "erf", "arctan"] as const)("networks of %s", (activation: Activation) => {
    for (let seed = 500; seed < 520; seed++) {
      expectAccepted(nearBinaryModel(seed, { activation }), { policy: "auto", prove: "bounds" });
    }
  });

  test.each(POLICIES)("the policy %s", (policy) => {
    for (let seed = 600; seed < 620; seed++) expectAccepted(nearBinaryModel(seed, { positive: true }), { policy });
  });

  test("rounded weights", () => {
    for (let seed = 700; seed < 730; seed++) {
      expectAccepted(nearBinaryModel(seed, { positive: true }), { policy: "auto", prove: "bounds", weightBits: 2 });
    }
  });

  test("calibrated networks of one and three levels", () => {
    for (let seed = 800; seed < 820; seed++) {
      const model = nearBinaryModel(seed);
      const pictures = Array.from({ length: 3 }, (_, index) => randomPicture(model.input, index));
      for (const levels of [1, 3]) {
        const options = { policy: "auto", prove: "bounds", calibration: calibrate(model, pictures, levels) } as const;
        expectAccepted(model, options);
      }
    }
  });

  test(`recorded networks${HAS_GOLDEN ? "" : " (the small set: no full one here)"}`, () => {
    for (const { model } of goldenNetworks().slice(0, 8)) {
      for (const policy of ["auto", "approximate-constant"] as const) {
        expectAccepted({ ...model, name: "recorded" }, { policy, prove: "bounds" });
      }
    }
  });

  test("all kinds of claims were among them", () => {
    const words = ["exact", "hardened", "approximate", "inequality", "patterns", "gap", "bits", "exhaustive"];
    const operations = ["erosion", "dilation", "intersection", "union", "rank", "threshold", "constant", "identity"];
    expect([...seen]).toEqual(expect.arrayContaining([...words, ...operations, "union-of-erosions", "score"]));
  });
});
