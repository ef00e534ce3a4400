/** What is refused because the generated code would be of no use: too large to compile, or to find memory for. */
import { fail } from "../diagnostics.js";
import type { MorphModule } from "../ir/node.js";
import type { WordProgram } from "../word/node.js";
import { termBits } from "./adder.js";

/** Set bits of the weights of all weighted sums together: entries of the gate tables, 2 to 4 bytes each. */
const MAXIMUM_TERM_BITS = 2 ** 26;

/** Words of working memory of a network of fixed size: 1 GiB. */
const MAXIMUM_SCRATCH_WORDS = 2 ** 28;

/** @throws DiagnosticError BMN0302 */
export function checkWeights(module: MorphModule): void {
  let bits = 0;
  for (const { node, origin } of module.values) {
    if (node.kind === "threshold") bits += termBits(node.terms.map((term) => term.weight));
    if (bits > MAXIMUM_TERM_BITS) {
      fail("BMN0302", "the integer weights of the weighted sums are too large to compile", {
        ...(origin === null ? {} : { path: origin.path }),
        hint: "use --binarize approximate, or train the network towards erosions and dilations",
      });
    }
  }
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
