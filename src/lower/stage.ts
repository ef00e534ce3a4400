/** A stage as straight-line code on words: for a few rows at a time, for each group of words, everything its values need. */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { add, constant, LANES, relative, variable } from "../word/build.js";
import { letPointer, loop, store } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { thresholdWord } from "./adder.js";
import { cone } from "./cone.js";
import { type Callable, makeCallable } from "./function.js";
import { type Geometry, planesOf, slotOf } from "./geometry.js";
import { type NodeId, WordGraph } from "./graph.js";
import { type JoinOrder, joinOffsets, shiftedWord } from "./neighbourhood.js";
import { elementReads, neighbourhoodReads, nodeOf, type Schedule, type Surroundings, valueOf } from "./schedule.js";
import { rowAt, sizeCandidates, sizesInside } from "./sizes.js";

/** A row of a plane relative to the first row that is computed. */
interface SourceRow {
  readonly value: ValueId;
  readonly surroundings: Surroundings;
  readonly row: number;
}

/** Builds the word expressions of a stage's values; remembers which rows of which planes they load. */
export class StageExpressions {
  readonly graph = new WordGraph();
  /** By pointer name. */
  readonly rows = new Map<string, SourceRow>();
  readonly #words = new Map<string, NodeId>();
  readonly #pointers = new Map<string, string>();
  readonly #schedule: Schedule;
  readonly #order: JoinOrder;

  constructor(schedule: Schedule, order: JoinOrder = "columns") {
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
    const key = `${value} ${surroundings} ${row}`;
    const pointer = this.#pointers.get(key) ?? this.#nameRow({ value, surroundings, row });
    this.#pointers.set(key, pointer);
    return this.graph.load(pointer, word);
  }

  /** A name like `in_x0_up1`, made unique by a number. */
  #nameRow(source: SourceRow): string {
    const { value, surroundings, row } = source;
    const { name } = valueOf(this.#schedule.module, value);
    const rowName = row === 0 ? "" : row < 0 ? `_up${-row}` : `_down${row}`;
    const border = (this.#schedule.planes.get(value) ?? []).length > 1 ? `_${surroundings}` : "";
    const wanted = `in_${name}${border}${rowName}`;
    let pointer = wanted;
    for (let suffix = 2; this.rows.has(pointer); suffix++) pointer = `${wanted}_${suffix}`;
    this.rows.set(pointer, source);
    return pointer;
  }
}

/** How a straight-line body goes through a picture. */
export interface RowBlock {
  /** Computed at a time; the last ones may lie below the picture. */
  readonly rows: number;
  readonly order: JoinOrder;
}

export const SINGLE_ROWS: RowBlock = { rows: 1, order: "columns" };

/** A function to make: it computes `values`, all of one resolution, from planes of earlier stages. */
export interface StageJob {
  readonly name: string;
  readonly comment: readonly string[];
  readonly values: readonly ValueId[];
  readonly schedule: Schedule;
  readonly geometry: Geometry;
  /** Where the rows that are computed begin in the first plane of the resolution, in the entry point. */
  readonly planesAt: Index;
  /** How many; null for all rows of the frame. */
  readonly rows: Index | null;
}

export function straightStage(job: StageJob, block: RowBlock): Callable {
  const { name, comment, values, schedule, geometry, planesAt } = job;
  const { rows, order } = block;
  const expressions = new StageExpressions(schedule, order);
  const roots = expressions.computeBlock(values, rows);
  const loads = expressions.graph.loads(roots);
  const bias = (pointer: string): number => Math.max(0, -(loads.get(pointer)?.least ?? 0));
  const { statements, words } = expressions.graph.emit(roots, "w", bias);

  const sizes = sizesInside(geometry);
  const rowPointers: Statement[] = [];
  const wordPointers: Statement[] = [];
  const pointTo = (pointer: string, rowIndex: Index): void => {
    rowPointers.push(letPointer(`row_${pointer}`, relative("planes", rowIndex)));
    wordPointers.push(letPointer(pointer, relative(`row_${pointer}`, variable("j"))));
  };
  for (const [pointer, { value, surroundings, row }] of expressions.rows) {
    if (!loads.has(pointer)) continue;
    const slot = slotOf(geometry, value, surroundings);
    pointTo(pointer, rowAt(geometry, sizes, slot, add(variable("row"), row), -bias(pointer)));
  }
  const stores: Statement[] = [];
  values.forEach((value, position) => {
    for (const { slot } of planesOf(schedule, geometry, value)) {
      for (let at = 0; at < rows; at++) {
        const word = words[position * rows + at];
        if (word === undefined) throw new InternalError("a value without a word");
        const pointer = `out${stores.length}_${valueOf(schedule.module, value).name}`;
        pointTo(pointer, rowAt(geometry, sizes, slot, add(variable("row"), at)));
        stores.push(store(relative(pointer), word));
      }
    }
  });

  return makeCallable(
    {
      name,
      comment,
      mode: "vector",
      body: [
        loop(
          "row",
          sizes.height,
          [...rowPointers, loop("j", sizes.words, [...wordPointers, ...statements, ...stores], LANES)],
          constant(rows),
        ),
      ],
    },
    sizeCandidates(geometry, planesAt, "", job.rows),
  );
}
