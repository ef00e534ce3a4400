/** What a training came to, in words; also how its numbers are written while it runs. */
import type { Look } from "../../trainer/progress.js";
import { plainText } from "../plain-text.js";
import { layoutTable } from "../table.js";
import { sparkline } from "./sparkline.js";

export interface TrainingSummary {
  /** Of the model. */
  readonly name: string;
  /** Where it was trained, in one line. */
  readonly device: string;
  /** Spent on training. */
  readonly seconds: number;
  /** All looks, from step 0 on. */
  readonly looks: readonly Look[];
  readonly metric: "DICE" | "accuracy";
  readonly test: TestScores | null;
  /** Paths of what was written. */
  readonly files: readonly string[];
}

/** The metric on the test set, 0 … 1. */
export interface TestScores {
  /** Network of real numbers, before the first layer was hardened. */
  readonly soft: number;
  /** The trained network. */
  readonly float: number;
  /** The same network, its neurons cut to bits by the trainer. */
  readonly bits: number;
  /** What the compiler made of it. */
  readonly compiled: number;
}

/** Looks that follow each other in one phase. */
export interface Run {
  readonly name: string;
  /** Step at which the phase began: that of the last look before it. */
  readonly start: number;
  readonly last: Look;
}

/** Between the scores of the float network and the compiled one: no more goes without a word. */
const LARGE_DIFFERENCE = 0.005;
const SPARKLINE_WIDTH = 40;

/** Lines without colours or control characters. */
export async function summaryLines(summary: TrainingSummary): Promise<readonly string[]> {
  const { looks, metric, test } = summary;
  const steps = looks.at(-1)?.step ?? 0;
  const sections = [
    [`${summary.name}: ${counted(steps, "step")} in ${durationText(summary.seconds)}`, `device: ${summary.device}`],
    looks.length === 0 ? [] : [await phaseTable(looks, metric)],
    courses(looks, metric),
    test === null ? [] : [await testTable(test, metric), ...differenceLines(test)],
    summary.files.length === 0 ? [] : ["files written:", ...summary.files.map((file) => `  ${file}`)],
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : ["", ...section]))
    .flatMap((text) => text.split("\n"))
    .map(plainText);
}

async function phaseTable(looks: readonly Look[], metric: string): Promise<string> {
  const rows = runsOf(looks).map(({ name, start, last }) => [
    plainText(name),
    String(last.step - start),
    lossText(last.loss),
    scoreText(last.float),
    scoreText(last.bits),
    percentText(last.activated),
  ]);
  const head = ["phase", "steps", "validation loss", `${metric} float`, `${metric} bits`, "activated"];
  return layoutTable(head, rows, [1, 2, 3, 4, 5]);
}

function courses(looks: readonly Look[], metric: string): string[] {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const label = `${metric} cut to bits`;
  const line = (name: string, value: (look: Look) => number, text: (value: number) => string): string => {
    const drawn = sparkline(looks.map(value), SPARKLINE_WIDTH);
    return `${name.padEnd(label.length)}  ${drawn}  ${text(value(first))} to ${text(value(last))}`;
  };
  return [line("validation loss", (look) => look.loss, lossText), line(label, (look) => look.bits, scoreText)];
}

async function testTable({ soft, float, bits, compiled }: TestScores, metric: string): Promise<string> {
  const rows = [
    ["before hardening", scoreText(soft)],
    ["trained network", scoreText(float)],
    ["cut to bits", scoreText(bits)],
    ["compiled", scoreText(compiled)],
  ];
  return layoutTable([`test ${metric}`, ""], rows, [1]);
}

function differenceLines({ float, compiled }: TestScores): string[] {
  const difference = Math.abs(float - compiled);
  // The slack is for the rounding of the difference.
  if (difference <= LARGE_DIFFERENCE + 1e-9) return [];
  const side = compiled < float ? "below" : "above";
  return [`The compiled network scores ${scoreText(difference)} ${side} the float network: they answer differently.`];
}

/** In the order of the looks; a phase that comes back is another one. */
export function runsOf(looks: readonly Look[]): readonly Run[] {
  const runs: Run[] = [];
  for (const look of looks) {
    const run = runs.at(-1);
    if (run?.name === look.phase) runs[runs.length - 1] = { ...run, last: look };
    else runs.push({ name: look.phase, start: run?.last.step ?? 0, last: look });
  }
  return runs;
}

/** `1:05` or `2:00:03`; days where there are several. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  const whole = Math.round(seconds);
  if (whole >= 100 * 3600) return `${Math.round(whole / 86_400)} days`;
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}

/** Three significant digits. */
export function lossText(loss: number): string {
  return Number.isFinite(loss) ? loss.toPrecision(3).replace("e+", "e") : "–";
}

export function scoreText(score: number): string {
  return Number.isFinite(score) ? score.toFixed(4) : "–";
}

/** Rounded down: 100% are all. */
export function percentText(share: number): string {
  return Number.isFinite(share) ? `${Math.floor(100 * share + 1e-9)}%` : "–";
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
