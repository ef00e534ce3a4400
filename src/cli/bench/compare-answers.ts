/** Raw answers of all contenders to the same pictures, compared bit for bit. */
import { fail } from "../../diagnostics.js";
import type { Outcome } from "../../morph/picture.js";
import { decodeOutcomes, type Extent, type ProgramInterface } from "../../run/exchange.js";
import { splitAnswer } from "../../run/timing/answer.js";
import { compareOutcomes } from "../outcome.js";

export interface LabelledAnswer {
  readonly label: string;
  /** See run/timing/answer.ts. */
  readonly words: Uint32Array;
}

/**
 * @param expected the interpreter's answer; without it, the contenders are compared with the first of them
 * @throws DiagnosticError BMN0703 on the first contender that answers otherwise
 */
export function compareAnswers(
  contract: ProgramInterface,
  extent: Extent,
  answers: readonly LabelledAnswer[],
  expected: readonly Outcome[] | null,
): void {
  const [first] = answers;
  if (first === undefined) return;
  const judge = expected === null ? first.label : "the interpreter";
  const outcomesOf = ({ words }: LabelledAnswer): readonly Outcome[] =>
    decodeOutcomes(contract, extent, splitAnswer(contract, extent, words));
  const reference = expected ?? outcomesOf(first);
  for (const answer of answers) {
    // The same words say the same; decoding them takes long for large answers.
    if (expected === null && equalWords(first.words, answer.words)) continue;
    const outcomes = outcomesOf(answer);
    for (const [index, outcome] of reference.entries()) {
      const other = outcomes[index];
      const text = other === undefined ? "it is missing" : compareOutcomes(outcome, other).text;
      if (text === null) continue;
      const which = contract.kind === "images" ? "a picture" : `picture ${index} of ${extent.count}`;
      const size = `${extent.height}×${extent.width}`;
      fail("BMN0703", `${answer.label} answers ${which} of ${size} pixels otherwise than ${judge}: ${text}`, {
        hint: "this is no matter of speed: please report it, with the model",
      });
    }
  }
}

function equalWords(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
