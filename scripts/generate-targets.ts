/**
 * Embeds targets/*.json and the package's version in src/gen, so that the compiler core needs no file access.
 *
 * `npx tsx scripts/generate-targets.ts` writes; with `--check` it only compares, and exits with status 1 if stale.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const NOTE = "// Made by scripts/generate-targets.ts; never edited.\n";
/** Preferred order; others follow by name. */
const FIRST = ["wasm", "wasm-mvp", "js", "c"];

const names = readdirSync(file("targets"))
  .filter((name) => name.endsWith(".json") && !name.includes("schema"))
  .map((name) => name.slice(0, -".json".length));
const ordered = [...FIRST, ...names.filter((name) => !FIRST.includes(name)).sort()];
const texts = ordered.map((name) => JSON.stringify(JSON.parse(readFileSync(file(`targets/${name}.json`), "utf8"))));
const { version } = JSON.parse(readFileSync(file("package.json"), "utf8")) as { version: string };

const outputs = {
  "src/gen/targets.ts": `${NOTE}export const TARGET_TEXTS: readonly string[] = [\n${texts
    .map((text) => `  ${JSON.stringify(text)},\n`)
    .join("")}];\n`,
  "src/gen/version.ts": `${NOTE}export const VERSION = ${JSON.stringify(version)};\n`,
};

const isCheck = process.argv.includes("--check");
for (const [path, content] of Object.entries(outputs)) {
  if (!isCheck) {
    writeFileSync(file(path), content);
  } else if (readFileSync(file(path), "utf8") !== content) {
    console.error(`${path} is stale: run npm run generate`);
    process.exitCode = 1;
  }
}
