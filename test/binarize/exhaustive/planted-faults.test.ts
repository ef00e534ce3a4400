/** Modules that are wrong for one pattern, or at one edge, and what is found of them. */
import { describe, expect, test } from "vitest";
import { binarize } from "../../../src/binarize/binarize.js";
import { type ExhaustiveAnswer, tryAllPatterns } from "../../../src/binarize/exhaustive/exhaustive.js";
import { ModuleBuilder } from "../../../src/ir/build.js";
import type { MorphModule, MorphNode, ValueId } from "../../../src/ir/node.js";
import type { BiselLayer, InputDescription, Model, NeuronBank } from "../../../src/model/types.js";
import type { BorderRule } from "../../../src/morph/border.js";
import { elementFromKernel } from "../../../src/morph/structuring-element.js";
import { Dice } from "../near-binary-model.js";
import { floatValues, valueBits } from "./brute-force.js";

/** A dilation or an erosion whose values are near 0 and 1. */
function bank(inputs: number, operation: "dilation" | "erosion", count = 1): NeuronBank {
  const weights = Array.from({ length: inputs }, (_, index) => 1 + (index % 3) / 64);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    count,
    inputsPerNeuron: inputs,
    weights: Float32Array.from({ length: inputs * count }, (_, index) => weights[index % inputs]!),
    biases: new Float32Array(count).fill(operation === "dilation" ? 0.5 : total - 0.5),
    scales: new Float32Array(count).fill(40),
    activation: "tanh",
  };
}

function layer(side: number, operation: "dilation" | "erosion", border: BorderRule): BiselLayer {
  const common = { kind: "bisel", inChannels: 1, outChannels: 1, lui: null } as const;
  return { ...common, kernelHeight: side, kernelWidth: side, border, bise: bank(side * side, operation) };
}

const BINARY: InputDescription = {
  channels: 1,
  height: null,
  width: null,
  encoding: { kind: "binary" },
  complements: false,
};

function model(layers: readonly BiselLayer[], input = BINARY): Model {
  return { name: "planted", input, layers, provenance: null };
}

function opening(border: BorderRule): Model {
  return model([layer(3, "erosion", border), layer(3, "dilation", border)]);
}

/** The compiled network with more nodes after it, the last of which is asked about. */
function extend(network: Model, more: (builder: ModuleBuilder, last: ValueId) => ValueId): [MorphModule, ValueId] {
  const { module } = binarize(network, { policy: "auto", prove: "bounds" });
  const builder = new ModuleBuilder(module.name, module.input);
  for (const value of module.values) builder.add(value.node, value.name, value.origin);
  const value = more(builder, module.outputs[0]!);
  return [builder.finish([value]), value];
}

function ask(
  network: Model,
  [module, value]: readonly [MorphModule, ValueId],
  size: { readonly height: number | null; readonly width: number | null } = { height: null, width: null },
): ExhaustiveAnswer {
  const question = { layer: network.layers.length - 1, part: "output", neuron: 0 } as const;
  const bits = [{ value, cut: 0.5 }];
  return tryAllPatterns({ ...question, ...size, model: network, values: module.values, bits, arithmetic: "float32" });
}

/** By interpreter and evaluator, the bit is wrong there. @returns the picture's rows and the pixel */
function checkedWitness(answer: ExhaustiveAnswer, network: Model, [module, value]: readonly [MorphModule, ValueId]) {
  if (answer.kind !== "different") throw new Error(`found ${answer.kind}`);
  const { picture, row, column, bit, floatValue } = answer;
  const pixel = row * picture.width + column;
  const float = floatValues(network, { layer: network.layers.length - 1, part: "output", neuron: 0 }, picture)[pixel]!;
  expect(bit).toBe(0);
  expect(float).toBeCloseTo(floatValue!, 9);
  expect(valueBits(module, value, picture)[pixel]).toBe(float > 0.5 ? 0 : 1);
  return { height: picture.height, width: picture.width, row, column };
}

/** 1 exactly where the 5×5 window is `pattern`, all of it inside the frame. */
function addExactPattern(builder: ModuleBuilder, pattern: readonly boolean[]): ValueId {
  const add = (node: MorphNode): ValueId => builder.add(node, "planted");
  const not = add({ kind: "complement", input: 0 });
  const set = add({ kind: "erosion", input: 0, element: elementFromKernel(5, 5, pattern), border: "zeros" });
  const clear = elementFromKernel(
    5,
    5,
    pattern.map((member) => !member),
  );
  return add({
    kind: "intersection",
    inputs: [set, add({ kind: "erosion", input: not, element: clear, border: "zeros" })],
  });
}

/** 1 where the pixel at the offset is inside the frame. */
function addInside(builder: ModuleBuilder, row: number, column: number): ValueId {
  const ones = builder.add({ kind: "constant", like: 0, value: 1 }, "ones");
  const terms = [{ input: ones, offset: { row, column }, weight: 1n }];
  return builder.add({ kind: "threshold", terms, bound: 0n, border: "zeros" }, "inside");
}

describe("two layers of 3×3", () => {
  test.each<BorderRule>(["replicate", "zeros"])("are proved as they are, border %s", (border) => {
    const network = opening(border);
    const calls: number[] = [];
    const { module } = binarize(network, { policy: "auto", prove: "bounds" });
    const answer = tryAllPatterns({
      model: network,
      values: module.values,
      layer: 1,
      part: "output",
      neuron: 0,
      bits: [{ value: module.outputs[0]!, cut: 0.5 }],
      arithmetic: "float32",
      height: null,
      width: null,
      onProgress: (share) => calls.push(share),
    });
    // Frames of t+b+1 rows and l+r+1 columns, each distance 0 to 2.
    const sides = [0, 1, 2].flatMap((before) => [0, 1, 2].map((after) => before + after + 1));
    const patterns = sides.reduce(
      (sum, rows) => sides.reduce((total, columns) => total + 2 ** (rows * columns), sum),
      0,
    );
    expect(answer).toMatchObject({ kind: "proved", patterns });
    expect(calls.length).toBeGreaterThan(100);
    expect(calls.every((share, index) => share >= (calls[index - 1] ?? 0))).toBe(true);
    expect(calls.at(-1)).toBe(1);
  });

  test("wrong at a single one of 2^25 patterns", () => {
    for (const seed of [1, 2]) {
      const dice = new Dice(seed);
      const network = opening("zeros");
      // Something else is set in it than what an opening leaves.
      const pattern = Array.from({ length: 25 }, (_, index) => index !== 12 && dice.chance(0.6));
      const wrong = extend(network, (builder, last) =>
        builder.add({ kind: "union", inputs: [last, addExactPattern(builder, pattern)] }, "wrong"),
      );
      expect(checkedWitness(ask(network, wrong), network, wrong)).toEqual({ height: 5, width: 5, row: 2, column: 2 });
      // Larger fixed pictures show it too; smaller ones do not.
      const large = checkedWitness(ask(network, wrong, { height: 7, width: 6 }), network, wrong);
      expect(large).toMatchObject({ height: 7, width: 6 });
      expect(ask(network, wrong, { height: 4, width: null }).kind).toBe("proved");
      expect(ask(network, wrong, { height: 4, width: 5 }).kind).toBe("proved");
    }
  });

  test.each([
    ["the first row", [[-1, 0]], (row: number) => row === 0],
    ["the last column", [[0, 1]], (_: number, column: number, __: number, width: number) => column === width - 1],
    [
      "the corner at the bottom left",
      [
        [1, 0],
        [0, -1],
      ],
      (row: number, column: number, height: number) => row === height - 1 && column === 0,
    ],
    [
      "pictures of one column",
      [
        [0, -1],
        [0, 1],
      ],
      (_: number, __: number, ___: number, width: number) => width === 1,
    ],
    ["two pixels from the top", [[-2, 0]], (row: number) => row < 2],
  ] as const)("wrong only in %s", (_, outside, isThere) => {
    for (const border of ["replicate", "zeros"] as const) {
      const network = opening(border);
      const wrong = extend(network, (builder, last) => {
        const inside = outside.map(([row, column]) => addInside(builder, row, column));
        const somewhere = builder.add({ kind: "union", inputs: inside }, "not_there");
        const there = builder.add({ kind: "complement", input: somewhere }, "there");
        const flipped = builder.add({ kind: "intersection", inputs: [there, 0] }, "flipped");
        return builder.add({ kind: "union", inputs: [last, flipped] }, "wrong");
      });
      const { row, column, height, width } = checkedWitness(ask(network, wrong), network, wrong);
      expect(isThere(row, column, height, width)).toBe(true);
    }
  });
});

test("a fault that no picture of the fixed size shows does not count", () => {
  const network = opening("replicate");
  const wrong = extend(network, (builder, last) => {
    const [left, right] = [addInside(builder, 0, -1), addInside(builder, 0, 1)];
    const wide = builder.add({ kind: "union", inputs: [left, right] }, "wide");
    return builder.add({ kind: "intersection", inputs: [last, wide] }, "wrong");
  });
  expect(ask(network, wrong, { height: 3, width: 4 }).kind).toBe("proved");
  expect(checkedWitness(ask(network, wrong, { height: 3, width: 1 }), network, wrong)).toMatchObject({
    height: 3,
    width: 1,
  });
});

describe("level sets", () => {
  const levels: InputDescription = {
    ...BINARY,
    encoding: { kind: "level-sets", grayMinimum: 0, grayMaximum: 255, values: [[100, 200]] },
  };
  const bise = { ...bank(3, "dilation", 2), scales: Float32Array.of(40, 40) };
  const network = model(
    [
      {
        kind: "bisel",
        inChannels: 2,
        outChannels: 1,
        kernelHeight: 1,
        kernelWidth: 3,
        border: "replicate",
        bise,
        lui: bank(2, "erosion"),
      },
    ],
    levels,
  );

  test("a fault that only an impossible pixel shows does not count", () => {
    const wrong = extend(network, (builder, last) => {
      const [low, high] = [0, 1];
      const notLow = builder.add({ kind: "complement", input: low }, "not_low");
      const impossible = builder.add({ kind: "intersection", inputs: [high, notLow] }, "impossible");
      const flipped = builder.add({ kind: "complement", input: last }, "flipped");
      const used = builder.add({ kind: "intersection", inputs: [impossible, flipped] }, "used");
      return builder.add({ kind: "union", inputs: [last, used] }, "same");
    });
    expect(ask(network, wrong).kind).toBe("proved");
  });

  test("a fault is shown by bytes", () => {
    const wrong = extend(network, (builder, last) => {
      const between = builder.add({ kind: "complement", input: 1 }, "below");
      const gray = builder.add({ kind: "intersection", inputs: [0, between, last] }, "gray");
      const kept = builder.add({ kind: "complement", input: gray }, "kept");
      return builder.add({ kind: "intersection", inputs: [last, kept] }, "wrong");
    });
    const answer = ask(network, wrong);
    checkedWitness(answer, network, wrong);
    if (answer.kind !== "different" || answer.picture.kind !== "bytes") throw new Error("no bytes");
    expect(answer.picture.channels[0]![answer.row * answer.picture.width + answer.column]).toBe(100);
  });
});
