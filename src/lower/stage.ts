/**
 * A stage as straight-line code on words. It goes down the rows of a picture for one group of words after the other, some
 * rows at a time, and keeps in variables what the next rows have in common with these.
 */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import type { Target } from "../target/target.js";
import { constant, LANES, minimum, subtract, variable } from "../word/build.js";
import { assignWord, letIndex, letWord, loop, store, wordVariable } from "../word/build-statement.js";
import type { Index, Statement, Word } from "../word/node.js";
import { type Callable, makeCallable } from "./function.js";
import { type Geometry, planesOf } from "./geometry.js";
import type { NodeId } from "./graph.js";
import { type OutputPlace, OutputPointers } from "./output-pointers.js";
import { PlaneLoads, PlanePointers } from "./plane-pointers.js";
import { planCarried } from "./rolling.js";
import { type Schedule, valueOf } from "./schedule.js";
import { sizeCandidates, sizesInside } from "./sizes.js";
import { type RowBlock, StageExpressions } from "./stage-expressions.js";
import type { Region } from "./tiles.js";
import { turnsOver } from "./turns.js";

/** A function to make: it computes `values`, all of one resolution, from planes of earlier stages. */
export interface StageJob {
  readonly name: string;
  readonly comment: readonly string[];
  readonly values: readonly ValueId[];
  readonly schedule: Schedule;
  readonly geometry: Geometry;
  /** Where the region that is computed begins in the first plane of the resolution, in the entry point. */
  readonly planesAt: Index;
  readonly region: Region;
}

/** What a straight stage needs to know beside its job. */
export interface StraightForm {
  readonly block: RowBlock;
  readonly target: Target;
  /** Where values that are outputs are written to. */
  readonly output: OutputPlace;
  /** Rows are shorter than a vector: outputs are written word by word. */
  readonly isNarrow: boolean;
}

export function straightStage(job: StageJob, form: StraightForm): Callable {
  const { name, comment, values, schedule, geometry, planesAt, region } = job;
  const { block, target, output } = form;
  const { rows } = block;
  const expressions = new StageExpressions(schedule, block.order, {
    ...target,
    movesLanes: target.movesLanes && !form.isNarrow,
  });
  const { graph, sources } = expressions;
  const roots = expressions.computeBlock(values, rows);
  const carried = planCarried(graph, roots, rows);
  const carriedNodes = carried.map(({ node }) => node);
  const given = new Set(carriedNodes);
  const ends = [...roots, ...carried.map(({ next }) => next)];

  const sizes = sizesInside(geometry);
  const turns = turnsOver(sizes.height, rows, variable("rows_before"));
  const pointers = new PlanePointers(geometry, turns);
  const loads = new PlaneLoads(pointers, geometry, sources, [
    ...graph.loads(carriedNodes),
    ...graph.loads(ends, given),
  ]);

  const before = graph.emitter(carriedNodes, "before", (place) => loads.before(place));
  const start = carried.flatMap(({ node }, index) => {
    const { statements, word } = before.compute(node);
    return [...statements, letWord(keptName(index), word, true)];
  });

  const kept = new Map(carriedNodes.map((node, index): [NodeId, Word] => [node, wordVariable(keptName(index))]));
  const body = graph.emitter(ends, "w", (place) => loads.inside(place), kept);
  const outputs = new OutputPointers(geometry, output, turns);
  const destinations = values.map((value) => destinationsOf(job, form, value, pointers, outputs));
  const turn: Statement[] = [];
  for (let at = 0; at < rows; at++) {
    for (const [position, destination] of destinations.entries()) {
      const root = roots[position * rows + at];
      if (root === undefined) throw new InternalError("a value without a word");
      const { statements, word } = body.compute(root);
      // Each word is stored as soon as it is known: engines that keep stores in order would keep all of them in registers.
      turn.push(...statements, ...destination(at, word));
    }
  }
  // The next turn's words are all computed before the first of them takes its place.
  const next = carried.map(({ next: node }, index) => {
    const { statements, word } = body.compute(node);
    turn.push(...statements);
    if (word.kind === "variable") return word;
    turn.push(letWord(`next${index}`, word));
    return wordVariable(`next${index}`);
  });
  const moves = next.map((word, index) => assignWord(keptName(index), word));

  const down = loop(
    "row",
    turns.total,
    [...pointers.rows, ...turn, ...moves, ...pointers.moves, ...outputs.moves],
    constant(rows),
  );
  const column = [...pointers.columns, ...outputs.columns, ...start, down];
  return makeCallable(
    {
      name: form.isNarrow ? `${name}_narrow` : name,
      comment,
      mode: form.isNarrow ? "scalar" : "vector",
      body: [
        ...(turns.value === null ? [] : [letIndex("rows_before", turns.value)]),
        ...overWords(sizes.words, column, form, outputs.isUsed),
      ],
    },
    [...sizeCandidates(geometry, planesAt, "", region), ...outputs.candidates],
  );
}

function keptName(index: number): string {
  return `kept${index}`;
}

/** For a value, how the word of its row `at` is stored wherever it belongs. */
function destinationsOf(
  { schedule, geometry }: StageJob,
  { output }: StraightForm,
  value: ValueId,
  pointers: PlanePointers,
  outputs: OutputPointers,
): (at: number, word: Word) => Statement[] {
  const { name } = valueOf(schedule.module, value);
  const planes = planesOf(schedule, geometry, value).map(({ surroundings, slot }, index) =>
    pointers.access(`out_${name}_${index === 0 ? "" : surroundings}${value}`, slot, { row: 0, word: 0 }),
  );
  const channels = output.channels.get(value) ?? [];
  return (at, word) => [
    ...planes.map((access) => {
      const { pointer, offset } = access.inside({ row: at, word: 0 });
      return store(pointer, word, offset);
    }),
    ...channels.map((channel) => store(outputs.at(channel, at), word)),
  ];
}

/** All groups of words of a row; where they are written to the output, the last one ends with the row. */
function overWords(
  words: Index,
  column: readonly Statement[],
  { target, isNarrow }: StraightForm,
  isOutput: boolean,
): Statement[] {
  if (isNarrow) return [loop("j", words, column)];
  const fits = words.kind === "constant" && words.value % target.lanes === 0;
  if (!isOutput || target.lanes === 1 || fits) return [loop("j", words, column, LANES)];
  return [
    letIndex("last_vector", subtract(words, LANES)),
    loop("k", words, [letIndex("j", minimum(variable("k"), variable("last_vector"))), ...column], LANES),
  ];
}
