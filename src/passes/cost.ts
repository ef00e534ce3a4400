/**
 * What a module costs, as far as its operations decide: a small model of straight-line code on packed words, in which equal
 * expressions are computed once. It does not choose forms, orders or functions, as lowering does; it only has to rank two modules that
 * answer the same.
 *
 * - What is read around a pixel is counted in plane-reads.ts.
 * - A threshold is a bit-sliced sum: 5 operators a full adder, 2 a half adder, 1 a digit of the comparison, 1 a negative weight.
 * - A union or intersection of n takes n − 1, a complement 1, or none where all its users are intersections; an
 *   intersection of such complements alone takes one more.
 * - An image that is read at other pixels is a plane: it is stored, and loaded with its neighbouring words. Any other result with
 *   several users is kept.
 *
 * An operation on an image that was halved h times counts 4^−h; one on bits of a sample counts once a picture.
 */
import { type Dilation, type Erosion, type MorphModule, operandsOf, type Threshold, type ValueId } from "../ir/node.js";
import { imageSize, typesOf, type ValueType } from "../ir/type.js";
import type { BorderRule } from "../morph/border.js";
import type { Offset, StructuringElement } from "../morph/structuring-element.js";
import type { Target } from "../target/target.js";
import { offsetsOf, reflected } from "./element-sets.js";
import { isPointwise } from "./node-key.js";
import { PlaneReads, type ReadShape, shapeOf } from "./plane-reads.js";
import { valueNumbers } from "./value-numbers.js";

const FULL_ADDER = 5;
const HALF_ADDER = 2;
/** A store, a load, and a load of each of two neighbouring words. */
export const PLANE = 4;
/** A store and a load, of which one is saved where the function is the same. */
const KEPT = 1;
/** Reading every second pixel of two words. */
const SUBSAMPLE = 16;

/** Operations on single bits that `module` takes for a pixel of its input. */
export function bitOperations(module: MorphModule): number {
  const known = TOTALS.get(module);
  if (known !== undefined) return known;
  const numbers = valueNumbers(module);
  const types = typesOf(module);
  const costs = new ModuleCosts(module, numbers);
  const total = costs.total((id) => weightOf(types[id], module));
  TOTALS.set(module, total);
  return total;
}

const TOTALS = new WeakMap<MorphModule, number>();

/** Operations of a machine with these vectors, each on a group of words, for a pixel of the input. */
export function operationsPerPixel(module: MorphModule, { lanes }: Pick<Target, "lanes">): number {
  return bitOperations(module) / (32 * lanes);
}

/** Whichever is the cheaper; the second one where they cost the same. */
export function cheaperOf(module: MorphModule, rewritten: MorphModule): MorphModule {
  if (module === rewritten) return module;
  return bitOperations(rewritten) <= bitOperations(module) + ROUNDING ? rewritten : module;
}

/** Sums of as many terms in another order. */
const ROUNDING = 1e-9;

function weightOf(type: ValueType | undefined, { input }: MorphModule): number {
  if (type?.kind === "image") return 4 ** -type.halvings;
  const { height, width } = imageSize(input, 0);
  return 1 / ((height ?? 1) * (width ?? 1));
}

/** The operators of an erosion or dilation that reads a plane alone, without the plane. */
export function elementCost(offsets: readonly Offset[]): number {
  const reads = new PlaneReads();
  reads.add(shapeOf(offsets));
  return reads.cost;
}

const SHAPES = {
  erosion: new WeakMap<StructuringElement, ReadShape>(),
  dilation: new WeakMap<StructuringElement, ReadShape>(),
};

function shapeOfNode({ kind, element }: Erosion | Dilation): ReadShape {
  const known = SHAPES[kind].get(element);
  if (known !== undefined) return known;
  const offsets = offsetsOf(element);
  const shape = shapeOf(kind === "erosion" ? offsets : reflected(offsets));
  SHAPES[kind].set(element, shape);
  return shape;
}

/** Operators of a bit-sliced sum and its comparison, without what brings its operands. */
export function thresholdCost({ terms, bound }: Pick<Threshold, "terms" | "bound">): number {
  let cost = 0;
  let raised = bound;
  const columns: number[] = [];
  for (const { weight } of terms) {
    if (weight < 0n) {
      cost++;
      raised -= weight;
    }
    const digits = (weight < 0n ? -weight : weight).toString(2);
    for (let digit = 0; digit < digits.length; digit++) {
      const place = digits.length - 1 - digit;
      if (digits.charCodeAt(digit) === ONE) columns[place] = (columns[place] ?? 0) + 1;
    }
  }
  const length = Math.max(columns.length, raised <= 0n ? 0 : raised.toString(2).length);
  let carries = 0;
  for (let place = 0; place < length || carries > 0; place++) {
    const words = (columns[place] ?? 0) + carries;
    const full = Math.max(0, (words - 1) >> 1);
    const half = words > 0 && words % 2 === 0 ? 1 : 0;
    cost += FULL_ADDER * full + HALF_ADDER * half + 1;
    carries = full + half;
  }
  return cost;
}

const ONE = "1".charCodeAt(0);

/** Adds up a module, equal values once. */
class ModuleCosts {
  readonly #module: MorphModule;
  readonly #numbers: readonly ValueId[];
  readonly #computed: readonly ValueId[];
  /** For each value how many values and outputs take it. */
  readonly #uses: number[];
  /** Which these are, for complements; an output is −1. */
  readonly #users = new Map<ValueId, ValueId[]>();
  /** By value and border rule. */
  readonly #planes = new Map<number, { readonly value: ValueId; readonly reads: PlaneReads }>();

  constructor(module: MorphModule, numbers: readonly ValueId[]) {
    this.#module = module;
    this.#numbers = numbers;
    this.#uses = module.values.map(() => 0);
    const live = module.values.map(() => false);
    const use = (operand: ValueId, user: ValueId): void => {
      const value = this.#numberOf(operand);
      live[value] = true;
      this.#uses[value] = (this.#uses[value] ?? 0) + 1;
      if (module.values[value]?.node.kind !== "complement") return;
      const users = this.#users.get(value);
      if (users === undefined) this.#users.set(value, [user]);
      else users.push(user);
    };
    for (const output of module.outputs) use(output, -1);
    for (let id = module.values.length - 1; id >= 0; id--) {
      const node = module.values[id]?.node;
      if (node === undefined || node.kind === "constant" || live[id] !== true) continue;
      const operands = operandsOf(node);
      const [only, second] = operands;
      if (only !== undefined && second === undefined) use(only, id);
      else for (const operand of new Set(operands.map((each) => this.#numberOf(each)))) use(operand, id);
    }
    this.#computed = [...live.keys()].filter((id) => live[id] === true);
  }

  /** @param weights for each value, what an operation on it counts */
  total(weights: (id: ValueId) => number): number {
    let sum = 0;
    for (const id of this.#computed) sum += weights(id) * this.#own(id);
    for (const { value, reads } of this.#planes.values()) sum += weights(value) * (PLANE + reads.cost);
    return sum;
  }

  #own(id: ValueId): number {
    const node = this.#module.values[id]?.node;
    if (node === undefined) return 0;
    const kept = (this.#uses[id] ?? 0) > 1 ? KEPT : 0;
    switch (node.kind) {
      case "erosion":
      case "dilation": {
        const shape = shapeOfNode(node);
        this.#plane(node.input, node.border).add(shape);
        return kept;
      }
      case "union":
        return kept + new Set(node.inputs.map((input) => this.#numberOf(input))).size - 1;
      case "intersection": {
        const inputs = [...new Set(node.inputs.map((input) => this.#numberOf(input)))];
        // ¬x ∧ ¬y takes one complement.
        return kept + inputs.length - (inputs.every((input) => this.#isAbsorbed(input)) ? 0 : 1);
      }
      case "complement":
        return kept + (this.#isAbsorbed(id) ? 0 : 1);
      case "threshold":
        if (!isPointwise(node.terms)) {
          for (const { input, offset } of node.terms) this.#plane(input, node.border).addPixel(offset);
        }
        return kept + thresholdCost(node);
      case "subsample":
        return kept + SUBSAMPLE;
      case "input":
      case "level-set":
      case "constant":
      case "flatten":
      case "element":
      case "readout":
        return 0;
    }
  }

  #plane(input: ValueId, border: BorderRule): PlaneReads {
    const value = this.#numberOf(input);
    const key = 2 * value + (border === "zeros" ? 1 : 0);
    const known = this.#planes.get(key);
    if (known !== undefined) return known.reads;
    const reads = new PlaneReads();
    this.#planes.set(key, { value, reads });
    return reads;
  }

  /** Whether a value is a complement that all its users take along: x ∧ ¬y is one operation. */
  #isAbsorbed(id: ValueId): boolean {
    if (this.#module.values[id]?.node.kind !== "complement") return false;
    return (this.#users.get(id) ?? []).every((user) => this.#module.values[user]?.node.kind === "intersection");
  }

  #numberOf(id: ValueId): ValueId {
    return this.#numbers[id] ?? id;
  }
}
