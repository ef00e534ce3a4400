/** How random modules are put together: recipes, one small record a node, and what each one adds. */
import { ModuleBuilder } from "../../src/ir/build.js";
import type {
  ModuleInput,
  MorphModule,
  MorphNode,
  ScoreActivation,
  ThresholdTerm,
  ValueId,
} from "../../src/ir/node.js";
import { imageSize } from "../../src/ir/type.js";
import type { BorderRule } from "../../src/morph/border.js";
import { elementOffsets, type StructuringElement } from "../../src/morph/structuring-element.js";

export interface TermRecipe {
  readonly pick: number;
  readonly row: number;
  readonly column: number;
  readonly weight: bigint;
}

/** Where the bound lies between the least and the greatest sum, in eighths, and how far beside. */
export interface BoundRecipe {
  readonly eighths: number;
  readonly nudge: number;
}

export type Recipe =
  | {
      readonly kind: "erosion" | "dilation";
      readonly pick: number;
      readonly element: StructuringElement;
      readonly border: BorderRule;
    }
  | { readonly kind: "union" | "intersection"; readonly picks: readonly number[] }
  | { readonly kind: "complement"; readonly pick: number }
  | { readonly kind: "subsample" | "max-pool"; readonly pick: number }
  | { readonly kind: "constant"; readonly pick: number; readonly value: 0 | 1 }
  | {
      readonly kind: "threshold";
      readonly terms: readonly TermRecipe[];
      readonly bound: BoundRecipe;
      readonly border: BorderRule;
    }
  /** One weight over a whole window: a rank filter. */
  | {
      readonly kind: "rank";
      readonly pick: number;
      readonly element: StructuringElement;
      readonly weight: bigint;
      readonly bound: BoundRecipe;
      readonly border: BorderRule;
    };

export interface ReadoutRecipe {
  readonly classes: number;
  readonly exponent: number;
  /** Taken in turn for every weight and bias. */
  readonly weights: readonly bigint[];
  readonly activation: ScoreActivation;
}

/** The values made so far, by type, and how each recipe adds one. */
export class Values {
  readonly #images: { readonly id: ValueId; readonly halvings: number }[] = [];
  readonly #bits: ValueId[] = [];
  readonly #lengths = new Map<ValueId, number>();
  readonly #builder: ModuleBuilder;
  readonly #input: ModuleInput;

  constructor(input: ModuleInput) {
    this.#builder = new ModuleBuilder("random", input);
    this.#input = input;
  }

  finish(outputs: readonly ValueId[]): MorphModule {
    return this.#builder.finish(outputs);
  }

  image(back: number): ValueId {
    return latest(this.#images, back).id;
  }

  bit(back: number): ValueId {
    return latest(this.#bits, back);
  }

  /** An image of the same size as `like`. */
  imageLike(like: ValueId, back: number): ValueId {
    const halvings = this.#halvings(like);
    const alike = this.#images.filter((image) => image.halvings === halvings);
    return latest(alike, back).id;
  }

  addSources(levels: readonly number[]): void {
    for (let channel = 0; channel < this.#input.channels; channel++) {
      if (this.#input.samples === "bits") this.#addImage({ kind: "input", channel }, 0);
    }
    if (this.#input.samples === "bits") return;
    for (const [index, level] of levels.entries()) {
      this.#addImage({ kind: "level-set", channel: index % this.#input.channels, threshold: level }, 0);
    }
  }

  addImage(recipe: Recipe): void {
    switch (recipe.kind) {
      case "erosion":
      case "dilation": {
        const input = this.image(recipe.pick);
        this.#addImage(
          { kind: recipe.kind, input, element: recipe.element, border: recipe.border },
          this.#halvings(input),
        );
        break;
      }
      case "subsample":
      case "max-pool":
        this.#addPool(this.image(recipe.pick), recipe.kind);
        break;
      case "rank": {
        const input = this.image(recipe.pick);
        const offsets = elementOffsets(recipe.element);
        const terms = offsets.map((offset) => ({ input, offset, weight: recipe.weight }));
        if (terms.length > 0) {
          this.#addImage(
            { kind: "threshold", terms, bound: boundOf(recipe.bound, terms), border: recipe.border },
            this.#halvings(input),
          );
        }
        break;
      }
      case "union":
      case "intersection":
      case "complement":
      case "constant":
      case "threshold": {
        const first = this.image(firstPick(recipe));
        const node = simpleNode(recipe, (back) => this.imageLike(first, back), true);
        this.#addImage(node, this.#halvings(first));
        break;
      }
    }
  }

  addBit(recipe: Recipe): void {
    switch (recipe.kind) {
      case "union":
      case "intersection":
      case "complement":
      case "constant":
      case "threshold":
        this.#bits.push(this.#add(simpleNode(recipe, (back) => this.bit(back), false)));
        break;
      default:
        throw new Error(`no bit recipe: ${recipe.kind}`);
    }
  }

  addFlatten(inputs: readonly ValueId[]): ValueId {
    const id = this.#add({ kind: "flatten", inputs });
    this.#lengths.set(
      id,
      inputs.reduce((sum, input) => sum + (this.#bits.includes(input) ? 1 : this.#pixels(this.#halvings(input))), 0),
    );
    return id;
  }

  addElement(vector: ValueId, index: number): void {
    this.#bits.push(this.#add({ kind: "element", input: vector, index: index % this.#lengths.get(vector)! }));
  }

  addReadout(vector: ValueId, recipe: ReadoutRecipe): ValueId {
    const length = this.#lengths.get(vector)!;
    const labels = Array.from({ length: recipe.classes }, (_, label) => label);
    const next = (index: number): bigint => recipe.weights[index % recipe.weights.length]!;
    return this.#add({
      kind: "readout",
      input: vector,
      weights: labels.map((label) => Array.from({ length }, (_, index) => next(label * (length + 1) + index))),
      biases: labels.map((label) => next(label * (length + 1) + length)),
      exponent: recipe.exponent,
      activation: labels.map(() => recipe.activation),
    });
  }

  /** Max-pooling reads (0,0), (0,1), (1,0), (1,1), then keeps every second pixel. */
  #addPool(input: ValueId, kind: "max-pool" | "subsample"): void {
    const halvings = this.#halvings(input);
    if (this.#pixels(halvings + 1) === 0) return;
    let source = input;
    if (kind === "max-pool") {
      const square = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };
      source = this.#addImage({ kind: "dilation", input, element: square, border: "replicate" }, halvings);
    }
    this.#addImage({ kind: "subsample", input: source }, halvings + 1);
  }

  #addImage(node: MorphNode, halvings: number): ValueId {
    const id = this.#add(node);
    this.#images.push({ id, halvings });
    return id;
  }

  #add(node: MorphNode): ValueId {
    return this.#builder.add(node, node.kind.replaceAll("-", "_"));
  }

  #halvings(id: ValueId): number {
    return this.#images.find((image) => image.id === id)!.halvings;
  }

  /** Pixels of an image; NaN where a side is free. */
  #pixels(halvings: number): number {
    const { height, width } = imageSize(this.#input, halvings);
    return height === 0 || width === 0 ? 0 : (height ?? Number.NaN) * (width ?? Number.NaN);
  }
}

type SimpleRecipe = Extract<Recipe, { kind: "union" | "intersection" | "complement" | "constant" | "threshold" }>;

/** A node on images or on bits; bits have no offsets. */
function simpleNode(recipe: SimpleRecipe, choose: (back: number) => ValueId, offsets: boolean): MorphNode {
  switch (recipe.kind) {
    case "union":
    case "intersection":
      return { kind: recipe.kind, inputs: recipe.picks.map(choose) };
    case "complement":
      return { kind: "complement", input: choose(recipe.pick) };
    case "constant":
      return { kind: "constant", like: choose(recipe.pick), value: recipe.value };
    case "threshold": {
      const terms = recipe.terms.map((each) => ({
        input: choose(each.pick),
        offset: offsets ? { row: each.row, column: each.column } : { row: 0, column: 0 },
        weight: each.weight,
      }));
      return { kind: "threshold", terms, bound: boundOf(recipe.bound, terms), border: recipe.border };
    }
  }
}

function firstPick(recipe: SimpleRecipe): number {
  switch (recipe.kind) {
    case "union":
    case "intersection":
      return recipe.picks[0]!;
    case "threshold":
      return recipe.terms[0]!.pick;
    case "complement":
    case "constant":
      return recipe.pick;
  }
}

function boundOf({ eighths, nudge }: BoundRecipe, terms: readonly ThresholdTerm[]): bigint {
  const least = terms.reduce((sum, each) => (each.weight < 0n ? sum + each.weight : sum), 0n);
  const greatest = terms.reduce((sum, each) => (each.weight > 0n ? sum + each.weight : sum), 0n);
  return least + ((greatest - least) * BigInt(eighths)) / 8n + BigInt(nudge);
}

/** The item `back` places before the last one, modulo the number of items. */
function latest<T>(items: readonly T[], back: number): T {
  return items[items.length - 1 - (back % items.length)]!;
}
