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
  const shape = shapeOf(offsets);
  reads.add(shape);
  return shape.rowJoins + reads.cost;
}

/** What an element asks of a plane. */
interface ReadShape {
  /** The columns of its rows, from the middle outwards; those of equal rows once. */
  readonly columnSets: readonly (readonly number[])[];
  /** Operators that join its rows when the columns of each are joined. */
  readonly rowJoins: number;
}

/** @param offsets of the pixels that are read */
function shapeOf(offsets: readonly Offset[]): ReadShape {
  const columnsOfRow = new Map<number, number[]>();
  for (const { row, column } of offsets) {
    const columns = columnsOfRow.get(row);
    if (columns === undefined) columnsOfRow.set(row, [column]);
    else columns.push(column);
  }
  const sets = new Map<string, { readonly columns: readonly number[]; readonly rows: number[] }>();
  for (const [row, columns] of columnsOfRow) {
    columns.sort((a, b) => Math.abs(a) - Math.abs(b) || a - b);
    const key = columns.join(" ");
    const set = sets.get(key);
    if (set === undefined) sets.set(key, { columns, rows: [row] });
    else set.rows.push(row);
  }
  let [runs, doublings] = [0, 0];
  for (const { rows } of sets.values()) {
    for (const length of runLengths(rows.sort((a, b) => a - b))) {
      runs++;
      doublings += Math.ceil(Math.log2(length));
    }
  }
  return { columnSets: [...sets.values()].map(({ columns }) => columns), rowJoins: doublings + Math.max(0, runs - 1) };
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

/** Columns of a plane that are read, and sets of them that are joined; each once, whoever asks. */
export class PlaneReads {
  readonly #columns = new Set<number>();
  /** A set of columns is a path from the root: its last column and the set before it. */
  readonly #sets = new Map<number, number>();
  #joins = 0;

  /** Operators for what was added so far. */
  get cost(): number {
    return SHIFTED_COLUMN * this.#columns.size + this.#joins;
  }

  addColumn(column: number): void {
    if (column % 32 !== 0) this.#columns.add(column);
  }

  add({ columnSets }: ReadShape): void {
    for (const columns of columnSets) {
      let set = 0;
      for (const column of columns) {
        this.addColumn(column);
        const path = set * SET_STEP + column + 256;
        let next = this.#sets.get(path);
        if (next === undefined) {
          next = this.#sets.size + 1;
          this.#sets.set(path, next);
          // The first column is joined with nothing.
          if (set > 0) this.#joins++;
        }
        set = next;
      }
    }
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
        return kept + shape.rowJoins;
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
