import { openWorkerPool } from "../../run/worker-pool.js";
import type { RunArguments } from "../arguments.js";
import { type Context, STATUS, UsageError } from "../context.js";
import { STREAM } from "../files.js";
import { type FoundNetwork, findNetwork, prepareNetwork, traitsOf } from "../find-network.js";
import { openNetwork } from "../network.js";
import { type OutputPattern, parseOutputPattern } from "../output-pattern.js";
import { MAXIMUM_PICTURE_BYTES } from "../pictures/raster.js";
import { openProgress } from "../progress.js";
import { filesOf } from "../read-picture.js";
import { type AnswerChoice, answerPictures, type PictureAnswer } from "../run/answer-pictures.js";
import { parseJobs, shareOut } from "../run/jobs.js";
import type { PictureReply, PictureTask, PictureWorkerData } from "../run/worker-messages.js";
import { holdingSignals, withOpened } from "../signals.js";
import { checkThreshold, parseThreshold } from "../values.js";
import { type OutputFile, writeFiles } from "../write-files.js";

/** `bimonnc run`: answers of a network to pictures. */
export async function runCommand(parsed: RunArguments, context: Context): Promise<number> {
  const { pictures: paths, network: networkPath } = parsed;
  const threshold = parseThreshold(parsed.threshold);
  const pattern = parsed.output === undefined ? null : parseOutputPattern(parsed.output, paths);
  const jobs = parseJobs(parsed.jobs, paths.length);
  if ([networkPath, ...paths.flatMap(filesOf)].filter((path) => path === STREAM).length > 1) {
    throw new UsageError("standard input can be read only once");
  }
  if (context.json && parsed.output === STREAM) throw new UsageError("--json and --output - both use standard output");
  const found = await findNetwork(networkPath, parsed, context);
  const { name, need, answersImages } = traitsOf(found);
  checkThreshold(threshold, need.samples);
  if (pattern !== null && !answersImages) throw new UsageError("--output is for networks that answer pictures");
  const turns = shareOut(paths, jobs, answersImages);
  const choice = { threshold, ...formOf(pattern, context) };
  const workers = Math.min(jobs, turns.length);
  const answers =
    workers === 1
      ? await answerHere(found, paths, choice, context)
      : await answerInThreads(found, turns, choice, workers, context);
  const answered = answers.map((answer, index) => ({ path: paths[index] ?? "", ...answer }));
  const written = pattern === null ? [] : await writeAnswers(answered, pattern, context);
  for (const { path, text } of answered) if (text !== null) context.print(`${path}: ${text}`);
  context.printJson({ name, answers: answered.map(({ path, fields }) => ({ picture: path, ...fields })), written });
  return STATUS.done;
}

/** A picture on standard output is the whole answer in text form. */
function formOf(pattern: OutputPattern | null, context: Context): Pick<AnswerChoice, "telling" | "encoding"> {
  if (pattern === null) return { telling: context.json ? "json" : "text", encoding: null };
  const { format, perChannel } = pattern;
  const isStream = format === "stream";
  return {
    telling: context.json ? "json" : isStream ? "nothing" : "text",
    encoding: { format: isStream ? "png" : format, perChannel },
  };
}

async function answerHere(
  found: FoundNetwork,
  paths: readonly string[],
  choice: AnswerChoice,
  context: Context,
): Promise<readonly PictureAnswer[]> {
  return withProgress(context, paths.length, async (onAnswered) => {
    // Nothing to clean up: a signal ends an interpreter at once.
    if (found.kind === "model") return answerPictures(await openNetwork(found), paths, choice, context, onAnswered);
    return withOpened(
      async () => prepareNetwork(found),
      async ({ network }) => answerPictures(await openNetwork(network), paths, choice, context, onAnswered),
    );
  });
}

/** Beside this file when the package is built; in the sources, a file of that name starts the TypeScript one. */
const PICTURE_WORKER = new URL("../run/picture-worker.js", import.meta.url);

/** Every worker reads, runs and encodes the pictures of one turn after the other. */
async function answerInThreads(
  found: FoundNetwork,
  turns: readonly (readonly string[])[],
  choice: AnswerChoice,
  workers: number,
  context: Context,
): Promise<readonly PictureAnswer[]> {
  const tasks = await tasksOf(turns, context);
  const pictures = turns.flat().length;
  return withProgress(context, pictures, async (onAnswered) =>
    withOpened(
      async () => prepareNetwork(found),
      async ({ network }) =>
        withOpened(
          async () => {
            const data: PictureWorkerData = { network, choice };
            return openWorkerPool<PictureTask, PictureReply>(PICTURE_WORKER, workers, data);
          },
          async (pool) => {
            const replies = await pool.answerAll(tasks, (turn) => onAnswered(turns[turn]?.length ?? 0));
            return replies.flat();
          },
        ),
    ),
  );
}

async function tasksOf(turns: readonly (readonly string[])[], context: Context): Promise<readonly PictureTask[]> {
  const tasks: PictureTask[] = [];
  for (const paths of turns) {
    const reads = paths.flatMap(filesOf).includes(STREAM);
    tasks.push({ paths, stdin: reads ? await context.io.readStdin(MAXIMUM_PICTURE_BYTES) : null });
  }
  return tasks;
}

async function withProgress<T>(
  context: Context,
  pictures: number,
  action: (onAnswered: (count: number) => void) => Promise<T>,
): Promise<T> {
  const progress = await openProgress(context, "run");
  let answered = 0;
  try {
    return await action((count) => {
      answered += count;
      progress.update(answered / pictures);
    });
  } finally {
    progress.stop();
  }
}

/** Writes all images, or none; returns the paths. */
async function writeAnswers(
  answered: readonly { readonly path: string; readonly files: PictureAnswer["files"] }[],
  pattern: OutputPattern,
  context: Context,
): Promise<readonly string[]> {
  const files = answered.flatMap(({ path, files: contents }) =>
    contents.map((content, channel): OutputFile => ({ path: pattern.pathOf(path, channel), content })),
  );
  if (pattern.format === "stream") {
    for (const file of files) context.io.writeStdout(file.content);
    return [];
  }
  refuseCollisions(files);
  await holdingSignals(() => writeFiles(".", files));
  return files.map((file) => file.path);
}

function refuseCollisions(files: readonly OutputFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path)) throw new UsageError(`two pictures would both be written to ${path}`);
    seen.add(path);
  }
}
