/** A stage as straight-line code on words: for each row, for each group of words, everything its values need. */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { add, LANES, relative, variable } from "../word/build.js";
import { letPointer, loop, store } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { thresholdWord } from "./adder.js";
import { cone } from "./cone.js";
import { type Callable, makeCallable } from "./function.js";
import { type Geometry, planesOf, slotOf } from "./geometry.js";
import { type NodeId, WordGraph } from "./graph.js";
import { joinOffsets, shiftedWord } from "./neighbourhood.js";
import { elementReads, neighbourhoodReads, nodeOf, type Schedule, type Surroundings, valueOf } from "./schedule.js";
import { rowAt, sizeCandidates, sizesInside } from "./sizes.js";

/** A row of a plane relative to the row that is computed. */
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
  readonly #words = new Map<ValueId, NodeId>();
  readonly #pointers = new Map<string, string>();
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** The word of a value that this stage computes. */
  compute(value: ValueId): NodeId {
    // Operands first, so that no recursion is deeper than one node.
    for (const operand of cone(this.#schedule, [value])) if (operand !== value) this.#read(operand);
    return this.#wordOf(value);
  }

  #wordOf(value: ValueId): NodeId {
    const node = nodeOf(this.#schedule.module, value);
    const { graph } = this;
    switch (node.kind) {
      case "constant":
        return node.value === 1 ? graph.ones : graph.zeros;
      case "complement":
        return graph.not(this.#read(node.input));
      case "union":
        return node.inputs.map((input) => this.#read(input)).reduce((a, b) => graph.or(a, b), graph.zeros);
      case "intersection":
        return node.inputs.map((input) => this.#read(input)).reduce((a, b) => graph.and(a, b), graph.ones);
      case "erosion":
      case "dilation": {
        const reads = elementReads(node);
        const operation = node.kind === "erosion" ? "intersection" : "union";
        return joinOffsets(graph, operation, reads, (row, word) => this.#load(node.input, node.border, row, word));
      }
      case "threshold": {
        const isPointwise = neighbourhoodReads(node) === null;
        const terms = node.terms.map(({ input, offset, weight }) => ({
          word: isPointwise
            ? this.#read(input)
            : shiftedWord(graph, (word) => this.#load(input, node.border, offset.row, word), offset.column),
          weight,
        }));
        return thresholdWord(graph, terms, node.bound);
      }
      default:
        throw new InternalError(`a stage cannot compute ${node.kind}`);
    }
  }

  /** The word of an operand at the computed pixel: from its plane, or computed here. */
  #read(value: ValueId): NodeId {
    const known = this.#words.get(value);
    if (known !== undefined) return known;
    const [surroundings] = this.#schedule.planes.get(value) ?? [];
    const word = surroundings === undefined ? this.#wordOf(value) : this.#load(value, surroundings, 0, 0);
    this.#words.set(value, word);
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

/** A function to make: it computes `values`, all of one resolution, from planes of earlier stages. */
export interface StageJob {
  readonly name: string;
  readonly comment: readonly string[];
  readonly values: readonly ValueId[];
  readonly schedule: Schedule;
  readonly geometry: Geometry;
  /** Where the planes of the resolution begin, in the entry point. */
  readonly planesAt: Index;
}

export function straightStage({ name, comment, values, schedule, geometry, planesAt }: StageJob): Callable {
  const expressions = new StageExpressions(schedule);
  const roots = values.map((value) => expressions.compute(value));
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
    const word = words[position];
    if (word === undefined) throw new InternalError("a value without a word");
    for (const { slot } of planesOf(schedule, geometry, value)) {
      const pointer = `out${stores.length}_${valueOf(schedule.module, value).name}`;
      pointTo(pointer, rowAt(geometry, sizes, slot, variable("row")));
      stores.push(store(relative(pointer), word));
    }
  });

  return makeCallable(
    {
      name,
      comment,
      mode: "vector",
      body: [
        loop("row", sizes.height, [
          ...rowPointers,
          loop("j", sizes.words, [...wordPointers, ...statements, ...stores], LANES),
        ]),
      ],
    },
    sizeCandidates(geometry, planesAt),
  );
}
