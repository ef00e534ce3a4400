/** Integers in limbs, least significant first: all but the last in 0 … 2^30 − 1, the last one signed. */

import { bitLength } from "../morph/integers.js";
import { assignWide, wideVariable } from "../word/build-statement.js";
import type { Condition, Statement, Wide } from "../word/node.js";

/** Bits of all limbs but the last, small enough that sums of 2^22 limbs stay exact in a double. */
export const LIMB_BITS = 30;

/** Limbs that hold every integer of at most this size; the last one is a signed 32-bit integer. */
export function limbsFor(greatest: bigint): number {
  return 1 + Math.ceil(Math.max(0, bitLength(greatest) - 31) / LIMB_BITS);
}

export function toLimbs(value: bigint, limbs: number): number[] {
  const low = Array.from({ length: limbs - 1 }, (_, limb) =>
    Number(BigInt.asUintN(LIMB_BITS, value >> BigInt(LIMB_BITS * limb))),
  );
  return [...low, Number(value >> BigInt(LIMB_BITS * (limbs - 1)))];
}

/** For readers of generated code. */
export function describeScore(limbs: number): string {
  const form =
    limbs === 1
      ? "one signed integer"
      : `${limbs} limbs of ${LIMB_BITS} bits, least significant first, the last one signed`;
  return `A score is ${form}.`;
}

/** Moves what limbs hold beyond their bits to the ones above. @param names of variables, least significant first */
export function carryLimbs(names: readonly string[]): Statement[] {
  return names.slice(1).flatMap((above, limb) => {
    const name = names[limb] ?? "";
    return [
      assignWide(above, {
        kind: "add",
        left: wideVariable(above),
        right: { kind: "shift-right", value: wideVariable(name), amount: LIMB_BITS },
      }),
      assignWide(name, { kind: "low-bits", value: wideVariable(name), bits: LIMB_BITS }),
    ];
  });
}

/** Whether an integer in limbs exceeds another, or 0. */
export function limbsExceed(names: readonly string[], others: readonly string[] | null): Condition {
  const other = (limb: number): Wide =>
    others === null ? { kind: "constant", value: 0 } : wideVariable(others[limb] ?? "");
  const compare = (operator: ">" | "==", limb: number): Condition => ({
    kind: "wide",
    operator,
    left: wideVariable(names[limb] ?? ""),
    right: other(limb),
  });
  let exceeds = compare(">", 0);
  for (let limb = 1; limb < names.length; limb++) {
    exceeds = {
      kind: "or",
      left: compare(">", limb),
      right: { kind: "and", left: compare("==", limb), right: exceeds },
    };
  }
  return exceeds;
}
