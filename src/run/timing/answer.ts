/** Answers of contenders as they are compared: the words of the first result buffer, then the limbs of the scores. */
import { type Extent, type ProgramInterface, type RawResults, resultLengths } from "../exchange.js";

/** The buffers that the words of an answer are of. */
export function splitAnswer(contract: ProgramInterface, extent: Extent, words: Uint32Array): RawResults {
  const { classes } = resultLengths(contract, extent);
  if (classes === null) return { output: words, classes: null, scores: null };
  const scores = Int32Array.from(words.subarray(classes));
  return { output: null, classes: words.slice(0, classes), scores };
}

/** Inverse of {@link splitAnswer}. */
export function joinAnswer({ output, classes, scores }: RawResults): Uint32Array {
  if (output !== null) return output.slice();
  const joined = new Uint32Array((classes?.length ?? 0) + (scores?.length ?? 0));
  joined.set(classes ?? []);
  joined.set(scores ?? [], classes?.length ?? 0);
  return joined;
}
