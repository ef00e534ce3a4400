/** Tries all patterns of all frames, and judges the extremes. */
import { InternalError } from "../../diagnostics.js";
import { activate } from "../../model/activation.js";
import type { InputDescription } from "../../model/types.js";
import type { ChannelBounds } from "../report.js";
import { CellTables, type DescribedSums, describeSums } from "./cell-sums.js";
import { cellsAt, type InputBit, unite } from "./cells.js";
import {
  allowOne,
  allowZero,
  greatestValue,
  leastValue,
  NO_VALUES,
  type RisingNeuron,
  surelyAbove,
  surelyNotAbove,
} from "./decision.js";
import { sumErrors } from "./errors.js";
import { type Extremes, firstUnknown, noExtremes, updateExtremes } from "./extremes.js";
import type { Frame } from "./frames.js";
import { type Graph, NO_ERROR, type SumError } from "./graph.js";
import { FRAME_LIMITS, type Plan } from "./plan.js";
import type { Planes } from "./planes.js";
import type { ExhaustiveAnswer, UnprovedBit } from "./question.js";
import { forEachBlock, type SumDescription } from "./sums.js";
import { levelPairs, type Setting, witnessOf } from "./witness.js";

export interface Claim {
  readonly graph: Graph;
  readonly planes: Planes;
  readonly input: InputDescription;
  /** The plan's first root; the others are its bits. */
  readonly neuron: RisingNeuron;
  /** One for each bit. */
  readonly cuts: readonly number[];
}

/** What is known of all bits after some frames. */
interface Standing {
  readonly bounds: readonly ChannelBounds[];
  readonly undecided: UnprovedBit | null;
}

type FrameAnswer = { readonly kind: "different"; readonly at: UnprovedBit } | ({ readonly kind: "tried" } & Standing);

export function tryPlan(claim: Claim, plan: Plan, onProgress: ((share: number) => void) | undefined): ExhaustiveAnswer {
  const tables = new CellTables();
  let done = 0;
  const patternsDone = (patterns: number): void => {
    done += patterns;
    onProgress?.(done / plan.patterns);
  };
  let standing: Standing = { bounds: claim.cuts.map(() => NO_VALUES), undecided: null };
  for (const frame of plan.frames) {
    const answer = tryFrame(claim, plan, frame, standing, tables, patternsDone);
    if (answer.kind === "different") return { kind: "different", ...answer.at };
    standing = answer;
    tables.trim();
  }
  if (standing.undecided !== null) return { kind: "undecided", ...standing.undecided };
  return { kind: "proved", patterns: plan.patterns, bounds: standing.bounds };
}

/** Patterns between two calls of the listener. */
const PROGRESS_PATTERNS = 2 ** 18;

function tryFrame(
  claim: Claim,
  plan: Plan,
  frame: Frame,
  before: Standing,
  tables: CellTables,
  patternsDone: (patterns: number) => void,
): FrameAnswer {
  const cells = cellsAt(claim.graph, frame, plan.roots, FRAME_LIMITS);
  if (typeof cells === "string") throw new InternalError("a frame that was planned is too large");
  const bits = unite(cells.map((cell) => cell.support));
  const planes = claim.planes.all;
  const { reach, size } = plan;
  const setting: Setting = { frame, reach, size, planes, input: claim.input, bits };
  const described = describeSums(cells, bits, tables);
  const main = described.descriptions.length - cells.length;
  const errorFrom = (nearest?: readonly number[]): SumError => sumErrors(described.rules, nearest)[main] ?? NO_ERROR;
  // While not all patterns are known, only what is wrong by any error can be told.
  const firstError = errorFrom();
  const extremes = claim.cuts.map(noExtremes);

  const seen: { unknown: number | null; wrong: Verdict | null } = { unknown: null, wrong: null };
  let sinceCall = 0;
  const nearest = forEachBlock(bits.length, withImpossible(described, bits, frame, planes), (values, first) => {
    const impossible = values[main + cells.length] ?? null;
    const [sums, ...bitSums] = values.slice(main, main + cells.length);
    if (sums === undefined) throw new InternalError("a neuron without a sum");
    seen.unknown ??= firstUnknown(sums, impossible, first);
    bitSums.forEach((each, bit) => {
      const extreme = extremes[bit];
      if (extreme === undefined || !updateExtremes(extreme, sums, each, impossible, first)) return;
      seen.wrong ??= judge(claim, bit, extreme, firstError).find((verdict) => verdict.kind === "different") ?? null;
    });
    sinceCall += sums.length;
    if (sinceCall >= PROGRESS_PATTERNS) {
      patternsDone(sinceCall);
      sinceCall = 0;
    }
    return seen.wrong === null;
  });
  patternsDone(sinceCall);
  const error = errorFrom(nearest);

  const place = ({ bit, pattern, sum }: Place): UnprovedBit => ({
    bit,
    floatValue: sum === null ? null : activate(claim.neuron.activation, claim.neuron.steepness * sum),
    ...witnessOf(setting, pattern),
  });
  if (seen.wrong !== null) return { kind: "different", at: place(seen.wrong) };
  const verdicts = extremes.flatMap((extreme, bit) => judge(claim, bit, extreme, error));
  const different = verdicts.find((verdict) => verdict.kind === "different");
  if (different !== undefined) return { kind: "different", at: place(different) };
  const open: Place | undefined =
    seen.unknown === null
      ? verdicts.find((verdict) => verdict.kind === "undecided")
      : { bit: 0, pattern: seen.unknown, sum: null };
  return {
    kind: "tried",
    bounds: before.bounds.map((bounds, bit) => widen(bounds, claim, bit, extremes[bit] ?? noExtremes(), error)),
    undecided: before.undecided ?? (open === undefined ? null : place(open)),
  };
}

/** With one sum more, after all others, that is positive where a pattern sets a level without those below it. */
function withImpossible(
  { descriptions }: DescribedSums,
  bits: readonly InputBit[],
  frame: Frame,
  planes: Planes["all"],
): readonly SumDescription[] {
  const pairs = levelPairs(bits, frame, planes);
  if (pairs.length === 0) return descriptions;
  const onlySecond = Float64Array.of(0, 0, 1, 0);
  const terms = pairs.map((places) => ({ table: onlySecond, places, weight: 1 }));
  return [...descriptions, { constant: 0, terms, finish: { kind: "sum" }, doubt: 0, exact: null }];
}

interface Place {
  readonly bit: number;
  readonly pattern: number;
  readonly sum: number | null;
}

interface Verdict extends Place {
  readonly kind: "different" | "undecided";
}

/** What is not proved of a bit. */
function judge({ neuron, cuts }: Claim, bit: number, extremes: Extremes, error: SumError): readonly Verdict[] {
  const cut = cuts[bit] ?? 0.5;
  const verdicts: Verdict[] = [];
  const { zeroSum, zeroPattern, oneSum, onePattern } = extremes;
  if (zeroSum !== Number.NEGATIVE_INFINITY && !surelyNotAbove(neuron, zeroSum, error, cut)) {
    const kind = surelyAbove(neuron, zeroSum, error, cut) ? "different" : "undecided";
    verdicts.push({ kind, bit, pattern: zeroPattern, sum: zeroSum });
  }
  if (oneSum !== Number.POSITIVE_INFINITY && !surelyAbove(neuron, oneSum, error, cut)) {
    const kind = surelyNotAbove(neuron, oneSum, error, cut) ? "different" : "undecided";
    verdicts.push({ kind, bit, pattern: onePattern, sum: oneSum });
  }
  return verdicts;
}

function widen(
  bounds: ChannelBounds,
  { neuron, cuts }: Claim,
  bit: number,
  { zeroSum, oneSum }: Extremes,
  error: SumError,
): ChannelBounds {
  const cut = cuts[bit] ?? 0.5;
  const zero =
    zeroSum === Number.NEGATIVE_INFINITY ? bounds : allowZero(bounds, greatestValue(neuron, zeroSum, error), cut);
  return oneSum === Number.POSITIVE_INFINITY ? zero : allowOne(zero, leastValue(neuron, oneSum, error), cut);
}
