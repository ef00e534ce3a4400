/** `bimonnc data`: sets that are known, fetching them, and a look at what a training would learn from. */
import { basename, dirname } from "node:path";
import { downloadSize, KNOWN_SETS, type KnownSet } from "../../data/known-sets.js";
import type { DataArguments } from "../arguments.js";
import { type Context, STATUS, UsageError } from "../context.js";
import { fetchSet, megabytes, sourceOf } from "../data/fetch-set.js";
import { countClasses, openSampleSplits } from "../data/open-splits.js";
import { previewSet } from "../data/preview-set.js";
import { STREAM } from "../files.js";
import { encodeGrayPng } from "../pictures/encode.js";
import { layoutTable } from "../table.js";
import { readConfiguration } from "../train/configuration.js";
import { repeated } from "../values.js";
import { writeFiles } from "../write-files.js";

type Action = (parsed: DataArguments, context: Context) => Promise<void>;

const ACTIONS: Readonly<Record<string, { readonly run: Action; readonly options: readonly (keyof DataArguments)[] }>> =
  {
    list: { run: listSets, options: [] },
    fetch: { run: fetchOne, options: ["name", "output", "mirror"] },
    preview: {
      run: preview,
      options: ["name", "output", "task", "element", "data", "seed", "set", "split", "count"],
    },
  };

/** Options that belong to one action or another. */
const OPTIONS = ["name", "output", "mirror", "task", "element", "data", "seed", "set", "split", "count"] as const;

export async function dataCommand(parsed: DataArguments, context: Context): Promise<number> {
  const action = Object.hasOwn(ACTIONS, parsed.action) ? ACTIONS[parsed.action] : undefined;
  if (action === undefined) {
    throw new UsageError(`${parsed.action} is nothing to do with data: choose ${Object.keys(ACTIONS).join(", ")}`);
  }
  const idle = OPTIONS.find((option) => parsed[option] !== undefined && !action.options.includes(option));
  if (idle !== undefined) {
    throw new UsageError(idle === "name" ? `what is ${parsed.name}?` : `--${idle} is not for data ${parsed.action}`);
  }
  await action.run(parsed, context);
  return STATUS.done;
}

async function listSets(_parsed: DataArguments, context: Context): Promise<void> {
  context.printJson(KNOWN_SETS);
  if (context.json) return;
  const rows = KNOWN_SETS.map((set) => [
    set.name,
    set.about,
    samplesOf(set),
    megabytes(downloadSize(set)),
    set.licence,
    set.source,
  ]);
  context.print(await layoutTable(["name", "pictures", "number", "download", "licence", "source"], rows, [2, 3]));
}

function samplesOf({ files }: KnownSet): string {
  return files
    .filter(({ dimensions }) => dimensions.length === 3)
    .map(({ dimensions }) => dimensions[0])
    .join(" + ");
}

async function fetchOne({ name, output, mirror }: DataArguments, context: Context): Promise<void> {
  const known = KNOWN_SETS.map((each) => each.name).join(", ");
  const set = KNOWN_SETS.find((each) => each.name === name);
  if (set === undefined) throw new UsageError(`${name === undefined ? "name a set" : `no set ${name}`}: ${known}`);
  const folder = output ?? set.name;
  const fetched = await fetchSet({ set, folder, source: sourceOf(set, mirror) }, context);
  context.print(folder);
  context.printJson({ set: set.name, folder, fetched, files: set.files.map((file) => file.name) });
}

const SPLITS = ["training", "validation", "test"] as const;

const DEFAULT_COUNT = 12;
const MOST_SAMPLES = 1000;

async function preview(parsed: DataArguments, context: Context): Promise<void> {
  const { name: config, task, element, data, seed, count = DEFAULT_COUNT, output = "preview.png" } = parsed;
  const split = SPLITS.find((each) => each === (parsed.split ?? "training"));
  if (split === undefined) throw new UsageError(`--split ${parsed.split}: choose one of ${SPLITS.join(", ")}`);
  if (!Number.isInteger(count) || count < 1 || count > MOST_SAMPLES) {
    throw new UsageError(`--count ${count}: give an integer from 1 to ${MOST_SAMPLES}`);
  }
  if (output !== STREAM && !output.endsWith(".png")) throw new UsageError(`--output ${output}: name a .png file`);
  const set = repeated(parsed.set);
  const chosen = await readConfiguration({ config, task, element, data, seed, set }, context, countClasses);
  if (chosen === null) throw new UsageError("name a --task, or the configuration of a training");
  const splits = await openSampleSplits(chosen.data, context);
  const samples = splits[split];
  const { sheet, samples: shown, caption, rows } = previewSet(samples, count);
  const png = await encodeGrayPng(sheet.height, sheet.width, sheet.samples);
  if (output === STREAM) {
    context.io.writeStdout(png);
    return;
  }
  writeFiles(dirname(output), [{ path: basename(output), content: png }]);
  const { channels, height, width } = samples.shape;
  context.print(`${output}: ${samples.name}, ${shown} of the ${split} samples, ${caption}`);
  if (rows.length > 0) context.print(`rows from the top: ${rows.join(", ")}`);
  const counts = Object.fromEntries(SPLITS.map((each) => [each, splits[each].count]));
  context.printJson({ output, data: samples.name, split, shown, channels, height, width, counts, classes: rows });
}
