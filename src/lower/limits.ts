/** What is refused because the generated code would be of no use: too large to compile, or to find memory for. */
import { fail } from "../diagnostics.js";
import type { MorphModule } from "../ir/node.js";
import { CodeBudget } from "../ir/size.js";
import type { WordProgram } from "../word/node.js";

/** Words of working memory of a network of fixed size: 1 GiB. */
const MAXIMUM_SCRATCH_WORDS = 2 ** 28;

/** @throws DiagnosticError BMN0302 */
export function checkCode(module: MorphModule): void {
  const budget = new CodeBudget();
  for (const value of module.values) budget.spend(value);
}

/** @throws DiagnosticError BMN0302 */
export function checkScratch(program: WordProgram): void {
  const { scratchWords } = program;
  if (scratchWords.kind !== "constant" || scratchWords.value <= MAXIMUM_SCRATCH_WORDS) return;
  fail(
    "BMN0302",
    `the network needs ${Math.ceil(scratchWords.value / 2 ** 28)} GiB of working memory at its input size`,
    {
      path: "input",
      hint: "use a smaller input, or leave its size free and feed it tiles",
    },
  );
}
