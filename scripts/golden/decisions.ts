/**
 * Every recorded field of a neuron, computed: what the binarizer decides by its own functions, what is a convention of the
 * authors' code by its rules. Numbers are compared as far as float32 sums allow, decisions where no rounding can turn them.
 */
import { linearCheck } from "../../src/binarize/activation.js";
import { toLiterals } from "../../src/binarize/literals.js";
import {
  BITS,
  boundsOf,
  decisionMargin,
  hasExactSums,
  type InputBounds,
  learnedByChannel,
  learnedOperation,
  type OperationBySet,
  setFrom,
  sideOfBias,
  sumOf,
  sumTolerance,
  threshold,
} from "./authors-rules.js";
import { checkCandidates, checkClosest } from "./closest.js";
import { compareDecision, compareNumbers, compareTexts, type Findings, noFindings } from "./findings.js";
import type { JsonField } from "./json-field.js";
import type { RecordedNeuron } from "./neurons.js";

/** Margin below which a decision depends on the order of float32 sums, unless those are exact. */
const SURE_MARGIN = 1e-5;

export function checkDecisions(neuron: RecordedNeuron): Findings {
  const findings = noFindings();
  const { field } = neuron;
  checkCandidate(findings, neuron);
  checkActivation(findings, neuron, BITS, field.get("learned"), field.get("margin").number());
  for (const each of field.get("almost_binary").items()) {
    const inputs = { v1: each.get("v1").number(), v2: each.get("v2").number() };
    checkActivation(findings, neuron, inputs, each, decisionMargin(neuron, inputs));
  }
  if (field.has("truth")) checkTruth(findings, neuron, field.get("truth"));
  const isSure = isDecided(neuron, field.get("margin").number());
  checkClosest(findings, neuron, isSure);
  if (field.has("candidates")) checkCandidates(findings, neuron);
  return findings;
}

function isDecided(neuron: RecordedNeuron, margin: number): boolean {
  return margin > SURE_MARGIN || hasExactSums(neuron);
}

/** The set that the activation test tries, its bounds, and how far everything is from being decided otherwise. */
function checkCandidate(findings: Findings, neuron: RecordedNeuron): void {
  const { field, weights } = neuron;
  const tolerance = sumTolerance(neuron);
  const margin = field.get("margin").number();
  const isSure = isDecided(neuron, margin);
  const operation = sideOfBias(neuron);
  const recorded = field.get("candidate");
  const limit = threshold(neuron, operation, BITS);
  const set = recorded.get("S").text();
  compareDecision(findings, "side of the bias", operation, field.get("approx_op").text(), isSure);
  // The other side has another threshold.
  if (operation === field.get("approx_op").text()) {
    compareNumbers(findings, "threshold", limit, recorded.get("threshold").number(), tolerance);
  }
  compareDecision(findings, "candidate", setFrom(weights, limit), set, isSure);
  for (const tried of ["dilation", "erosion"] as const) {
    const { lower, upper } = boundsOf(neuron, { operation: tried, set }, BITS);
    const [recordedLower, recordedUpper] = recorded.get(`${tried}_bounds`).items();
    compareNumbers(findings, `${tried}, lower bound`, lower, recordedLower?.extendedNumber() ?? Number.NaN, tolerance);
    compareNumbers(findings, `${tried}, upper bound`, upper, recordedUpper?.extendedNumber() ?? Number.NaN, tolerance);
  }
  // Recorded with three digits.
  compareNumbers(findings, "margin", decisionMargin(neuron, BITS), margin, 0.005 * margin + tolerance);

  const byChannel = learnedByChannel(neuron);
  compareDecision(findings, "by channel", textOf(byChannel), recordedText(field.get("learned_one_channel")), isSure);
}

/**
 * The authors' test, and ours against it: equal unless B lies exactly on a bound that is strict in theirs only. What both
 * find has the bounds of the formula.
 */
function checkActivation(
  findings: Findings,
  neuron: RecordedNeuron,
  inputs: InputBounds,
  recorded: JsonField,
  margin: number,
): void {
  const { bias } = neuron;
  const what = `v1=${inputs.v1} v2=${inputs.v2}`;
  const theirs = recordedText(recorded);
  const isSure = inputs === BITS ? isDecided(neuron, margin) : margin > SURE_MARGIN;
  compareDecision(findings, `${what}, their test`, textOf(learnedOperation(neuron, inputs)), theirs, isSure);

  const found = knownOperation(neuron, inputs);
  if (found !== null) {
    const { lower, upper } = boundsOf(neuron, found, inputs);
    const rounding = 2 ** -20 * sumTolerance(neuron);
    compareNumbers(findings, `${what}, lower bound`, found.lower, lower, rounding);
    compareNumbers(findings, `${what}, upper bound`, found.upper, upper, rounding);
  }
  const ours = textOf(found);
  const isOnBound = found !== null && (bias === found.lower || bias === found.upper);
  const isNearBound = found !== null && Math.min(bias - found.lower, found.upper - bias) <= SURE_MARGIN;
  if (ours !== theirs && theirs === "none" && (isOnBound || (!isSure && isNearBound))) {
    findings.compared++;
    findings.ties++;
    return;
  }
  compareDecision(findings, what, ours, theirs, isSure || ours === theirs);
}

/** What the linear check finds, of that which the papers know: no constants and no complemented inputs. */
function knownOperation(
  { weights, bias }: RecordedNeuron,
  { v1, v2 }: InputBounds,
): (OperationBySet & { readonly lower: number; readonly upper: number }) | null {
  const bounds = Array.from(weights, () => ({ zeroUpper: v1, oneLower: v2 }));
  const found = linearCheck(toLiterals(weights, bias, bounds), "above");
  if (found === null || found.operation === "constant" || found.members.some((each) => each.negated)) return null;
  const inputs = new Set(found.members.map((each) => each.input));
  const set = Array.from(weights, (_, input) => (inputs.has(input) ? "1" : "0")).join("");
  // Those of B and the absolute negative weights together.
  const negative = sumOf(weights.filter((weight) => weight < 0));
  return { operation: found.operation, set, lower: found.lower + negative, upper: found.upper + negative };
}

/** Which operation the neuron is on bits, by the linear check, against the tabulated function. */
function checkTruth(findings: Findings, neuron: RecordedNeuron, recorded: JsonField): void {
  const { weights, bias } = neuron;
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const isConstant = linearCheck(toLiterals(weights, bias, bounds), "above")?.operation === "constant";
  compareTexts(findings, "constant", String(isConstant), String(recorded.get("constant").boolean()));
  const found = knownOperation(neuron, BITS);
  const isBoth = found !== null && found.set.replaceAll("0", "").length === 1;
  for (const operation of ["dilation", "erosion"] as const) {
    const ours = found !== null && (found.operation === operation || isBoth) ? found.set : "none";
    const key = `${operation}_S`;
    compareTexts(findings, `truth, ${operation}`, ours, recorded.has(key) ? recorded.get(key).text() : "none");
  }
  const least = recorded.get("min_abs").number();
  // Recorded with four digits.
  compareNumbers(findings, "least |W·x − B|", leastSum(neuron), least, 1e-3 * least + 2 ** -40 * sumTolerance(neuron));
}

/** min |W·x − B| over all bit patterns, each one input away from the one before. */
function leastSum({ weights, bias }: RecordedNeuron): number {
  let sum = -bias;
  let least = Math.abs(sum);
  const bits = weights.map(() => 0);
  for (let pattern = 1; pattern < 2 ** weights.length; pattern++) {
    const input = 31 - Math.clz32(pattern & -pattern);
    const bit = 1 - (bits[input] ?? 0);
    bits[input] = bit;
    sum += (bit === 1 ? 1 : -1) * (weights[input] ?? 0);
    least = Math.min(least, Math.abs(sum));
  }
  return least;
}

function textOf(found: OperationBySet | null): string {
  return found === null ? "none" : `${found.operation} ${found.set}`;
}

/** Operation and set are null where the test failed. */
function recordedText(field: JsonField): string {
  if (field.get("activated").boolean()) return `${field.get("op").text()} ${field.get("S").text()}`;
  return field.has("op") || field.has("S") ? "an operation that is not activated" : "none";
}
