import { fail } from "../diagnostics.js";

/** Largest side of a picture to learn from. */
export const LARGEST_PICTURE_SIDE = 4096;

/** Refuses an option of a data description that is no integer of the range. @throws DiagnosticError BMN0801 */
export function checkCount(path: string, value: number, least: number, greatest: number): void {
  if (Number.isInteger(value) && value >= least && value <= greatest) return;
  fail("BMN0801", `${path} is ${value}`, { path, hint: `give an integer from ${least} to ${greatest}` });
}

/** Refuses a probability outside 0 … 1. @throws DiagnosticError BMN0801 */
export function checkProbability(path: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  fail("BMN0801", `${path} is ${value}`, { path, hint: "give a number from 0 to 1" });
}
