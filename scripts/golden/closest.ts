/** The closest operations of neurons by every method, against the recorded ones. */
import { activatedProjections, projectedWeight } from "../../src/binarize/closest/activated-space.js";
import { boundsViolations } from "../../src/binarize/closest/bounds.js";
import { closestOperation } from "../../src/binarize/closest/closest.js";
import {
  constantSetDistance,
  distinctValuesOnce,
  hasExactSums,
  meanOf,
  type Neuron,
  prefixScores,
  setFrom,
  sumOf,
  sumTolerance,
} from "./authors-rules.js";
import { compareDecision, compareNumbers, compareTexts, type Findings } from "./findings.js";
import type { JsonField } from "./json-field.js";
import type { RecordedNeuron } from "./neurons.js";

/** Difference of the two best below which the better one cannot be told. */
const SURE_GAP = 1e-6;
/** Of numbers recorded in double precision, relative to the squared size of the neuron. */
const DOUBLE = 1e-9;
/** ‖W‖² − (Σ_S W)²/|S| in float32 cancels: an error relative to ‖W‖². */
const CANCELLATION = 1e-6;
/** The authors' iterative solver of the program of the activated space stops this far from the optimum. */
const SOLVER = 1e-4;

/** The closest operation by a method, as recorded. */
export interface RecordedClosest {
  readonly operation: string;
  readonly set: string;
  readonly distance: number;
}

function recordedClosest(field: JsonField, distance: "dist" | "value"): RecordedClosest {
  return {
    operation: field.get("op").text(),
    set: field.get("S").text(),
    distance: field.get(distance).extendedNumber(),
  };
}

/** Fields `constant`, `min_dist_to_bounds` and `activated_space` of a single neuron. */
export function checkClosest(findings: Findings, neuron: RecordedNeuron, isSideSure: boolean): void {
  const { field } = neuron;
  const constant = field.get("constant");
  for (const [method, key] of [
    ["constant", "exact"],
    ["uniform", "uniform"],
    ["normal", "normal"],
  ] as const) {
    checkConstant(findings, method, neuron, recordedClosest(constant.get(key), "dist"), isSideSure);
  }
  checkOptimum(findings, neuron, constant.get("optimum"));
  checkBounds(findings, neuron, recordedClosest(field.get("min_dist_to_bounds"), "dist"));
  checkActivated(findings, neuron, field.get("activated_space"));
}

/**
 * Modes of the constant set. In mode `exact` the authors count repeated weights once: their set must be that rule's, and no
 * nearer than ours. An empty set has no recorded distance; ours is ‖W‖².
 */
export function checkConstant(
  findings: Findings,
  method: "constant" | "uniform" | "normal",
  neuron: Neuron,
  recorded: RecordedClosest,
  isSideSure: boolean,
): void {
  const { weights, bias } = neuron;
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const tolerance = CANCELLATION * squares;
  const { operation, members, distance } = closestOperation(method, weights, bias);
  const set = textOf(members);
  compareDecision(findings, `${method}, operation`, operation, recorded.operation, isSideSure);
  compareNumbers(
    findings,
    `${method}, distance of the recorded set`,
    constantSetDistance(weights, recorded.set),
    recorded.distance,
    tolerance,
  );
  if (method === "constant") {
    compareDecision(
      findings,
      "constant, distinct values once",
      distinctValuesOnce(weights),
      recorded.set,
      isScoreSure(weights),
    );
    if (new Set(weights).size < weights.length) {
      compareTexts(
        findings,
        "constant, nearer than recorded",
        String(distance <= recorded.distance + tolerance),
        "true",
      );
      return;
    }
    compareDecision(findings, "constant", set, recorded.set, isScoreSure(weights));
  } else {
    compareDecision(findings, method, set, recorded.set, isShareSure(method, weights));
  }
  if (!members.includes(true)) compareNumbers(findings, `${method}, distance of nothing`, distance, squares, 0);
  else if (set === recorded.set)
    compareNumbers(findings, `${method}, distance`, distance, recorded.distance, tolerance);
}

/** The two best scores of the distinct values are apart, so that float32 finds the better one. */
function isScoreSure(weights: Float32Array): boolean {
  const [best = 0, second = Number.NEGATIVE_INFINITY] = prefixScores(Float32Array.from(new Set(weights)));
  return best - second > SURE_GAP * (1 + Math.abs(best));
}

/** No weight is as near to its limit as float32 rounding reaches. */
function isShareSure(method: "uniform" | "normal", weights: Float32Array): boolean {
  const limit = ((method === "uniform" ? 2 / 3 : 3 / 4) * sumOf(weights)) / weights.length;
  const size = sumOf(weights.map(Math.abs)) / weights.length;
  return weights.every((weight) => Math.abs(weight - limit) > SURE_GAP * size);
}

/** The optimum over all sets, in double precision. */
function checkOptimum(findings: Findings, { weights, bias }: RecordedNeuron, recorded: JsonField): void {
  const { members, distance } = closestOperation("constant", weights, bias);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const [best = 0, second] = prefixScores(weights);
  const gap = recorded.get("gap").extendedNumber();
  const set = textOf(members);
  compareNumbers(findings, "optimum", distance, recorded.get("dist").number(), DOUBLE * (1 + squares));
  // One input has one set.
  if (second !== undefined) {
    compareNumbers(findings, "gap of the optimum", best - second, gap, DOUBLE * (1 + Math.sqrt(squares)));
  }
  compareDecision(findings, "set of the optimum", set, recorded.get("S").text(), gap > SURE_GAP);
  if (set === recorded.get("S").text()) {
    compareNumbers(
      findings,
      "θ of the optimum",
      meanOf(weights, set),
      recorded.get("theta").number(),
      DOUBLE * (1 + Math.sqrt(squares)),
    );
  }
}

/** Least violation of the bounds; the set, where float32 sums can tell it from the next best. */
export function checkBounds(findings: Findings, neuron: Neuron, recorded: RecordedClosest): void {
  const { weights, bias } = neuron;
  const { operation, members, distance } = closestOperation("bounds", weights, bias);
  const tolerance = sumTolerance(neuron);
  const violations = boundsViolations(weights, bias);
  const [least = 0, second = Number.POSITIVE_INFINITY] = ascending(violations, "violation");
  const isSure = hasExactSums(neuron) || second - least > 2 * tolerance;
  compareNumbers(findings, "bounds, distance", distance, recorded.distance, tolerance);
  const same = violations.find((each) => isSame(each, weights, recorded));
  compareNumbers(findings, "bounds, recorded set", same?.violation ?? Number.NaN, recorded.distance, tolerance);
  compareDecision(
    findings,
    "bounds",
    `${operation} ${textOf(members)}`,
    `${recorded.operation} ${recorded.set}`,
    isSure,
  );
}

/** The projection on the activated space: the nearest, what is recorded of it, and how near the next one is. */
function checkActivated(findings: Findings, neuron: RecordedNeuron, recorded: JsonField): void {
  const { weights, bias } = neuron;
  const { operation, members, distance } = closestOperation("activated", weights, bias);
  const value = recorded.get("value").number();
  const secondValue = recorded.get("second_value").number();
  const nearest = recordedClosest(recorded, "value");
  const theirs = `${nearest.operation} ${nearest.set}`;
  const projections = activatedProjections(weights, bias);
  const [, second = Number.POSITIVE_INFINITY] = ascending(projections, "value");
  const rounding = boundRounding(neuron);
  // The recorded B of the dual, a float32 sum, moves each value by at most the rounding times its own derivative |B − B′|.
  const slack = (optimum: number): number =>
    DOUBLE * (1 + optimum) + rounding * (rounding + Math.sqrt(2 * Math.max(0, optimum)));
  compareNumbers(findings, "activated, value", distance, value, slack(value));
  compareNumbers(findings, "activated, second value", second, secondValue, slack(secondValue));
  compareDecision(findings, "activated", `${operation} ${textOf(members)}`, theirs, secondValue - value > SURE_GAP);

  const same = projections.find((each) => isSame(each, weights, nearest));
  if (same === undefined) {
    findings.differences.push(`activated: no candidate ${theirs}`);
    return;
  }
  const tolerance = DOUBLE * (1 + Math.abs(same.bound)) + rounding;
  compareNumbers(findings, "activated, value of the recorded", same.value, value, slack(value));
  compareNumbers(findings, "activated, B′", same.nearestBound, recorded.get("b").number(), tolerance);
  // With nothing outside S the first constraint is 0 ≤ B′, whose multiplier moves no weight; it is recorded as 0.
  const multiplier = weights.every((weight) => weight >= same.level) ? 0 : same.multiplier;
  compareNumbers(findings, "activated, λ", multiplier, recorded.get("lambda0").number(), tolerance);
  if (!recorded.has("W")) return;
  recorded
    .get("W")
    .numbers()
    .forEach((weight, input) => {
      // Recorded with nine digits.
      const ours = projectedWeight(weights[input] ?? Number.NaN, same);
      compareNumbers(findings, `activated, W′ ${input}`, ours, weight, tolerance + 1e-8 * Math.abs(weight));
    });
}

/** Every operation by a set {W ≥ w}: its projection and its violation of the bounds. */
export function checkCandidates(findings: Findings, neuron: RecordedNeuron): void {
  const { weights, bias, field } = neuron;
  const recorded = field.get("candidates").items();
  const projections = activatedProjections(weights, bias);
  const violations = boundsViolations(weights, bias);
  compareNumbers(findings, "number of candidates", projections.length, recorded.length, 0);
  const rounding = boundRounding(neuron);
  recorded.forEach((candidate, index) => {
    const [projection, violation] = [projections[index], violations[index]];
    if (projection === undefined || violation === undefined) return;
    const theirs = `${candidate.get("op").text()} ${candidate.get("S").text()}`;
    for (const { operation, level } of [projection, violation]) {
      compareTexts(findings, `candidate ${index}`, `${operation} ${setFrom(weights, level)}`, theirs);
    }
    const { value, bound, nearestBound } = projection;
    const slack = DOUBLE * (1 + value) + rounding * (rounding + Math.abs(bound - nearestBound));
    compareNumbers(findings, `${theirs}, projection`, value, candidate.get("qp").number(), slack);
    const toBounds = candidate.get("to_bounds").number();
    compareNumbers(findings, `${theirs}, bounds`, violation.violation, toBounds, sumTolerance(neuron));
  });
}

/** Bound of the error of the recorded ΣW − B, a float32 sum. */
function boundRounding(neuron: Neuron): number {
  const { weights, bias } = neuron;
  if (hasExactSums(neuron)) return 0;
  return (weights.length + 1) * 2 ** -24 * (sumOf(weights.map(Math.abs)) + Math.abs(bias));
}

/**
 * The projection on the activated space where only the authors' iterative solution of the program is recorded, which is near
 * the optimum.
 */
export function checkSolved(findings: Findings, { weights, bias }: Neuron, recorded: RecordedClosest): void {
  const { operation, members, distance } = closestOperation("activated", weights, bias);
  const [least = 0, second = Number.POSITIVE_INFINITY] = ascending(activatedProjections(weights, bias), "value");
  const tolerance = SOLVER * (1 + distance);
  compareNumbers(findings, "activated, value", distance, recorded.distance, tolerance);
  const theirs = `${recorded.operation} ${recorded.set}`;
  compareDecision(findings, "activated", `${operation} ${textOf(members)}`, theirs, second - least > tolerance);
}

function isSame(
  { operation, level }: { readonly operation: string; readonly level: number },
  weights: Float32Array,
  recorded: Pick<RecordedClosest, "operation" | "set">,
): boolean {
  return operation === recorded.operation && setFrom(weights, level) === recorded.set;
}

function textOf(members: readonly boolean[]): string {
  return members.map((member) => (member ? "1" : "0")).join("");
}

function ascending<Key extends string>(list: readonly Readonly<Record<Key, number>>[], key: Key): number[] {
  return list.map((each) => each[key]).sort((first, second) => first - second);
}
