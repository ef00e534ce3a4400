/** The word expressions of a stage's values, in terms of the planes that they read. */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { thresholdWord } from "./adder.js";
import { cone } from "./cone.js";
import { type NodeId, WordGraph, type WordMachine } from "./graph.js";
import { type JoinOrder, joinOffsets, shiftedWord } from "./neighbourhood.js";
import {
  elementReads,
  neighbourhoodReads,
  nodeOf,
  type Plane,
  type Schedule,
  type Surroundings,
  valueOf,
} from "./schedule.js";

/** How a straight-line body goes through a picture. */
export interface RowBlock {
  /** Computed at a time; the last ones may lie below the picture. */
  readonly rows: number;
  readonly order: JoinOrder;
}

export const SINGLE_ROWS: RowBlock = { rows: 1, order: "columns" };

/** Builds the word expressions of a stage's values; remembers which planes they load. */
export class StageExpressions {
  readonly graph: WordGraph;
  /** By the name of the source in the graph. */
  readonly sources = new Map<string, Plane>();
  readonly #words = new Map<string, NodeId>();
  readonly #names = new Map<string, string>();
  readonly #schedule: Schedule;
  readonly #order: JoinOrder;

  constructor(schedule: Schedule, order: JoinOrder = "columns", machine?: WordMachine) {
    this.graph = new WordGraph(machine);
    this.#schedule = schedule;
    this.#order = order;
  }

  /** The word of a value that this stage computes, `row` rows below the first one. */
  compute(value: ValueId, row = 0): NodeId {
    // Operands first, so that no recursion is deeper than one node.
    for (const operand of cone(this.#schedule, [value])) if (operand !== value) this.#read(operand, row);
    return this.#wordOf(value, row);
  }

  /** For each of `values`, the words of `rows` rows. */
  computeBlock(values: readonly ValueId[], rows: number): NodeId[] {
    return values.flatMap((value) => Array.from({ length: rows }, (_, row) => this.compute(value, row)));
  }

  #wordOf(value: ValueId, at: number): NodeId {
    const node = nodeOf(this.#schedule.module, value);
    const { graph } = this;
    switch (node.kind) {
      case "constant":
        return node.value === 1 ? graph.ones : graph.zeros;
      case "complement":
        return graph.not(this.#read(node.input, at));
      case "union":
        return node.inputs.map((input) => this.#read(input, at)).reduce((a, b) => graph.or(a, b), graph.zeros);
      case "intersection":
        return node.inputs.map((input) => this.#read(input, at)).reduce((a, b) => graph.and(a, b), graph.ones);
      case "erosion":
      case "dilation": {
        const reads = elementReads(node);
        const operation = node.kind === "erosion" ? "intersection" : "union";
        // Rows counted from the first one that is computed: what neighbouring rows have in common is one node.
        const offsets = reads.map(({ row, column }) => ({ row: row + at, column }));
        const loadAt = (row: number, word: number): NodeId => this.#load(node.input, node.border, row, word);
        return joinOffsets(graph, operation, offsets, loadAt, this.#order);
      }
      case "threshold": {
        const isPointwise = neighbourhoodReads(node) === null;
        const terms = node.terms.map(({ input, offset, weight }) => ({
          word: isPointwise
            ? this.#read(input, at)
            : shiftedWord(graph, (word) => this.#load(input, node.border, at + offset.row, word), offset.column),
          weight,
        }));
        return thresholdWord(graph, terms, node.bound);
      }
      default:
        throw new InternalError(`a stage cannot compute ${node.kind}`);
    }
  }

  /** The word of an operand at the computed pixel: from its plane, or computed here. */
  #read(value: ValueId, at: number): NodeId {
    const key = `${value} ${at}`;
    const known = this.#words.get(key);
    if (known !== undefined) return known;
    const [surroundings] = this.#schedule.planes.get(value) ?? [];
    const word = surroundings === undefined ? this.#wordOf(value, at) : this.#load(value, surroundings, at, 0);
    this.#words.set(key, word);
    return word;
  }

  #load(value: ValueId, surroundings: Surroundings, row: number, word: number): NodeId {
    const key = `${value} ${surroundings}`;
    const name = this.#names.get(key) ?? this.#nameSource({ value, surroundings });
    this.#names.set(key, name);
    return this.graph.load(name, row, word);
  }

  /** A name like `x0`, made unique by a number. */
  #nameSource(plane: Plane): string {
    const { value, surroundings } = plane;
    const { name } = valueOf(this.#schedule.module, value);
    const wanted = (this.#schedule.planes.get(value) ?? []).length > 1 ? `${name}_${surroundings}` : name;
    let source = wanted;
    for (let suffix = 2; this.sources.has(source); suffix++) source = `${wanted}_${suffix}`;
    this.sources.set(source, plane);
    return source;
  }
}
