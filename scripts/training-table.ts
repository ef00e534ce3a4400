/**
 * `npm run training-table -- [--seed N] [--mnist DIR] [TASK …]`: trains every task of the table in docs/training-results.md
 * by its recipe, compiles the models, and writes the rows into the table; rows of tasks that are not named stay.
 * A task is written like `opening disk7`, `noisy-sticks` or `mnist`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Context } from "../src/cli/context.js";
import { openSampleSplits } from "../src/cli/data/open-splits.js";
import { type CompiledScore, scoreCompiled } from "../src/cli/train/compiled-score.js";
import { openDevice } from "../src/device/device.js";
import { decodeConfig } from "../src/trainer/decode-config.js";
import { metricName } from "../src/trainer/objective.js";
import { recipeFor, type Task } from "../src/trainer/recipes/recipes.js";
import { train } from "../src/trainer/train.js";

const RESULTS = new URL("../docs/training-results.md", import.meta.url);

const TASKS = [
  ...["disk7", "hstick7", "dcross7"].flatMap((element) =>
    ["dilation", "erosion", "opening", "closing"].map((operator) => `${operator} ${element}`),
  ),
  "white-tophat disk7",
  "black-tophat disk7",
  "noisy-sticks",
  "mnist",
  "mnist-erosions",
];

const HEAD = ["task", "seed", "metric", "before hardening", "trained", "compiled", "grade", "steps", "seconds"];

interface Row {
  readonly task: string;
  readonly cells: readonly string[];
}

async function measure(text: string, seed: number, folder: string): Promise<Row> {
  const [task = "", element = ""] = text.split(" ");
  const recipe = recipeFor(task as Task, { element, folder, classes: 1 });
  const config = decodeConfig({ ...recipe, seed });
  const io = { env: {}, stdoutIsTerminal: false, stderrIsTerminal: false };
  const context = new Context(
    { ...io, readStdin: async () => new Uint8Array(), writeStdout: () => undefined, writeStderr: () => undefined },
    { json: false, quiet: true },
  );
  const splits = await openSampleSplits(config.data, context);
  const start = performance.now();
  const outcome = await train(config, splits);
  const seconds = (performance.now() - start) / 1000;
  if (outcome.kind !== "trained") throw new Error("interrupted");
  const compiled: CompiledScore = await scoreCompiled(outcome.model, splits.test, () => undefined);
  const scores = [outcome.soft.float, outcome.test.float, compiled.score].map((score) => score.toFixed(4));
  const steps = String(outcome.looks.at(-1)?.step ?? 0);
  const metric = metricName(splits.test.shape.target);
  return { task: text, cells: [String(seed), metric, ...scores, compiled.grade, steps, seconds.toFixed(0)] };
}

const BEGIN = "<!-- table -->";
const END = "<!-- end of table -->";

function tableOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = line(HEAD.map((_, index) => (index < 3 || index === 6 ? "---" : "--:")));
  return [line(HEAD), rule, ...rows.map(({ task, cells }) => line([task, ...cells]))].join("\n");
}

/** The rows that are in the table now. */
function readRows(text: string): Row[] {
  const table = text.slice(text.indexOf(BEGIN), text.indexOf(END));
  const lines = table.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) => {
    const [task = "", ...cells] = line.slice(2, -2).split(" | ");
    return { task, cells };
  });
}

function writeRow(row: Row): void {
  const text = readFileSync(RESULTS, "utf8");
  const known = readRows(text);
  const key = ({ task, cells }: Row): string => `${task} ${cells[0] ?? ""}`;
  const rows = [...known.filter((each) => key(each) !== key(row)), row];
  const place = ({ task }: Row): number => TASKS.indexOf(task);
  rows.sort((a, b) => place(a) - place(b) || Number(a.cells[0]) - Number(b.cells[0]));
  const head = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  writeFileSync(RESULTS, `${head}\n\n${tableOf(rows)}\n\n${text.slice(text.indexOf(END))}`);
}

const { values, positionals } = parseArgs({
  options: { seed: { type: "string", default: "0" }, mnist: { type: "string", default: "data/mnist" } },
  allowPositionals: true,
});
console.log((await openDevice("wasm")).description);
for (const task of positionals.length === 0 ? TASKS : positionals) {
  const row = await measure(task, Number(values.seed), values.mnist);
  console.log([row.task, ...row.cells].join("  "));
  writeRow(row);
}
