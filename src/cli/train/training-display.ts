/** The course of a training on standard error: two lines that change on a terminal, a line now and then elsewhere. */
import { Writable } from "node:stream";
import type { Look } from "../../trainer/progress.js";
import type { Context } from "../context.js";
import { plainText } from "../plain-text.js";
import { durationText, lossText, percentText } from "./summary.js";

export interface TrainingDisplay {
  /** After each step: the loss, the share of the schedule that is done, 0 … 1, and the phase. */
  readonly step: (loss: number, share: number, phase: string) => void;
  readonly look: (look: Look) => void;
  /** Says something above the lines that change. */
  readonly message: (text: string) => void;
  /** Removes what changes. To be called also when the training fails. */
  readonly stop: () => void;
}

export interface TrainingDisplayOptions {
  /** Of the whole schedule. */
  readonly totalSteps: number;
  readonly metric: "DICE" | "accuracy";
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

const COLUMNS = 79;
const REDRAWS_PER_SECOND = 10;
const LEAST_BAR = 5;
const GREATEST_BAR = 40;
const LONGEST_PHASE = 20;
/** Milliseconds between two lines where standard error is no terminal. */
const LINE_INTERVAL = 10_000;
/** Milliseconds over which the speed is averaged. */
const SPEED_MEMORY = 30_000;

const SILENT: TrainingDisplay = {
  step: () => undefined,
  look: () => undefined,
  message: () => undefined,
  stop: () => undefined,
};

/** Nothing at all when the user asked for quiet. */
export async function openTrainingDisplay(context: Context, options: TrainingDisplayOptions): Promise<TrainingDisplay> {
  if (context.quiet) return SILENT;
  return context.io.stderrIsTerminal ? openLive(context, options) : openPlain(context, options);
}

/** What is known after the last step. */
interface Standing {
  readonly loss: number;
  readonly share: number;
  readonly phase: string;
  readonly look: Look | null;
  /** Milliseconds; null until it can be told. */
  readonly left: number | null;
}

const BEGINNING: Standing = { loss: Number.NaN, share: 0, phase: "", look: null, left: null };

async function openLive(context: Context, options: TrainingDisplayOptions): Promise<TrainingDisplay> {
  const { default: cliProgress } = await import("cli-progress");
  let standing = BEGINNING;
  const speed = new Speed(options);
  const lines = new cliProgress.MultiBar({
    stream: terminalStream(context),
    fps: REDRAWS_PER_SECOND,
    clearOnComplete: true,
    // Messages overwrite the lines, which may not have changed since.
    forceRedraw: true,
    // Leaves the terminal's settings alone: nothing to restore when the process dies. Lines are cut at its edge.
    hideCursor: false,
    linewrap: true,
  });
  lines.create(
    1,
    0,
    {},
    { format: (_, { maxWidth }) => progressLine(standing, options.totalSteps, Math.min(COLUMNS, maxWidth - 1)) },
  );
  lines.create(1, 0, {}, { format: () => scoresLine(standing, options.metric) });
  let stopped = false;
  return {
    step: (loss, share, phase) => {
      standing = { ...standing, loss, share, phase, left: speed.step(share) };
    },
    look: (look) => {
      standing = { ...standing, look };
    },
    message: (text) => {
      if (stopped) context.log(text);
      else for (const line of text.split("\n")) lines.log(`${line}${CLEAR_RIGHT}\n`);
    },
    stop: () => {
      if (stopped) return;
      stopped = true;
      // Says what is still to be said.
      lines.update();
      lines.stop();
    },
  };
}

const CLEAR_RIGHT = "\u001b[K";

/** What cli-progress writes, on the way of everything else. */
function terminalStream({ io }: Context): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => {
      io.writeStderr(String(text));
      done();
    },
  });
  return Object.defineProperties(stream, {
    isTTY: { value: true },
    columns: { get: () => process.stderr.columns ?? COLUMNS + 1 },
  });
}

/** The bar takes the columns that are left over. */
function progressLine({ share, phase, left }: Standing, totalSteps: number, columns: number): string {
  const percentage = `${Math.floor(100 * share)}%`.padStart(4);
  const name = plainText(phase).slice(0, LONGEST_PHASE);
  const texts = [percentage, name, stepText(share, totalSteps), leftText(left)].filter((text) => text !== "");
  const text = texts.join("  ");
  const room = columns - text.length - "[] ".length;
  const width = Math.min(Math.max(room, LEAST_BAR), GREATEST_BAR);
  const done = Math.floor(width * Math.min(Math.max(share, 0), 1));
  return `[${"=".repeat(done)}${"-".repeat(width - done)}] ${text}`;
}

function scoresLine({ loss, look }: Standing, metric: string): string {
  const texts = [`loss ${lossText(loss)}`];
  if (look !== null) {
    texts.push(`${metric} ${shortScore(look.float)} float, ${shortScore(look.bits)} cut to bits`);
    texts.push(`activated ${percentText(look.activated)}`);
  }
  return texts.join("  ");
}

/** Place in the schedule: a phase that ends early is passed over. */
function stepText(share: number, totalSteps: number): string {
  return `step ${Math.round(share * totalSteps)} of ${totalSteps}`;
}

function leftText(left: number | null): string {
  return left === null ? "" : `${durationText(left / 1000)} left`;
}

function shortScore(score: number): string {
  return Number.isFinite(score) ? score.toFixed(3) : "–";
}

function openPlain(context: Context, options: TrainingDisplayOptions): TrainingDisplay {
  const { totalSteps, metric, now = monotoneTime } = options;
  let standing = BEGINNING;
  let written = Number.NEGATIVE_INFINITY;
  /** The last look, if it was not told. */
  let pending: string | null = null;
  const speed = new Speed(options);
  return {
    step: (loss, share, phase) => {
      standing = { ...standing, loss, share, phase, left: speed.step(share) };
    },
    look: (look) => {
      const line = lookLine(look, standing, metric, totalSteps);
      const time = now();
      const isDue = time - written >= LINE_INTERVAL;
      pending = isDue ? null : line;
      if (!isDue) return;
      written = time;
      context.log(line);
    },
    message: (text) => context.log(text),
    stop: () => {
      if (pending !== null) context.log(pending);
      pending = null;
    },
  };
}

/** One line of at most {@link COLUMNS} characters, unless the numbers alone are longer. */
function lookLine(look: Look, { left }: Standing, metric: string, totalSteps: number): string {
  const before = `step ${look.step} of ${totalSteps}`;
  const after = [
    `loss ${lossText(look.loss)}`,
    `${metric} ${shortScore(look.float)}`,
    `bits ${shortScore(look.bits)}`,
    `act. ${percentText(look.activated)}`,
    leftText(left),
  ].filter((text) => text !== "");
  const room = COLUMNS - [before, "", ...after].join(", ").length;
  const phase = plainText(look.phase).slice(0, Math.max(room, 4));
  return [before, phase, ...after].join(", ");
}

function monotoneTime(): number {
  return performance.now();
}

/** How long the steps take, the latest counting most. */
class Speed {
  readonly #totalSteps: number;
  readonly #now: () => number;
  #last: number | null = null;
  /** Weighted sums. */
  #time = 0;
  #steps = 0;

  constructor({ totalSteps, now = monotoneTime }: TrainingDisplayOptions) {
    this.#totalSteps = totalSteps;
    this.#now = now;
  }

  /** One step was made, whatever the share has gained: milliseconds to the end, or null after the first step. */
  step(share: number): number | null {
    const time = this.#now();
    // The first step also prepares what the others use.
    if (this.#last !== null) {
      const passed = time - this.#last;
      const memory = Math.exp(-passed / SPEED_MEMORY);
      this.#time = this.#time * memory + passed;
      this.#steps = this.#steps * memory + 1;
    }
    this.#last = time;
    if (this.#steps === 0) return null;
    return ((1 - share) * this.#totalSteps * this.#time) / this.#steps;
  }
}
