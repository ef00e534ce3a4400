/** The answer of one sample, class after class: scores as they are known, and the first class with the greatest. */
import { constant, multiply, relative, variable } from "../word/build.js";
import { assignIndex, assignWide, letIndex, letWide, wideVariable } from "../word/build-statement.js";
import type { Condition, Index, Statement } from "../word/node.js";
import { limbsExceed } from "./limbs.js";

function bestNames(limbs: number): string[] {
  return Array.from({ length: limbs }, (_, limb) => `best${limb}`);
}

/** Before the first class. */
export function letWinner(limbs: number): Statement[] {
  return [
    letIndex("winner", 0, true),
    ...bestNames(limbs).map((name) => letWide(name, { kind: "constant", value: 0 }, true)),
  ];
}

/**
 * Writes the score of class `own`, and takes it for the winner if it exceeds the best one before.
 * @param names variables of the score's limbs
 * @param first the class, where it may be the first one, of which there is none before
 */
export function answerClass(names: readonly string[], own: Index, first: Index | null): Statement[] {
  const best = bestNames(names.length);
  const exceeds = limbsExceed(names, best);
  const isFirst = (label: Index): Condition => ({ kind: "index", operator: "==", left: label, right: constant(0) });
  return [
    ...names.map(
      (name, limb): Statement => ({
        kind: "store-score",
        pointer: relative("scores", multiply(own, names.length)),
        offset: limb,
        value: wideVariable(name),
      }),
    ),
    {
      kind: "if",
      condition: first === null ? exceeds : { kind: "or", left: isFirst(first), right: exceeds },
      then: [
        assignIndex("winner", own),
        ...names.map((name, limb) => assignWide(best[limb] ?? "", wideVariable(name))),
      ],
      else: [],
    },
  ];
}

/** After the last class. */
export function storeWinner(): Statement {
  return { kind: "store-class", pointer: relative("classes"), offset: 0, value: variable("winner") };
}
