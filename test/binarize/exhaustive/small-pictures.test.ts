/** What the exhaustive proof answers, against the evaluator and the interpreter on all small pictures. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { binarize } from "../../../src/binarize/binarize.js";
import { type ExhaustiveAnswer, tryAllPatterns } from "../../../src/binarize/exhaustive/exhaustive.js";
import type { MorphModule, MorphNode } from "../../../src/ir/node.js";
import type { Model } from "../../../src/model/types.js";
import { Dice } from "../near-binary-model.js";
import { type Asked, bruteForce, floatValues, pictureCount, valueBits } from "./brute-force.js";
import { smallStack } from "./small-networks.js";

/** Values nearer to the cut may be called undecided. */
const UNSURE = { float32: 2e-3, real: 1e-7 } as const;
/** Most pictures that are tried for a network. */
const MOST_PICTURES = 700;

interface Case {
  readonly model: Model;
  readonly module: MorphModule;
  readonly asked: Asked;
  readonly value: number;
}

/** A neuron of a small network, with the value that holds its bit. */
function smallCase(dice: Dice): Case {
  const model = smallStack(dice);
  const { module } = binarize(model, { policy: "auto", prove: "bounds" });
  const layer = dice.whole(0, model.layers.length - 1);
  const bisel = model.layers[layer]!;
  if (bisel.kind !== "bisel") throw new Error("not a BiSEL");
  const part = bisel.lui === null || dice.chance(0.3) ? "bise" : "output";
  const neuron = dice.whole(0, (part === "bise" ? bisel.bise.count : bisel.outChannels) - 1);
  const name = part === "bise" ? `bise${layer}_${neuron}` : `lui${layer}_${neuron}`;
  const value = module.values.findIndex((each) => each.name === name);
  if (value < 0) throw new Error(`no value ${name}`);
  const asked: Asked = {
    layer,
    part: part === "bise" && bisel.lui === null && dice.chance(0.5) ? "output" : part,
    neuron,
  };
  return { model, module: dice.chance(0.5) ? module : damage(module, value, dice), asked, value };
}

/** One node changed, so that the module means something else in a few places, or everywhere. */
function damage(module: MorphModule, value: number, dice: Dice): MorphModule {
  const at = dice.whole(0, value);
  const values = module.values.map((each, index) =>
    index === at ? { ...each, node: damageNode(each.node, dice) } : each,
  );
  return { ...module, values };
}

function damageNode(node: MorphNode, dice: Dice): MorphNode {
  switch (node.kind) {
    case "erosion":
    case "dilation": {
      if (dice.chance(0.5)) return { ...node, border: node.border === "zeros" ? "replicate" : "zeros" };
      const flipped = dice.whole(0, node.element.members.length - 1);
      const members = node.element.members.map((member, index) => (index === flipped ? !member : member));
      return { ...node, element: { ...node.element, members } };
    }
    case "threshold": {
      if (dice.chance(0.5)) return { ...node, bound: node.bound + BigInt(dice.oneOf([-1, 1])) };
      const changed = dice.whole(0, node.terms.length - 1);
      const terms = node.terms.map((term, index) => (index === changed ? { ...term, weight: term.weight + 3n } : term));
      return { ...node, terms };
    }
    case "union":
      return { ...node, kind: "intersection" };
    case "intersection":
      return { ...node, kind: "union" };
    case "constant":
      return { ...node, value: node.value === 1 ? 0 : 1 };
    default:
      return node;
  }
}

/** Sizes of few pictures, among them the fixed one of a question. */
const SIZES: readonly (readonly [number, number])[] = [1, 2, 3, 4].flatMap((height) =>
  [1, 2, 3, 4].map((width) => [height, width] as const),
);

const counts = { proved: 0, different: 0, undecided: 0, unsupported: 0 };

function check(each: Case, arithmetic: "float32" | "real", size: readonly [number, number] | null, dice: Dice): void {
  const { model, module, asked, value } = each;
  const answer = tryAllPatterns({
    ...asked,
    model,
    values: module.values,
    bits: [{ value, cut: 0.5 }],
    arithmetic,
    height: size?.[0] ?? null,
    width: size?.[1] ?? null,
    mostPatterns: 2 ** 18,
  });
  counts[answer.kind]++;
  const few = SIZES.filter(([height, width]) => pictureCount(model.input, height, width) <= MOST_PICTURES);
  const sizes = size === null ? [few.at(-1)!, dice.oneOf(few), [1, 1] as const] : [size];
  const brute = bruteForce(model, module, asked, value, sizes);
  const unsure = UNSURE[arithmetic];
  switch (answer.kind) {
    case "proved": {
      const [{ zeroUpper, oneLower }] = answer.bounds as [{ zeroUpper: number; oneLower: number }];
      expect(brute.zeroValue).toBeLessThanOrEqual(zeroUpper);
      expect(brute.oneValue).toBeGreaterThanOrEqual(oneLower);
      // Nothing was tried but what occurs, and values come that near to the bounds.
      if (size !== null) {
        expect(zeroUpper - Math.max(0, brute.zeroValue)).toBeLessThan(unsure);
        expect(Math.min(1, brute.oneValue) - oneLower).toBeLessThan(unsure);
      }
      return;
    }
    case "different": {
      checkPlace(answer, each, size, unsure);
      const { floatValue, picture, row, column } = answer;
      const bit = valueBits(module, value, picture)[row * picture.width + column]!;
      expect(bit).toBe(floatValue! > 0.5 ? 0 : 1);
      return;
    }
    case "undecided":
      // A step that reads real values may be open by a hair, and be 0 or 1.
      if (hasStepOnReals(model, asked)) return;
      checkPlace(answer, each, size, unsure);
      expect(Math.abs(answer.floatValue! - 0.5)).toBeLessThan(unsure);
      // No bit is wrong beyond doubt.
      expect(brute.zeroValue).toBeLessThan(0.5 + unsure);
      expect(brute.oneValue).toBeGreaterThan(0.5 - unsure);
      return;
    case "unsupported":
      expect(answer.reason).toMatch(/^it (depends on more than 25 bits|would take more than 262144 patterns)/);
  }
}

function hasStepOnReals(model: Model, { layer, part }: Asked): boolean {
  const activations = model.layers.slice(0, layer + 1).flatMap((each, index) => {
    if (each.kind !== "bisel") return [];
    return each.lui === null || (index === layer && part === "bise")
      ? [each.bise.activation]
      : [each.bise.activation, each.lui.activation];
  });
  return activations.some(
    (activation, index) => activation === "step" && index > 0 && activations[index - 1] !== "step",
  );
}

/** The picture is one that the question allows, and the float network has that value there. */
function checkPlace(
  answer: Extract<ExhaustiveAnswer, { kind: "different" | "undecided" }>,
  { model, asked }: Case,
  size: readonly [number, number] | null,
  unsure: number,
): void {
  const { picture, row, column, floatValue } = answer;
  if (size !== null) expect([picture.height, picture.width]).toEqual(size);
  expect(row < picture.height && column < picture.width).toBe(true);
  const value = floatValues(model, asked, picture)[row * picture.width + column]!;
  expect(Math.abs(value - floatValue!)).toBeLessThan(unsure / 100);
}

test("every answer is the one of all small pictures", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const dice = new Dice(seed);
      const each = smallCase(dice);
      const fixed = SIZES.filter(([height, width]) => pictureCount(each.model.input, height, width) <= MOST_PICTURES);
      const arithmetic = dice.oneOf(["float32", "real"] as const);
      check(each, arithmetic, dice.chance(0.6) ? dice.oneOf(fixed) : null, dice);
    }),
    { numRuns: 150 },
  );
  process.stdout.write(`  ${JSON.stringify(counts)}\n`);
  expect(counts.proved).toBeGreaterThan(40);
  expect(counts.different).toBeGreaterThan(15);
});
