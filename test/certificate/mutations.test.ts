/**
 * Certificates and MorphIR changed at random: whatever the checker still accepts is true. Truth is found by brute force, on all small
 * pictures, from the float evaluator and the interpreter of MorphIR.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibrate } from "../../src/binarize/calibration.js";
import { type CertificateInput, checkCertificate } from "../../src/certificate/check.js";
import { interpretModule, interpretValues } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { verifyModule } from "../../src/ir/verify.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import type { Model } from "../../src/model/types.js";
import { buildBitImage, getPixel } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { nearBinaryModel, randomPicture } from "../binarize/near-binary-model.js";
import { opening, vague } from "../cli/harness.js";
import { type ClaimJson, certify, claimsOf, hash, parseCertificate } from "./certify.js";

type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/** All binary pictures of up to six bits, and some larger ones. */
function picturesOf(model: Model): readonly Picture[] {
  const { channels, height, width, encoding } = model.input;
  const random = Array.from({ length: 24 }, (_, seed) => randomPicture(model.input, seed));
  if (encoding.kind !== "binary") return random;
  const sides = [1, 2, 3, 4, 5, 6].slice(model.layers.some(({ kind }) => kind === "max-pool") ? 1 : 0);
  const sizes = sides.flatMap((h) => sides.map((w) => [h, w] as const)).filter(([h, w]) => h * w * channels <= 6);
  const small = sizes
    .filter(([h, w]) => (height ?? h) === h && (width ?? w) === w)
    .flatMap(([h, w]) =>
      Array.from(
        { length: 2 ** (h * w * channels) },
        (_, pattern): Picture => ({
          kind: "bits",
          height: h,
          width: w,
          channels: Array.from({ length: channels }, (__, channel) =>
            buildBitImage(h, w, (row, column) => (pattern >> (channel * h * w + row * w + column)) & 1),
          ),
        }),
      ),
    );
  return [...small, ...random];
}

/** How far the exact claims of float32 may be from double precision. */
const ROUNDING = 2 ** -18;

/** Every exact claim holds on the pictures: bits are [value > cut], values lie within the bounds. */
function lies(model: Model, module: MorphModule, claims: readonly ClaimJson[]): string | null {
  const ids = new Map(module.values.map(({ name }, id) => [name, id]));
  for (const picture of picturesOf(model)) {
    const contents = interpretValues(module, picture);
    const layers = evaluateModel(model, picture);
    for (const claim of claims) {
      const place = /^layers\[(\d+)\]\.(bise|lui)\[(\d+)\]$/.exec(claim.path);
      // An identity is exact whatever it hands on.
      if (claim.grade !== "exact" || claim.operation === "identity" || place === null) continue;
      const evaluated = layers[Number(place[1])]!;
      const tensor = place[2] === "bise" ? evaluated.bise! : evaluated.output;
      const content = contents[ids.get(claim.value)!]!;
      if (content.kind !== "image" && content.kind !== "bit") return `${claim.path}: no bits`;
      const size = content.kind === "bit" ? 1 : content.image.height * content.image.width;
      const { zeroUpper, oneLower } = claim.output;
      const cut = claim.code?.cut ?? 0.5;
      for (let pixel = 0; pixel < size; pixel++) {
        const value = tensor.values[Number(place[3]) * size + pixel]!;
        const bit =
          content.kind === "bit"
            ? content.bit
            : getPixel(content.image, Math.floor(pixel / content.image.width), pixel % content.image.width);
        const within = bit === 1 ? value >= oneLower - ROUNDING : value <= zeroUpper + ROUNDING;
        if (value > cut !== (bit === 1) || !within) return `${claim.path}: value ${value}, bit ${bit}`;
      }
    }
  }
  return null;
}

/**
 * The claims without what brute force judges, or what a tolerance allows: proofs, grades that claim less, numbers. A set of one
 * member is both an erosion and a dilation.
 */
function wording(claims: readonly ClaimJson[]): unknown {
  return claims.map(({ code, distance, weightError, ...rest }) => ({
    ...rest,
    proof: null,
    grade: null,
    output: null,
    inequality: null,
    code: code === undefined ? null : { ...code, cut: round(code.cut), shift: round(code.shift) },
    distance: distance === undefined ? null : round(distance),
    weightError: weightError === undefined ? null : "some",
    operation: isSingle(rest.members) ? "single" : rest.operation,
    threshold: rest.operation === "union-of-erosions" ? null : rest.threshold,
  }));
}

function isSingle(members: unknown): boolean {
  return typeof members === "string" && members.replaceAll(/[0/]/g, "") === "1";
}

/** Five digits: tolerances are smaller. */
function round(value: number): number {
  return Number(value.toPrecision(5));
}

const RANK = { exact: 2, hardened: 1, approximate: 0 } as const;

/** The weights of a union of erosions are the same function as its sets. */
function isUnion(claim: ClaimJson): boolean {
  const sets = claim.sets!.map((set) => [...set.replaceAll("/", "")].map(Number));
  const weights = claim.threshold!.weights.map(Number);
  return Array.from({ length: 2 ** weights.length }, (_, pattern) => pattern).every((pattern) => {
    const bit = (input: number): number => (pattern >> input) & 1;
    const sum = weights.reduce((total, weight, input) => total + weight * bit(input), 0);
    const contained = sets.some((set) => set.every((member, input) => member <= bit(input)));
    return sum > Number(claim.threshold!.bound) === contained;
  });
}

/** The largest |Σ W·b − B| at which rounded weights have another bit than the neuron, over all patterns. */
function worstError(model: Model, claim: ClaimJson): number {
  const [, layerText, part, neuronText] = /^layers\[(\d+)\]\.(bise|lui)\[(\d+)\]$/.exec(claim.path)!;
  const layer = model.layers[Number(layerText)]!;
  const bank = layer.kind === "bisel" && part === "bise" ? layer.bise : layer.kind === "dense-lui" ? layer.lui : null;
  if (bank === null) throw new Error("not a neuron that this test knows");
  const neuron = Number(neuronText);
  const weights = [...bank.weights.subarray(neuron * bank.inputsPerNeuron, (neuron + 1) * bank.inputsPerNeuron)];
  const rounded = claim.threshold!.weights.map(Number);
  const sign = Math.sign(bank.scales[neuron]!);
  let worst = 0;
  for (let pattern = 0; pattern < 2 ** weights.length; pattern++) {
    const sumOf = (values: readonly number[]): number =>
      values.reduce((sum, value, input) => sum + value * ((pattern >> input) & 1), 0);
    const difference = sumOf(weights) - bank.biases[neuron]!;
    const bit = sumOf(rounded) > Number(claim.threshold!.bound);
    if ((bit !== claim.complemented) !== sign * difference > 0) worst = Math.max(worst, Math.abs(difference));
  }
  return worst;
}

/** Throws where an accepted certificate is not true. */
function expectTrue(original: CertificateInput, changed: CertificateInput): void {
  const [before, after] = [parseCertificate(original.certificate), parseCertificate(changed.certificate)];
  const [old, claims] = [claimsOf(before), claimsOf(after)];
  expect(wording(claims)).toEqual(wording(old));
  claims.forEach((claim, index) => {
    // Better than the compiler says: only if brute force agrees. Worse: never for a replaced neuron.
    if (RANK[claim.grade] < RANK.hardened) expect(claim.grade).toBe(old[index]!.grade);
    if (claim.operation === "union-of-erosions") expect(isUnion(claim)).toBe(true);
    const [a, b] = [claim.inequality, old[index]!.inequality];
    if (a !== undefined && b !== undefined) {
      for (const end of ["lower", "bias", "upper"] as const) {
        const [value, was] = [a[end], b[end]];
        if (typeof value === "number" && typeof was === "number") expect(value).toBeCloseTo(was, 5);
        else expect(value).toBe(was);
      }
    }
    if (claim.weightError !== undefined) {
      expect(claim.weightError).toBeGreaterThanOrEqual(worstError(changed.model, claim));
    }
  });
  // What is exact in float32 is so in real numbers.
  const own = { layers: null, arithmetic: null };
  expect({ ...after, ...own }).toEqual({ ...before, ...own });
  expect(lies(changed.model, changed.module, claims)).toBeNull();
}

/** Every place in a JSON tree. */
function places(json: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const children = Array.isArray(json)
    ? json.flatMap((child, index) => places(child, [...path, index]))
    : json !== null && typeof json === "object"
      ? Object.entries(json).flatMap(([field, child]) => places(child, [...path, field]))
      : [];
  return [path, ...children].filter((each) => each.length > 0);
}

const WORDS = [
  "exact",
  "hardened",
  "approximate",
  "inequality",
  "patterns",
  "gap",
  "bits",
  "exhaustive",
  "erosion",
  "dilation",
  "union",
  "intersection",
  "rank",
  "threshold",
  "constant",
  "identity",
  "float32",
  "real",
  "auto",
]; // prettier-ignore

/** A tree with the value at a place changed, removed, doubled or exchanged with a neighbour; itself where that is not possible. */
function mutate(json: Json, position: number, kind: number, amount: number): Json {
  const all = places(json);
  const path = all[position % all.length]!;
  return changeAt(json, path, (parent, last) => {
    if (Array.isArray(parent)) {
      const index = Number(last);
      if (kind % 4 === 0) return parent.toSpliced(index, 1);
      if (kind % 4 === 1 && amount % 2 === 0) return parent.toSpliced(index, 0, parent[index]!);
      if (kind % 4 === 1) {
        const other = amount % parent.length;
        return parent.with(index, parent[other]!).with(other, parent[index]!);
      }
      return parent.with(index, changeLeaf(parent[index]!, kind, amount));
    }
    if (parent === null || typeof parent !== "object") return parent;
    const entries = Object.entries(parent);
    if (kind % 4 === 0) return Object.fromEntries(entries.filter(([field]) => field !== last));
    return { ...parent, [last]: changeLeaf(parent[last]!, kind, amount) };
  });
}

function changeAt(
  json: Json,
  [first, ...rest]: readonly (string | number)[],
  edit: (parent: Json, last: string | number) => Json,
): Json {
  if (first === undefined || rest.length === 0) return edit(json, first ?? "");
  if (Array.isArray(json)) return json.with(Number(first), changeAt(json[Number(first)]!, rest, edit));
  if (json === null || typeof json !== "object") return json;
  return { ...json, [first]: changeAt(json[first]!, rest, edit) };
}

const STEPS = [1, -1, 0.5, 2 ** -10, -(2 ** -10), 2 ** -20, -(2 ** -20), 2 ** -30, 2 ** -45, 100];

function changeLeaf(value: Json, kind: number, amount: number): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + STEPS[amount % STEPS.length]!;
  if (typeof value !== "string") return value;
  if (/^[01/]+$/.test(value) && kind % 8 < 4) {
    const at = amount % value.length;
    return value.slice(0, at) + (value[at] === "0" ? "1" : "0") + value.slice(at + 1);
  }
  if (/^-?\d+$/.test(value)) return String(Number(value) + [1, -1, 2, 64][amount % 4]!);
  if (WORDS.includes(value)) return WORDS[amount % WORDS.length]!;
  return value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
}

/** A character of the text of MorphIR that means something, changed: a digit, a word. */
function mutateText(text: string, position: number, amount: number): string {
  const marks = [...text.matchAll(/\d|replicate|zeros|erosion|dilation|union|intersection|complement %\w+/g)];
  const mark = marks[position % marks.length]!;
  const others: Readonly<Record<string, string>> = {
    replicate: "zeros",
    zeros: "replicate",
    erosion: "dilation",
    dilation: "erosion",
    union: "intersection",
    intersection: "union",
  };
  const [old] = mark;
  const changed = /^\d$/.test(old) ? String((Number(old) + 1 + (amount % 9)) % 10) : (others[old] ?? old);
  return text.slice(0, mark.index) + changed + text.slice(mark.index + old.length);
}

const calibratedModel = nearBinaryModel(804);
const calibration = calibrate(
  calibratedModel,
  [0, 1, 2].map((seed) => randomPicture(calibratedModel.input, seed)),
  3,
);

const BASES: readonly (readonly [string, CertificateInput])[] = [
  ["opening", certify(opening, { policy: "auto" })],
  ["vague", certify(vague, { policy: "auto", prove: "bounds" })],
  ["all patterns", certify(nearBinaryModel(37), { policy: "auto" })],
  ["real sums", certify(nearBinaryModel(76, { positive: true }), { policy: "auto", arithmetic: "real" })],
  ["a vector", certify(nearBinaryModel(3), { policy: "auto", prove: "bounds" })],
  ["steps", certify(nearBinaryModel(505, { activation: "step" }), { policy: "auto", prove: "bounds" })],
  ["replaced neurons", certify(nearBinaryModel(603, { positive: true }), { policy: "approximate-activated" })],
  [
    "rounded weights",
    certify(nearBinaryModel(703, { positive: true }), { policy: "auto", prove: "bounds", weightBits: 2 }),
  ],
  ["levels", certify(calibratedModel, { policy: "auto", prove: "bounds", calibration })],
];

const number = fc.nat({ max: 2 ** 30 });

describe.each(BASES)("%s", (_, original) => {
  test("is accepted, and true", () => {
    expect(checkCertificate(original).findings).toEqual([]);
    expectTrue(original, original);
  });

  test("no false certificate is accepted", () => {
    let accepted = 0;
    fc.assert(
      fc.property(number, number, number, (position, kind, amount) => {
        const json = mutate(JSON.parse(original.certificate) as Json, position, kind, amount);
        const changed = { ...original, certificate: JSON.stringify(json) };
        if (checkCertificate(changed).findings.length > 0) return;
        accepted++;
        expectTrue(original, changed);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeLessThan(100);
  });

  test("no other MorphIR is accepted", () => {
    const text = printModule(original.module);
    const pictures = picturesOf(original.model);
    fc.assert(
      fc.property(number, number, (position, amount) => {
        const changedText = mutateText(text, position, amount);
        let module: MorphModule;
        try {
          module = parseModule(changedText);
          verifyModule(module);
        } catch {
          return;
        }
        const files = [
          { path: original.files[0]!.path, bytes: Buffer.byteLength(changedText), sha256: hash(changedText) },
        ];
        const json = parseCertificate(original.certificate);
        const changed = { ...original, module, files, certificate: JSON.stringify({ ...json, artifacts: files }) };
        if (checkCertificate(changed).findings.length > 0) return;
        for (const picture of pictures) {
          expect(interpretModule(module, picture)).toEqual(interpretModule(original.module, picture));
        }
      }),
      { numRuns: 100 },
    );
  });
});

test("a proof forged for a neuron that has none is accepted only where it is true", () => {
  let [forged, accepted] = [0, 0];
  for (const seed of [0, 2, 7, 21, 27, 37, 39, 98, 101, 102, 115, 127]) {
    const original = certify(nearBinaryModel(seed), { policy: "auto", prove: "bounds" });
    const hardened = claimsOf(parseCertificate(original.certificate)).flatMap(({ grade, operation }, index) =>
      grade === "hardened" && operation !== "score" ? [index] : [],
    );
    for (const index of hardened) {
      for (const proof of ["inequality", "patterns", "gap", "bits", "exhaustive"]) {
        const certificate = parseCertificate(original.certificate);
        const claim = claimsOf(certificate)[index]!;
        Object.assign(claim, { grade: "exact", proof, output: { zeroUpper: 0.5, oneLower: 0.5 } });
        const { findings } = checkCertificate({ ...original, certificate: JSON.stringify(certificate) });
        forged++;
        if (findings.some(({ path }) => path === claim.path)) continue;
        accepted++;
        expect(lies(original.model, original.module, [claim])).toBeNull();
      }
    }
  }
  expect(forged).toBeGreaterThan(50);
  // Some of them only all patterns prove.
  expect(accepted).toBeGreaterThan(5);
});
