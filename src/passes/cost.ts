/**
 * What a module costs, as far as its operations decide: a small model of straight-line code on packed words, in which equal
 * expressions are computed once. It does not choose forms, orders or functions, as lowering does; it only has to rank two modules that
 * answer the same.
 *
 * - A pixel in another column takes two shifts and a join of neighbouring words: 3 operators, once for each column of a plane.
 * - An element joins the columns of each of its rows, beginning with the middle ones: an operator for each set of columns
 *   that no other row or element of the plane begins with. Then it joins rows of equal columns: runs by doubling, as
 *   several rows are computed at a time, other rows one by one.
 * - A threshold is a bit-sliced sum: 5 operators a full adder, 2 a half adder, 1 a digit of the comparison, 1 a negative weight.
 * - A union or intersection of n takes n − 1, a complement 1, or none where all its users are intersections with something else.
 * - An image that is read at other pixels is a plane: it is stored, and loaded with its neighbouring words. Any other result with
 *   several users is kept.
 *
 * An operation on an image that was halved h times counts 4^−h; one on bits of a sample counts once a picture.
 */
import { type MorphModule, operandsOf, type Threshold, type ValueId } from "../ir/node.js";
import { imageSize, typesOf, type ValueType } from "../ir/type.js";
import type { Offset } from "../morph/structuring-element.js";
import type { Target } from "../target/target.js";
import { offsetsOf, reflected } from "./element-sets.js";
import { isPointwise } from "./node-key.js";
import { valueNumbers } from "./value-numbers.js";

const SHIFTED_COLUMN = 3;
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
  const numbers = valueNumbers(module);
  const types = typesOf(module);
  const costs = new ModuleCosts(module, numbers);
  return costs.total((id) => weightOf(types[id], module));
}

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
  return reads.add(offsets) + reads.cost;
}

/** Columns of a plane that are read, and sets of them that are joined; each once, whoever asks. */
export class PlaneReads {
  readonly #columns = new Set<number>();
  /** A set of columns is a path from the root: its last column and the set before it. */
  readonly #sets = new Map<number, number>();

  /** Operators for what was added so far, that belongs to no element alone. */
  get cost(): number {
    let joins = 0;
    for (const path of this.#sets.keys()) if (path >= SET_STEP) joins++;
    return SHIFTED_COLUMN * this.#columns.size + joins;
  }

  addColumn(column: number): void {
    if (column % 32 !== 0) this.#columns.add(column);
  }

  /** Adds the columns of an element; returns the operators that join its rows. */
  add(offsets: readonly Offset[]): number {
    const columnsOfRow = new Map<number, number[]>();
    for (const { row, column } of offsets) {
      const columns = columnsOfRow.get(row);
      if (columns === undefined) columnsOfRow.set(row, [column]);
      else columns.push(column);
    }
    const rowsOfSet = new Map<number, number[]>();
    for (const [row, columns] of columnsOfRow) {
      const set = this.#setOf(columns.sort((a, b) => Math.abs(a) - Math.abs(b) || a - b));
      const rows = rowsOfSet.get(set);
      if (rows === undefined) rowsOfSet.set(set, [row]);
      else rows.push(row);
    }
    let [runs, doublings] = [0, 0];
    for (const rows of rowsOfSet.values()) {
      for (const length of runLengths(rows.sort((a, b) => a - b))) {
        runs++;
        doublings += Math.ceil(Math.log2(length));
      }
    }
    return doublings + Math.max(0, runs - 1);
  }

  #setOf(columns: readonly number[]): number {
    let set = 0;
    for (const column of columns) {
      this.addColumn(column);
      const path = set * SET_STEP + column + 256;
      const next = this.#sets.get(path) ?? this.#sets.size + 1;
      this.#sets.set(path, next);
      set = next;
    }
    return set;
  }
}

/** Columns lie within ±255. */
const SET_STEP = 512;

function* runLengths(ascending: readonly number[]): Generator<number> {
  let length = 0;
  for (const [index, position] of ascending.entries()) {
    length++;
    if (ascending[index + 1] === position + 1) continue;
    yield length;
    length = 0;
  }
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
  /** Values and outputs that take a value. */
  readonly #uses = new Map<ValueId, Set<ValueId>>();
  /** By value and border rule. */
  readonly #planes = new Map<string, { readonly value: ValueId; readonly reads: PlaneReads }>();

  constructor(module: MorphModule, numbers: readonly ValueId[]) {
    this.#module = module;
    this.#numbers = numbers;
    const live = new Set(module.outputs.map((id) => this.#numberOf(id)));
    for (const [index, output] of module.outputs.entries()) this.#use(this.#numberOf(output), -1 - index);
    for (let id = module.values.length - 1; id >= 0; id--) {
      const node = module.values[id]?.node;
      if (node === undefined || node.kind === "constant" || !live.has(id)) continue;
      for (const operand of operandsOf(node)) {
        live.add(this.#numberOf(operand));
        this.#use(this.#numberOf(operand), id);
      }
    }
    this.#computed = [...live].sort((a, b) => a - b);
  }

  total(weightOf: (id: ValueId) => number): number {
    let sum = 0;
    for (const id of this.#computed) sum += weightOf(id) * this.#own(id);
    for (const { value, reads } of this.#planes.values()) sum += weightOf(value) * (PLANE + reads.cost);
    return sum;
  }

  #own(id: ValueId): number {
    const node = this.#module.values[id]?.node;
    if (node === undefined) return 0;
    const kept = (this.#uses.get(id)?.size ?? 0) > 1 ? KEPT : 0;
    switch (node.kind) {
      case "erosion":
      case "dilation": {
        const offsets = offsetsOf(node.element);
        const reads = node.kind === "erosion" ? offsets : reflected(offsets);
        return kept + this.#plane(node.input, node.border).add(reads);
      }
      case "union":
      case "intersection":
        return kept + new Set(node.inputs.map((input) => this.#numberOf(input))).size - 1;
      case "complement":
        return kept + (this.#isAbsorbed(id) ? 0 : 1);
      case "threshold":
        if (!isPointwise(node.terms)) {
          for (const { input, offset } of node.terms) this.#plane(input, node.border).addColumn(offset.column);
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

  #plane(input: ValueId, border: string): PlaneReads {
    const value = this.#numberOf(input);
    const key = `${value} ${border}`;
    const plane = this.#planes.get(key) ?? { value, reads: new PlaneReads() };
    this.#planes.set(key, plane);
    return plane.reads;
  }

  /** x ∧ ¬y is one operation. */
  #isAbsorbed(id: ValueId): boolean {
    for (const user of this.#uses.get(id) ?? []) {
      const node = this.#module.values[user]?.node;
      if (node?.kind !== "intersection") return false;
      const isPlain = (input: ValueId): boolean =>
        this.#module.values[this.#numberOf(input)]?.node.kind !== "complement";
      if (!node.inputs.some(isPlain)) return false;
    }
    return true;
  }

  #use(value: ValueId, user: ValueId): void {
    const users = this.#uses.get(value);
    if (users === undefined) this.#uses.set(value, new Set([user]));
    else users.add(user);
  }

  #numberOf(id: ValueId): ValueId {
    return this.#numbers[id] ?? id;
  }
}
