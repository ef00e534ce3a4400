/** The course of a training as a picture: an SVG file that needs nothing else, on white wherever it is shown. */
import type { Look } from "../../trainer/progress.js";
import { type Axis, linearAxis, logarithmicAxis, numberText, rangeOf, roundStep, spread } from "../drawing/axis.js";
import {
  BLUE,
  clip,
  escapeXml,
  GRAY,
  GREEN,
  INK,
  openSvg,
  PAPER,
  rectangle,
  round,
  SHADE,
  stroke,
  textAt,
  VERMILION,
} from "../drawing/svg.js";
import { percentText, type Run, runsOf } from "./summary.js";

/** Pixels. */
const WIDTH = 880;
const HEIGHT = 640;
const LEFT = 76;
const RIGHT = 706;
/** Bottom line of the nearest row of phase names; further ones are above it. */
const NAMES = 76;
const NAME_ROWS = 3;
const ROW_HEIGHT = 13;
/** Of a character of the phase names, on average. */
const CHARACTER = 6.4;

/** Most points of a line; more cannot be told apart. */
const MOST_POINTS = 1000;
const LONGEST_NAME = 40;

interface Line {
  /** Class of its elements. */
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  /** Pixels. */
  readonly width: number;
  readonly value: (look: Look) => number;
  readonly text: (value: number) => string;
}

interface Panel {
  readonly name: string;
  /** Pixels. */
  readonly top: number;
  readonly bottom: number;
  readonly axis: (values: readonly number[]) => Axis;
  /** Later ones are drawn over earlier ones. */
  readonly lines: readonly Line[];
}

const short = (value: number): string => numberText(Number(value.toPrecision(3)));
const precise = (value: number): string => value.toFixed(3);

const LOSS: Panel = {
  name: "loss",
  top: 84,
  bottom: 316,
  axis: logarithmicAxis,
  lines: [
    {
      name: "training-loss",
      label: "training",
      colour: GREEN,
      width: 1.5,
      value: (look) => look.trainingLoss,
      text: short,
    },
    { name: "validation-loss", label: "validation", colour: BLUE, width: 2, value: (look) => look.loss, text: short },
  ],
};

const METRIC: Panel = {
  name: "metric",
  top: 344,
  bottom: 576,
  axis: shareAxis,
  lines: [
    {
      name: "activated",
      label: "activated",
      colour: GRAY,
      width: 1,
      value: (look) => look.activated,
      text: percentText,
    },
    { name: "float", label: "float network", colour: BLUE, width: 2, value: (look) => look.float, text: precise },
    { name: "bits", label: "cut to bits", colour: VERMILION, width: 2, value: (look) => look.bits, text: precise },
  ],
};

/**
 * Losses (logarithmic), and below them the metric of the float network and of the network cut to bits with the share of
 * activated neurons, over the steps. Values that are not finite leave gaps; a loss of 0 or less lies on the lower edge.
 */
export function curvesSvg(title: string, looks: readonly Look[], metric: "DICE" | "accuracy"): string {
  const known = looks.filter((look) => Number.isFinite(look.step) && look.step >= 0);
  const steps = stepAxis(rangeOf(known.map((look) => look.step))?.greatest ?? 1);
  const heading = `Training of ${title}`;
  const elements = [
    ...openSvg(WIDTH, HEIGHT, heading),
    textAt(LEFT, 28, clip(heading, 90), 'font-size="16" font-weight="600"'),
    ...drawBands(runsOf(known), steps),
    ...drawPanel(LOSS, "loss (logarithmic)", known, steps),
    ...drawPanel(METRIC, `${metric} on the validation set`, known, steps),
    ...drawStepLabels(steps),
    "</svg>",
  ];
  return `${elements.join("\n")}\n`;
}

function drawBands(runs: readonly Run[], steps: Axis): string[] {
  const rows = nameRows(runs, steps);
  return runs.flatMap((run, index) => {
    const left = xOf(steps, run.start);
    const right = xOf(steps, run.last.step);
    const row = rows[index] ?? NAME_ROWS;
    const height = NAMES - row * ROW_HEIGHT;
    // Narrow phases in a crowd keep but the title.
    const isNamed = row < NAME_ROWS;
    return [
      `<g class="phase"><title>${escapeXml(run.name)}</title>`,
      ...[LOSS, METRIC].map(({ top, bottom }) => rectangle(left, top, right, bottom, index % 2 === 0 ? SHADE : PAPER)),
      stroke(left, isNamed ? height - 10 : LOSS.top, left, METRIC.bottom, "#b8bcc4"),
      ...(isNamed ? [textAt(left + 4, height, clipName(run.name, left), `font-size="11" fill="${GRAY}"`)] : []),
      "</g>",
    ];
  });
}

/** Rows of the names, 0 nearest to the panel: each above those whose lines would cross it. */
function nameRows(runs: readonly Run[], steps: Axis): readonly number[] {
  const placed: { readonly left: number; readonly row: number }[] = [];
  for (const { name, start } of runs.toReversed()) {
    const left = xOf(steps, start);
    const right = left + 8 + [...clipName(name, left)].length * CHARACTER;
    const crossing = placed.filter((other) => other.row < NAME_ROWS && other.left < right);
    placed.push({ left, row: crossing.reduce((row, other) => Math.max(row, other.row + 1), 0) });
  }
  return placed.toReversed().map(({ row }) => row);
}

function clipName(name: string, left: number): string {
  return clip(name, Math.min(LONGEST_NAME, Math.floor((WIDTH - left - 8) / CHARACTER)));
}

function drawPanel(panel: Panel, label: string, looks: readonly Look[], steps: Axis): string[] {
  const { top, bottom } = panel;
  const thinned = thinOut(looks);
  const axis = panel.axis(panel.lines.flatMap((line) => looks.map(line.value)));
  const yOf = (value: number): number => bottom - axis.place(value) * (bottom - top);
  const middle = (top + bottom) / 2;
  const points = panel.lines.map((line) =>
    thinned.map((look): Point | null => {
      const value = line.value(look);
      return Number.isFinite(value) ? { x: xOf(steps, look.step), y: yOf(value), value } : null;
    }),
  );
  const isEmpty = points.every((each) => each.every((point) => point === null));
  return [
    `<g class="${panel.name}">`,
    ...axis.ticks.flatMap(({ value, text }) => [
      stroke(LEFT, yOf(value), RIGHT, yOf(value), "#d9dce1"),
      textAt(LEFT - 8, yOf(value) + 4, text, 'text-anchor="end"'),
    ]),
    ...steps.ticks.map(({ value }) => stroke(xOf(steps, value), bottom, xOf(steps, value), bottom + 5, INK)),
    stroke(LEFT, top, LEFT, bottom, INK),
    stroke(LEFT, bottom, RIGHT, bottom, INK),
    textAt(18, middle, label, `text-anchor="middle" transform="rotate(-90 18 ${middle})"`),
    ...panel.lines.flatMap((line, index) => drawLine(line, points[index] ?? [])),
    ...drawLineLabels(panel, points),
    ...(isEmpty
      ? [textAt((LEFT + RIGHT) / 2, middle, "nothing was measured", `text-anchor="middle" fill="${GRAY}"`)]
      : []),
    "</g>",
  ];
}

interface Point {
  /** Pixels. */
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** One polyline for each stretch without gaps; a dot where it has a single point. */
function drawLine({ name, colour, width }: Line, points: readonly (Point | null)[]): string[] {
  const stretches: Point[][] = [[]];
  for (const point of points) {
    if (point === null) stretches.push([]);
    else stretches.at(-1)?.push(point);
  }
  return stretches.flatMap((stretch) => {
    const [first] = stretch;
    if (first === undefined) return [];
    if (stretch.length === 1) {
      return [`<circle class="${name}" cx="${round(first.x)}" cy="${round(first.y)}" r="3" fill="${colour}"/>`];
    }
    const coordinates = stretch.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
    return [
      `<polyline class="${name}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" points="${coordinates}"/>`,
    ];
  });
}

/** Name and last value of each line, beside its end. */
function drawLineLabels(panel: Panel, points: readonly (readonly (Point | null)[])[]): string[] {
  const ends = panel.lines.flatMap((line, index) => {
    const end = points[index]?.findLast((point) => point !== null) ?? null;
    return end === null ? [] : [{ line, end }];
  });
  ends.sort((a, b) => a.end.y - b.end.y);
  const heights = spread(
    ends.map(({ end }) => end.y),
    { least: panel.top + 4, greatest: panel.bottom - 4 },
  );
  return ends.flatMap(({ line, end }, index) => {
    const y = heights[index] ?? end.y;
    return [
      `<path fill="none" stroke="${line.colour}" stroke-opacity="0.6" d="M${round(end.x)} ${round(end.y)}L${RIGHT + 16} ${round(y)}"/>`,
      textAt(RIGHT + 20, y + 4, `${line.label} ${line.text(end.value)}`, `fill="${line.colour}" font-weight="600"`),
    ];
  });
}

function drawStepLabels(steps: Axis): string[] {
  return [
    ...steps.ticks.map(({ value, text }) =>
      textAt(xOf(steps, value), METRIC.bottom + 19, text, 'text-anchor="middle"'),
    ),
    textAt((LEFT + RIGHT) / 2, METRIC.bottom + 40, "training steps", 'text-anchor="middle"'),
  ];
}

/** From 0; ticks at whole steps. */
function stepAxis(greatest: number): Axis {
  const end = Math.max(greatest, 1);
  return linearAxis({ least: 0, greatest: end }, Math.max(roundStep(end / 7), 1));
}

/** From tick to tick around the values, which lie in 0 … 1. */
function shareAxis(values: readonly number[]): Axis {
  const { least, greatest } = rangeOf(values) ?? { least: 0, greatest: 1 };
  const margin = least === greatest ? 0.05 : 0;
  // Finer ticks than thousandths would show noise.
  const step = Math.max(roundStep((greatest - least + 2 * margin) / 5), 0.001);
  const low = Math.floor((least - margin) / step + 1e-9) * step;
  const high = Math.ceil((greatest + margin) / step - 1e-9) * step;
  return linearAxis(
    { least: least < 0 ? low : Math.max(low, 0), greatest: greatest > 1 ? high : Math.min(high, 1) },
    step,
  );
}

/** Evenly, with the first and the last. */
function thinOut(looks: readonly Look[]): readonly Look[] {
  if (looks.length <= MOST_POINTS) return looks;
  const kept = Array.from({ length: MOST_POINTS }, (_, index) =>
    Math.round((index * (looks.length - 1)) / (MOST_POINTS - 1)),
  );
  return kept.flatMap((index) => looks[index] ?? []);
}

function xOf(steps: Axis, step: number): number {
  return LEFT + steps.place(step) * (RIGHT - LEFT);
}
