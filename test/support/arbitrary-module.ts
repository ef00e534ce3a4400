/**
 * Random valid modules and pictures for differential tests.
 *
 * A module is made from a list of recipes, one small record a node; operands are chosen among the values that fit, by
 * counting back from the latest, modulo their number. Every list of recipes makes a valid module, so shrinking shortens
 * the list and simplifies one recipe after another.
 */
import * as fc from "fast-check";
import type { ModuleInput, MorphModule, ScoreActivation } from "../../src/ir/node.js";
import { type BitImage, wordsFor } from "../../src/morph/bit-image.js";
import type { BorderRule } from "../../src/morph/border.js";
import type { Picture } from "../../src/morph/picture.js";
import type { StructuringElement } from "../../src/morph/structuring-element.js";
import { type BoundRecipe, type ReadoutRecipe, type Recipe, type TermRecipe, Values } from "./module-recipes.js";

/** Widths about the edges of packed words. */
export const WIDTHS = [1, 2, 31, 32, 33, 63, 64, 65, 127] as const;

const pick = fc.nat({ max: 11 });
const picks = fc.array(pick, { minLength: 1, maxLength: 3 });
const border = fc.constantFrom<BorderRule>("replicate", "zeros");
const bit = fc.constantFrom<0 | 1>(0, 1);

/** Windows up to 7×9 around their centre, and now and then around an origin inside, beside or far from them. */
export const arbitraryElement: fc.Arbitrary<StructuringElement> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 }))
  .chain(([height, width]) => {
    const near = fc.record({
      originRow: fc.integer({ min: -1, max: height }),
      originColumn: fc.integer({ min: -1, max: width }),
    });
    const far = fc.record({
      originRow: fc.integer({ min: -9, max: 9 }),
      originColumn: fc.integer({ min: -70, max: 70 }),
    });
    const centre = fc.constant({ originRow: Math.floor(height / 2), originColumn: Math.floor(width / 2) });
    const places = height * width;
    const members = fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.boolean(), { minLength: places, maxLength: places }) },
      { weight: 4, arbitrary: fc.constant(Array.from({ length: places }, () => true)) },
      { weight: 1, arbitrary: fc.constant(Array.from({ length: places }, () => false)) },
    );
    return fc
      .tuple(
        fc.oneof({ weight: 6, arbitrary: centre }, { weight: 2, arbitrary: near }, { weight: 1, arbitrary: far }),
        members,
      )
      .map(([origin, chosen]) => ({ height, width, ...origin, members: chosen }));
  });

function nonZero(limit: bigint): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: -limit, max: limit }).map((weight) => (weight === 0n ? 1n : weight));
}

const weight = fc.oneof(
  { weight: 6, arbitrary: nonZero(5n) },
  { weight: 2, arbitrary: nonZero(1000n) },
  { weight: 1, arbitrary: nonZero(2n ** 70n) },
);

const distance = (near: number, far: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -near, max: near }) },
    { weight: 1, arbitrary: fc.integer({ min: -far, max: far }) },
  );

const term: fc.Arbitrary<TermRecipe> = fc.record({ pick, row: distance(3, 9), column: distance(4, 70), weight });
const bound: fc.Arbitrary<BoundRecipe> = fc.record({
  eighths: fc.integer({ min: 0, max: 8 }),
  nudge: fc.integer({ min: -1, max: 1 }),
});
const threshold: fc.Arbitrary<Recipe> = fc.record({
  kind: fc.constant("threshold"),
  terms: fc.array(term, { minLength: 1, maxLength: 9 }),
  bound,
  border,
});
const joining: fc.Arbitrary<Recipe> = fc.record({ kind: fc.constantFrom("union", "intersection"), picks });
const complement: fc.Arbitrary<Recipe> = fc.record({ kind: fc.constant("complement"), pick });
const constant: fc.Arbitrary<Recipe> = fc.record({ kind: fc.constant("constant"), pick, value: bit });

const imageRecipe: fc.Arbitrary<Recipe> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom("erosion", "dilation"), pick, element: arbitraryElement, border }),
  },
  { weight: 3, arbitrary: joining },
  { weight: 2, arbitrary: complement },
  { weight: 4, arbitrary: threshold },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("rank"), pick, element: arbitraryElement, weight, bound, border }),
  },
  { weight: 1, arbitrary: constant },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("max-pool", "subsample"), pick }) },
);

const bitRecipe: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 2, arbitrary: joining },
  { weight: 1, arbitrary: complement },
  { weight: 4, arbitrary: threshold },
  { weight: 1, arbitrary: constant },
);

/** What the module reads and the leading values that read it. */
interface Sources {
  readonly input: ModuleInput;
  readonly levels: readonly number[];
}

function sources(size: fc.Arbitrary<{ height: number | null; width: number | null }>): fc.Arbitrary<Sources> {
  return fc.record({
    input: fc
      .tuple(fc.integer({ min: 1, max: 3 }), size, fc.constantFrom<ModuleInput["samples"]>("bits", "bytes"))
      .map(([channels, { height, width }, samples]) => ({ channels, height, width, samples })),
    levels: fc.array(fc.integer({ min: 0, max: 256 }), { minLength: 1, maxLength: 3 }),
  });
}

const freeSize = fc.constant({ height: null, width: null });
const anySize = fc.record({
  height: fc.option(fc.integer({ min: 1, max: 9 })),
  width: fc.option(fc.constantFrom(...WIDTHS)),
});
const sampleSize = fc.record({ height: fc.integer({ min: 1, max: 4 }), width: fc.integer({ min: 1, max: 6 }) });

/**
 * A valid module of about a dozen nodes. `images`: images in, one to three images out, of free or fixed size.
 * `samples`: a small picture in, a vector or read-out out.
 */
export function arbitraryModule(kind: "images" | "samples"): fc.Arbitrary<MorphModule> {
  return kind === "images" ? arbitraryImageModule : arbitrarySampleModule;
}

const arbitraryImageModule = fc
  .record({
    sources: sources(fc.oneof({ weight: 3, arbitrary: freeSize }, { weight: 1, arbitrary: anySize })),
    recipes: fc.array(imageRecipe, { maxLength: 8 }),
    outputs: fc.array(pick, { maxLength: 2 }),
  })
  .map(({ sources: { input, levels }, recipes, outputs }) => {
    const values = new Values(input);
    values.addSources(levels);
    for (const recipe of recipes) values.addImage(recipe);
    const last = values.image(0);
    return values.finish([last, ...outputs.map((each) => values.imageLike(last, each))]);
  });

const readoutRecipe: fc.Arbitrary<ReadoutRecipe> = fc.record({
  classes: fc.integer({ min: 1, max: 4 }),
  exponent: fc.integer({ min: -40, max: 4 }),
  weights: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.bigInt({ min: -9n, max: 9n }) }, { weight: 2, arbitrary: weight }),
    {
      minLength: 1,
      maxLength: 24,
    },
  ),
  activation: fc.constantFrom<ScoreActivation>("tanh", "sigmoid", "erf", "arctan", "step", "identity"),
});

const arbitrarySampleModule = fc
  .record({
    sources: sources(sampleSize),
    recipes: fc.array(imageRecipe, { maxLength: 2 }),
    flattened: picks,
    elements: fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 4 }),
    bitRecipes: fc.array(bitRecipe, { maxLength: 4 }),
    result: fc.array(pick, { minLength: 1, maxLength: 4 }),
    readout: fc.option(readoutRecipe),
    direct: fc.boolean(),
  })
  .map((parts) => {
    const values = new Values(parts.sources.input);
    values.addSources(parts.sources.levels);
    for (const recipe of parts.recipes) values.addImage(recipe);
    const pixels = values.addFlatten(parts.flattened.map((each) => values.image(each)));
    let vector = pixels;
    if (!parts.direct) {
      for (const index of parts.elements) values.addElement(pixels, index);
      for (const recipe of parts.bitRecipes) values.addBit(recipe);
      vector = values.addFlatten(parts.result.map((each) => values.bit(each)));
    }
    return values.finish([parts.readout === null ? vector : values.addReadout(vector, parts.readout)]);
  });

/** A picture that `module` accepts, of few rows and of a width about a word's edge; its tail bits are arbitrary. */
export function arbitraryPicture(module: MorphModule): fc.Arbitrary<Picture> {
  const { input } = module;
  const heights = input.height === null ? fc.integer({ min: 1, max: 9 }) : fc.constant(input.height);
  const widths = input.width === null ? fc.constantFrom(...WIDTHS) : fc.constant(input.width);
  return fc.tuple(heights, widths).chain(([height, width]): fc.Arbitrary<Picture> => {
    const channels = { minLength: input.channels, maxLength: input.channels };
    if (input.samples === "bits") {
      const planes = fc.array(arbitraryBitImage(height, width), channels);
      return planes.map((images) => ({ kind: "bits", height, width, channels: images }));
    }
    const pixels = height * width;
    const planes = fc.array(fc.uint8Array({ minLength: pixels, maxLength: pixels }), channels);
    return planes.map((bytes) => ({ kind: "bytes", height, width, channels: bytes }));
  });
}

const anyWord = fc.noBias(fc.integer({ min: 0, max: 0xffffffff }));
const word = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: anyWord },
  { weight: 2, arbitrary: fc.tuple(anyWord, anyWord).map(([a, b]) => (a & b) >>> 0) },
  { weight: 4, arbitrary: fc.tuple(anyWord, anyWord).map(([a, b]) => (a | b) >>> 0) },
  { weight: 3, arbitrary: fc.constant(0xffffffff) },
);

/** An image with arbitrary tail bits, empty to full. */
export function arbitraryBitImage(height: number, width: number): fc.Arbitrary<BitImage> {
  const strideWords = wordsFor(width);
  const length = height * strideWords;
  return fc
    .array(word, { minLength: length, maxLength: length })
    .map((words) => ({ height, width, strideWords, words: Uint32Array.from(words) }));
}
