/** RESULTS.md, of which every script writes its own part, between marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const RESULTS_FILE = join(import.meta.dirname, "RESULTS.md");

/** Puts the lines of `part` in the place of what the script wrote last. */
export function writePart(script: string, part: string): void {
  const text = readFileSync(RESULTS_FILE, "utf8");
  const [begin, end] = [`<!-- npm run ${script} -->`, `<!-- end of npm run ${script} -->`];
  const [first, last] = [text.indexOf(begin), text.indexOf(end)];
  if (first < 0 || last < first) throw new Error(`RESULTS.md lacks the marks ${begin} and ${end}`);
  writeFileSync(RESULTS_FILE, `${text.slice(0, first)}${begin}\n\n${part.trim()}\n\n${text.slice(last)}`);
}
