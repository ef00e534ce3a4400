/** Grades in their order. */
import type { Grade } from "./node.js";

/** Worst first. */
const GRADES: readonly Grade[] = ["approximate", "hardened", "exact"];

/** The worst of the grades; `exact` for none. */
export function worstGrade(grades: Iterable<Grade>): Grade {
  const found = new Set(grades);
  return GRADES.find((grade) => found.has(grade)) ?? "exact";
}
