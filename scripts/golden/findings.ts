/** What a comparison with recorded values found. */

export interface Findings {
  /** Values compared. */
  compared: number;
  /** One line each. */
  readonly differences: string[];
  /** Decisions on a bound, where ours is exact and the authors' strict inequalities miss an operation that the neuron is. */
  ties: number;
  /** Answers that differ where float32 rounding decides between them. */
  undecided: number;
}

export function noFindings(): Findings {
  return { compared: 0, differences: [], ties: 0, undecided: 0 };
}

/** Within the tolerance; equal infinities are, and two NaN. */
export function compareNumbers(
  findings: Findings,
  what: string,
  ours: number,
  recorded: number,
  tolerance: number,
): void {
  findings.compared++;
  if (Object.is(ours, recorded) || Math.abs(ours - recorded) <= tolerance) return;
  findings.differences.push(`${what} ${ours}, recorded ${recorded}`);
}

export function compareTexts(findings: Findings, what: string, ours: string, recorded: string): void {
  findings.compared++;
  if (ours !== recorded) findings.differences.push(`${what} ${ours}, recorded ${recorded}`);
}

/** A decision; one that is not sure may differ. */
export function compareDecision(
  findings: Findings,
  what: string,
  ours: string,
  recorded: string,
  isSure: boolean,
): void {
  if (isSure || ours === recorded) compareTexts(findings, what, ours, recorded);
  else findings.undecided++;
}

export function addFindings(sum: Findings, { compared, differences, ties, undecided }: Findings): void {
  sum.compared += compared;
  sum.differences.push(...differences);
  sum.ties += ties;
  sum.undecided += undecided;
}
