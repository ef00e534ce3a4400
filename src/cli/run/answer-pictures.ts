/** From the files that the user names to what is printed and written of their answers: all the work of one thread. */
import type { Outcome, Picture } from "../../morph/picture.js";
import { UsageError } from "../context.js";
import type { InputContext } from "../files.js";
import type { Network } from "../network.js";
import { describeOutcome, outcomeFields } from "../outcome-text.js";
import { encodeBitPng, encodePbm, joinSideBySide } from "../pictures/encode.js";
import { readPicture } from "../read-picture.js";

/** What is wanted of every picture; plain data, so that it can be sent to another thread. */
export interface AnswerChoice {
  readonly threshold: number | null;
  /** How answers are told. */
  readonly telling: "text" | "json" | "nothing";
  /** How images are encoded, one file per channel or one of all channels side by side; null for no files. */
  readonly encoding: { readonly format: "png" | "pbm"; readonly perChannel: boolean } | null;
}

export interface PictureAnswer {
  /** One line; null unless text is told. */
  readonly text: string | null;
  /** Fields in JSON; null unless JSON is told. */
  readonly fields: object | null;
  /** Encoded images, in the order of the channels. */
  readonly files: readonly Uint8Array<ArrayBuffer>[];
}

/** Samples of pictures that are held at a time, but for the last picture. */
const BATCH_SAMPLES = 2 ** 24;

/**
 * Reads, runs and encodes in batches, so that neither many small pictures nor a few large ones are a burden. If several
 * pictures fail, the error is that of the first of them, so it does not depend on how pictures are shared out.
 * @param onAnswered takes the number of pictures answered since it was last called
 * @throws UsageError, DiagnosticError whatever reading, running and encoding find
 */
export async function answerPictures(
  network: Network,
  paths: readonly string[],
  choice: AnswerChoice,
  context: InputContext,
  onAnswered: (count: number) => void = () => undefined,
): Promise<PictureAnswer[]> {
  const answers: PictureAnswer[] = [];
  let batch: Picture[] = [];
  let samples = 0;
  const flush = async (): Promise<void> => {
    for (const outcome of await network.run(batch)) {
      answers.push({
        text: choice.telling === "text" ? describeOutcome(outcome, network.scoring) : null,
        fields: choice.telling === "json" ? outcomeFields(outcome, network.scoring) : null,
        files: choice.encoding === null ? [] : await encodeImages(outcome, choice.encoding),
      });
    }
    onAnswered(batch.length);
    batch = [];
    samples = 0;
  };
  for (const path of paths) {
    const picture = await readOrFlush(() => readPicture(path, network.need, choice.threshold, context), flush);
    batch.push(picture);
    samples += picture.height * picture.width * picture.channels.length;
    if (samples >= BATCH_SAMPLES) await flush();
  }
  await flush();
  return answers;
}

/** A picture that cannot be read fails after those before it were run: one of them may fail first. */
async function readOrFlush(read: () => Promise<Picture>, flush: () => Promise<void>): Promise<Picture> {
  try {
    return await read();
  } catch (error) {
    await flush();
    throw error;
  }
}

async function encodeImages(
  outcome: Outcome,
  { format, perChannel }: NonNullable<AnswerChoice["encoding"]>,
): Promise<Uint8Array<ArrayBuffer>[]> {
  if (outcome.kind !== "images") throw new UsageError("--output is for networks that answer pictures");
  const images = perChannel ? outcome.images : [joinSideBySide(outcome.images)];
  const files: Uint8Array<ArrayBuffer>[] = [];
  for (const image of images) {
    const content = format === "pbm" ? encodePbm(image) : await encodeBitPng(image);
    // In memory of its own: small buffers of Node share one.
    files.push(Uint8Array.from(content));
  }
  return files;
}
