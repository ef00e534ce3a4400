import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticError } from "../../src/diagnostics.js";
import { decodeManifest, encodeManifest, looksLikeManifest, type Manifest } from "../../src/run/manifest.js";

const IMAGES: Manifest = {
  tool: "bimonnc 0.1.0",
  name: "opening",
  target: { name: "c-avx2", backend: "c", lanes: 8 },
  modelSha256: "0".repeat(64),
  policy: "auto",
  grade: "hardened",
  input: { encoding: "binary", grayRange: null, complements: false },
  interface: {
    kind: "images",
    inputChannels: 1,
    samples: "bits",
    height: null,
    width: 33,
    outputChannels: 2,
    outputHalvings: 1,
  },
  scratch: { bytes: 12, arguments: { height: 1024, width: 33 } },
  files: [{ path: "opening.fixtures/0-0.png", bytes: 5, sha256: "a".repeat(64) }],
};

const MEASURED: Manifest = {
  ...IMAGES,
  agreement: {
    pictures: 3,
    equalPictures: 2,
    unit: "pixels",
    answers: 300,
    equal: 290,
    calibratedOn: 4,
    independent: true,
    worst: { picture: "a b.png", answers: 100, equal: 90 },
  },
};

const SCORES: Manifest = {
  ...IMAGES,
  input: { encoding: "level-sets", grayRange: [-1, 2.5], complements: true },
  interface: {
    kind: "samples",
    inputChannels: 3,
    samples: "bytes",
    height: 28,
    width: 28,
    output: { kind: "scores", classes: 2, limbs: 2, limbBits: 24, exponent: -30, activation: ["tanh", "identity"] },
  },
  scratch: { bytes: 0, arguments: { count: 1024 } },
};

const BITS: Manifest = {
  ...SCORES,
  interface: {
    kind: "samples",
    inputChannels: 1,
    samples: "bits",
    height: 1,
    width: 9,
    output: { kind: "bits", length: 4 },
  },
};

const scoresWith = (changed: object): object => ({
  ...(SCORES.interface.kind === "samples" ? SCORES.interface.output : {}),
  ...changed,
});

describe("manifests", () => {
  test.each([IMAGES, MEASURED, SCORES, BITS])("survive the file", (manifest) => {
    const text = encodeManifest(manifest);
    expect(decodeManifest(text)).toEqual(manifest);
    expect(looksLikeManifest(text)).toBe(true);
  });

  test("say how the entry point is called", () => {
    expect(JSON.parse(encodeManifest(IMAGES)).entryParameters).toEqual(["height", "width"]);
    expect(JSON.parse(encodeManifest(SCORES)).entryParameters).toEqual(["count"]);
  });

  const complaint = (change: (manifest: Record<string, unknown>) => void): string => {
    const fields = JSON.parse(encodeManifest(SCORES));
    change(fields);
    try {
      decodeManifest(JSON.stringify(fields));
      return "accepted";
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      const [diagnostic] = error.diagnostics;
      return `${diagnostic?.code} ${diagnostic?.path}`;
    }
  };

  test.each<[string, unknown, string]>([
    ["name", "../x", "BMN0701 name"],
    ["name", "a".repeat(64), "BMN0701 name"],
    ["version", 2, "BMN0701 version"],
    ["format", "other", "BMN0701 format"],
    ["modelSha256", "A".repeat(64), "BMN0701 modelSha256"],
    ["target", null, "BMN0701 target"],
    ["target", { name: "../c", backend: "c", lanes: 4 }, "BMN0701 target.name"],
    ["target", { name: "c", backend: "rust", lanes: 4 }, "BMN0701 target.backend"],
    ["files", {}, "BMN0701 files"],
    ["files", [{ path: "../../etc/passwd", bytes: 0, sha256: "a".repeat(64) }], "BMN0701 files[0].path"],
    ["files", [{ path: "/etc/passwd", bytes: 0, sha256: "a".repeat(64) }], "BMN0701 files[0].path"],
    ["files", [{ path: "a/../../b", bytes: 0, sha256: "a".repeat(64) }], "BMN0701 files[0].path"],
    ["files", [{ path: "a", bytes: -1, sha256: "a".repeat(64) }], "BMN0701 files[0].bytes"],
    ["interface", { ...SCORES.interface, height: 65536 }, "BMN0701 interface.height"],
    ["interface", { ...SCORES.interface, height: null }, "BMN0701 interface.height"],
    ["interface", { ...SCORES.interface, height: 65535, width: 65535 }, "BMN0701 interface"],
    ["interface", { ...SCORES.interface, inputChannels: 2 ** 32 }, "BMN0701 interface.inputChannels"],
    ["interface", { ...IMAGES.interface, outputChannels: 2 ** 32 }, "BMN0701 interface.outputChannels"],
    [
      "interface",
      { ...IMAGES.interface, height: 16384, width: 16384, outputChannels: 4096, outputHalvings: 0 },
      "BMN0701 interface",
    ],
    [
      "interface",
      { ...BITS.interface, output: { kind: "bits", length: 2 ** 20 + 1 } },
      "BMN0701 interface.output.length",
    ],
    ["interface", { ...SCORES.interface, output: scoresWith({ limbs: 65 }) }, "BMN0701 interface.output.limbs"],
    [
      "interface",
      { ...SCORES.interface, output: scoresWith({ classes: 2 ** 20 + 1 }) },
      "BMN0701 interface.output.classes",
    ],
    ["interface", { ...SCORES.interface, samples: "floats" }, "BMN0701 interface.samples"],
    ["agreement", null, "BMN0701 agreement"],
    ["agreement", { ...MEASURED.agreement, equal: 301 }, "BMN0701 agreement.equal"],
    ["agreement", { ...MEASURED.agreement, equalPictures: 4 }, "BMN0701 agreement.equalPictures"],
    ["agreement", { ...MEASURED.agreement, unit: "words" }, "BMN0701 agreement.unit"],
    ["agreement", { ...MEASURED.agreement, worst: {} }, "BMN0701 agreement.worst"],
  ])("refuse %s = %j", (field, value, expected) => {
    expect(
      complaint((fields) => {
        fields[field] = value;
      }),
    ).toBe(expected);
  });

  test("refuse whatever is cut or changed, with a diagnostic", () => {
    const texts = [IMAGES, MEASURED, SCORES, BITS].map(encodeManifest);
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(1500),
        fc.string({ maxLength: 3 }),
        fc.nat(9),
        (text, at, put, cut) => {
          try {
            decodeManifest(text.slice(0, at) + put + text.slice(at + cut));
          } catch (error) {
            expect(error).toBeInstanceOf(DiagnosticError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
