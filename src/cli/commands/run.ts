import type { Outcome, Picture } from "../../morph/picture.js";
import type { RunArguments } from "../arguments.js";
import { type Context, STATUS, UsageError } from "../context.js";
import { STREAM } from "../files.js";
import { type Network, withNetwork } from "../network.js";
import { describeOutcome, outcomeFields } from "../outcome-text.js";
import { type OutputPattern, parseOutputPattern } from "../output-pattern.js";
import { encodeBitPng, encodePbm, joinSideBySide } from "../pictures/encode.js";
import { openProgress } from "../progress.js";
import { readPicture } from "../read-picture.js";
import { checkInteger } from "../values.js";
import { type OutputFile, writeFiles } from "../write-files.js";

/** Samples of pictures that are held at a time. */
const BATCH_PIXELS = 2 ** 24;

/** `bimonnc run`: answers of a network to pictures. */
export async function runCommand(parsed: RunArguments, context: Context): Promise<number> {
  const { pictures: paths, network: networkPath } = parsed;
  const threshold = parsed.threshold === undefined ? null : checkInteger("threshold", parsed.threshold, 1, 255);
  const pattern = parsed.output === undefined ? null : parseOutputPattern(parsed.output, paths);
  if ([networkPath, ...paths.flatMap((path) => path.split("+"))].filter((path) => path === STREAM).length > 1) {
    throw new UsageError("standard input can be read only once");
  }
  if (context.json && parsed.output === STREAM) throw new UsageError("--json and --output - both use standard output");
  return withNetwork(networkPath, parsed, context, async (network) =>
    answer(network, paths, { threshold, pattern }, context),
  );
}

interface Choice {
  readonly threshold: number | null;
  readonly pattern: OutputPattern | null;
}

async function answer(network: Network, paths: readonly string[], choice: Choice, context: Context): Promise<number> {
  if (choice.threshold !== null && network.need.samples === "bytes") {
    throw new UsageError("--threshold is for networks that read bits; this one reads gray values");
  }
  const outcomes = await answerAll(network, paths, choice.threshold, context);
  const written = choice.pattern === null ? [] : await writeOutcomes(outcomes, choice.pattern, context);
  if (choice.pattern?.format !== "stream") {
    for (const { path, outcome } of outcomes) context.print(`${path}: ${describeOutcome(outcome, network.scoring)}`);
  }
  context.printJson({
    name: network.name,
    answers: outcomes.map(({ path, outcome }) => ({ picture: path, ...outcomeFields(outcome, network.scoring) })),
    written,
  });
  return STATUS.done;
}

/** Reads and runs in batches, so that neither many small pictures nor a few large ones are a burden. */
async function answerAll(
  network: Network,
  paths: readonly string[],
  threshold: number | null,
  context: Context,
): Promise<readonly Answered[]> {
  const progress = await openProgress(context, "run");
  const answered: Answered[] = [];
  let batch: Picture[] = [];
  let pixels = 0;
  try {
    for (const [index, path] of paths.entries()) {
      const picture = await readPicture(path, network.need, threshold, context);
      batch.push(picture);
      pixels += picture.height * picture.width * picture.channels.length;
      if (pixels < BATCH_PIXELS && index < paths.length - 1) continue;
      for (const outcome of await network.run(batch)) {
        answered.push({ path: paths[answered.length] ?? "", outcome });
      }
      batch = [];
      pixels = 0;
      progress.update(answered.length / paths.length);
    }
  } finally {
    progress.stop();
  }
  return answered;
}

type Answered = { readonly path: string; readonly outcome: Outcome };

/** Writes all images, or none; returns the paths. */
async function writeOutcomes(
  outcomes: readonly Answered[],
  pattern: OutputPattern,
  context: Context,
): Promise<readonly string[]> {
  const files: OutputFile[] = [];
  for (const { path, outcome } of outcomes) {
    if (outcome.kind !== "images") throw new UsageError("--output is for networks that answer pictures");
    const images = pattern.perChannel ? outcome.images : [joinSideBySide(outcome.images)];
    for (const [channel, image] of images.entries()) {
      const content = pattern.format === "pbm" ? encodePbm(image) : await encodeBitPng(image);
      files.push({ path: pattern.pathOf(path, channel), content });
    }
  }
  if (pattern.format === "stream") {
    for (const file of files) context.io.writeStdout(file.content);
    return [];
  }
  refuseCollisions(files);
  writeFiles(".", files);
  return files.map((file) => file.path);
}

function refuseCollisions(files: readonly OutputFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path)) throw new UsageError(`two pictures would both be written to ${path}`);
    seen.add(path);
  }
}
