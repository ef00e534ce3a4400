/** Carry-save addition of words, one bit of a number in each: the step that all bit-sliced sums are made of. */
import { and, assignWord, letWord, or, wordVariable, xor } from "../word/build-statement.js";
import type { Statement, Word } from "../word/node.js";

export interface AddBlockOptions {
  /** The machine has operators of three words: what suits them takes one more of two words. */
  readonly isTernary?: boolean;
  readonly counter?: string;
  readonly suffix?: string;
}

/**
 * Adds eight words to the counter `ones`, `twos`, `fours` + `counter`, and names the word of eights that is carried out
 * `eight` + `suffix`: seven full adders. Other names end with `suffix` too.
 */
export function addBlock(
  words: readonly Word[],
  { isTernary = false, counter = "", suffix = counter }: AddBlockOptions = {},
): Statement[] {
  const statements: Statement[] = [];
  const named = (name: string): Word => wordVariable(name + suffix);
  const fullAdder = (digit: string, carry: string, left: Word, right: Word): void => {
    const sum = digit + counter;
    if (isTernary) {
      const kept = wordVariable(sum);
      statements.push(
        letWord(carry + suffix, or(and(left, right), and(kept, or(left, right)))),
        assignWord(sum, xor(xor(kept, left), right)),
      );
      return;
    }
    statements.push(
      letWord(`half_${carry}${suffix}`, xor(left, right)),
      letWord(carry + suffix, or(and(left, right), and(named(`half_${carry}`), wordVariable(sum)))),
      assignWord(sum, xor(wordVariable(sum), named(`half_${carry}`))),
    );
  };
  const [a0, a1, a2, a3, a4, a5, a6, a7] = words as [Word, Word, Word, Word, Word, Word, Word, Word];
  fullAdder("ones", "two0", a0, a1);
  fullAdder("ones", "two1", a2, a3);
  fullAdder("twos", "four0", named("two0"), named("two1"));
  fullAdder("ones", "two2", a4, a5);
  fullAdder("ones", "two3", a6, a7);
  fullAdder("twos", "four1", named("two2"), named("two3"));
  fullAdder("fours", "eight", named("four0"), named("four1"));
  return statements;
}
