/**
 * Random networks in which laws apply: few different elements, chains, values with one user and with several, complements, constants,
 * small weights. Pictures are of 1 to 40 rows and columns, smaller than some elements.
 */
import * as fc from "fast-check";
import { ModuleBuilder } from "../../src/ir/build.js";
import type { MorphModule, MorphNode, ThresholdTerm, ValueId } from "../../src/ir/node.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { BorderRule } from "../../src/morph/border.js";
import type { Picture } from "../../src/morph/picture.js";
import { parseElement } from "../../src/morph/structuring-element.js";
import { randomNumbers } from "../lower/modules.js";

/** Boxed ones, shifts, elements about another origin, long and empty ones. */
export const ELEMENTS = [
  '1x1@0,0 "1"',
  '1x1@0,1 "1"',
  '1x1@-1,0 "1"',
  '1x1@0,0 "0"',
  '1x2@0,0 "11"',
  '2x1@1,0 "1/1"',
  '3x3@1,1 "111/111/111"',
  '3x3@1,1 "010/111/010"',
  '3x3@1,1 "100/010/001"',
  '3x3@1,1 "110/010/000"',
  '2x3@0,2 "101/011"',
  '5x5@2,2 "01110/11111/11111/11111/01110"',
  '7x7@3,3 "0011100/0111110/1111111/1111111/1111111/0111110/0011100"',
  `1x15@0,7 "${"1".repeat(15)}"`,
  `15x15@7,7 "${Array.from({ length: 15 }, () => "1".repeat(15)).join("/")}"`,
  '3x1@1,0 "1/0/1"',
  '1x3@0,-33 "101"',
].map(parseElement);

const element = fc.constantFrom(...ELEMENTS);
const border = fc.oneof(
  { weight: 3, arbitrary: fc.constant<BorderRule>("replicate") },
  { weight: 2, arbitrary: fc.constant<BorderRule>("zeros") },
);
/** How far back an operand lies: mostly the latest value, so that chains come about. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.nat({ max: 9 }) });
const weight = fc.integer({ min: -4, max: 4 }).map((each) => (each === 0 ? 6 : each));
const offset = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ row: 0, column: 0 }) },
  {
    weight: 3,
    arbitrary: fc.record({ row: fc.integer({ min: -1, max: 1 }), column: fc.integer({ min: -2, max: 2 }) }),
  },
);

const recipe = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom("erosion", "dilation"), pick, element, border }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("union", "intersection"),
      picks: fc.array(pick, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("complement"), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("threshold"),
      terms: fc.array(fc.record({ pick, offset, weight }), { minLength: 1, maxLength: 7 }),
      bound: fc.integer({ min: -6, max: 8 }),
      border,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("constant"), pick, value: fc.constantFrom<0 | 1>(0, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("subsample"), pick }) },
  /** The same operation on two images, joined. */
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("twins"),
      picks: fc.tuple(pick, pick),
      operation: fc.constantFrom("erosion", "dilation"),
      join: fc.constantFrom("union", "intersection"),
      elements: fc.oneof(
        element.map((each) => [each, each] as const),
        fc.tuple(element, element),
      ),
      border,
    }),
  },
  /** Several operations by related elements on one image, joined. */
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("relatives"),
      pick,
      operation: fc.constantFrom("erosion", "dilation"),
      join: fc.constantFrom("union", "intersection"),
      border,
    }),
  },
  /** Joins of overlapping sets of images, joined. */
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("overlapping"),
      sets: fc.array(fc.subarray([0, 1, 2, 3, 4], { minLength: 3 }), { minLength: 3, maxLength: 5 }),
      join: fc.constantFrom("union", "intersection"),
    }),
  },
);

/** Elements with a large irregular part in common. */
const RELATIVES = ["0000001", "1000000", "0100010"].map((last) =>
  parseElement(`7x7@3,3 "1010011/0110101/1001110/0101011/1110010/0011101/${last}"`),
);

type Recipe = typeof recipe extends fc.Arbitrary<infer T> ? T : never;

/** Two halvings at most, so that pictures of a few pixels leave something. */
const MOST_HALVINGS = 2;

class Network {
  readonly #builder = new ModuleBuilder("network", { channels: 2, height: null, width: null, samples: "bits" });
  readonly #images: { readonly id: ValueId; readonly halvings: number }[] = [];

  constructor() {
    for (const channel of [0, 1]) this.#add({ kind: "input", channel }, 0);
  }

  apply(each: Recipe): void {
    switch (each.kind) {
      case "erosion":
      case "dilation": {
        const { id, halvings } = this.#latest(each.pick);
        this.#add({ kind: each.kind, input: id, element: each.element, border: each.border }, halvings);
        return;
      }
      case "union":
      case "intersection": {
        const { halvings } = this.#latest(each.picks[0] ?? 0);
        this.#add({ kind: each.kind, inputs: each.picks.map((back) => this.#alike(halvings, back)) }, halvings);
        return;
      }
      case "complement": {
        const { id, halvings } = this.#latest(each.pick);
        this.#add({ kind: "complement", input: id }, halvings);
        return;
      }
      case "constant": {
        const { id, halvings } = this.#latest(each.pick);
        this.#add({ kind: "constant", like: id, value: each.value }, halvings);
        return;
      }
      case "threshold": {
        const { halvings } = this.#latest(each.terms[0]?.pick ?? 0);
        const terms = each.terms.map(
          (term): ThresholdTerm => ({
            input: this.#alike(halvings, term.pick),
            offset: term.offset,
            weight: BigInt(term.weight),
          }),
        );
        this.#add({ kind: "threshold", terms, bound: BigInt(each.bound), border: each.border }, halvings);
        return;
      }
      case "subsample": {
        const { id, halvings } = this.#latest(each.pick);
        if (halvings < MOST_HALVINGS) this.#add({ kind: "subsample", input: id }, halvings + 1);
        return;
      }
      case "twins": {
        const { halvings } = this.#latest(each.picks[0]);
        const sources = each.picks.map((back) => this.#alike(halvings, back));
        const inputs = sources.map((input, index) =>
          this.#builder.add(
            { kind: each.operation, input, element: each.elements[index === 0 ? 0 : 1], border: each.border },
            "twin",
          ),
        );
        this.#add({ kind: each.join, inputs }, halvings);
        return;
      }
      case "relatives": {
        const { id: input, halvings } = this.#latest(each.pick);
        const inputs = RELATIVES.map((relative) =>
          this.#builder.add({ kind: each.operation, input, element: relative, border: each.border }, "relative"),
        );
        this.#add({ kind: each.join, inputs }, halvings);
        return;
      }
      case "overlapping": {
        const { halvings } = this.#latest(0);
        const inputs = each.sets.map((set) =>
          this.#builder.add({ kind: each.join, inputs: set.map((back) => this.#alike(halvings, back)) }, "overlapping"),
        );
        this.#add({ kind: each.join === "union" ? "intersection" : "union", inputs }, halvings);
      }
    }
  }

  finish(outputs: readonly number[]): MorphModule {
    const { id, halvings } = this.#latest(0);
    return this.#builder.finish([id, ...outputs.map((back) => this.#alike(halvings, back))]);
  }

  #latest(back: number): { readonly id: ValueId; readonly halvings: number } {
    return this.#images[this.#images.length - 1 - (back % this.#images.length)]!;
  }

  #alike(halvings: number, back: number): ValueId {
    const alike = this.#images.filter((image) => image.halvings === halvings);
    return alike[alike.length - 1 - (back % alike.length)]!.id;
  }

  #add(node: MorphNode, halvings: number): void {
    this.#images.push({ id: this.#builder.add(node, node.kind), halvings });
  }
}

export const arbitraryNetwork: fc.Arbitrary<MorphModule> = fc
  .record({
    recipes: fc.array(recipe, { minLength: 1, maxLength: 12 }),
    outputs: fc.array(pick, { maxLength: 2 }),
  })
  .map(({ recipes, outputs }) => {
    const network = new Network();
    for (const each of recipes) network.apply(each);
    return network.finish(outputs);
  });

const side = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 4, max: 9 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 30, max: 40 }) },
);

/** Noise of any density on two channels. */
export const arbitraryNoise: fc.Arbitrary<Picture> = fc
  .record({ height: side, width: side, density: fc.constantFrom(0.1, 0.5, 0.8, 0.95), seed: fc.nat() })
  .map(({ height, width, density, seed }) => {
    const random = randomNumbers(seed);
    const channels = [0, 1].map(() => buildBitImage(height, width, () => random() < density));
    return { kind: "bits", height, width, channels };
  });
