/** Growth as a picture: four panels with logarithmic axes, on white wherever it is shown. */
import { type Axis, numberText, spread } from "../../src/cli/drawing/axis.js";
import {
  BLUE,
  GRAY,
  GREEN,
  INK,
  openSvg,
  rectangle,
  round,
  SHADE,
  stroke,
  textAt,
  VERMILION,
} from "../../src/cli/drawing/svg.js";

export interface PlotLine {
  readonly label: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
}

export interface Panel {
  readonly title: string;
  /** What the vertical axis counts. */
  readonly unit: string;
  readonly axis: string;
  readonly lines: readonly PlotLine[];
  /** A value that should not be exceeded. */
  readonly goal: { readonly value: number; readonly label: string } | null;
}

/** Pixels. */
const WIDTH = 980;
const PANEL_WIDTH = 330;
const PANEL_HEIGHT = 220;
const LEFT = 66;
const GAP = 150;
const TOP = 94;
const ROW = 320;

const COLOURS: readonly string[] = [BLUE, GREEN, VERMILION, GRAY];

/** A decade above and below the middle at least, so that what hardly changes looks level. */
function valueAxis(values: readonly number[]): Axis {
  const known = values.filter((value) => value > 0).map(Math.log10);
  const [low, high] = known.length === 0 ? [-1, 1] : [Math.min(...known), Math.max(...known)];
  const middle = (low + high) / 2;
  const from = Math.min(low - 0.15, middle - 1);
  const to = Math.max(high + 0.15, middle + 1);
  const decades = Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, index) => Math.ceil(from) + index);
  return {
    place: (value) => (Math.log10(value) - from) / (to - from),
    ticks: decades.map((exponent) => ({ value: 10 ** exponent, text: numberText(Number(`1e${exponent}`)) })),
  };
}

/** Ticks are the sizes that were measured, which grow by about equal factors. */
function sizeAxis(sizes: readonly number[]): Axis {
  const logs = sizes.map(Math.log2);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const span = Math.max(high - low, 1);
  return {
    place: (value) => 0.04 + (0.92 * (Math.log2(value) - low)) / span,
    ticks: sizes.map((value) => ({ value, text: String(value) })),
  };
}

/** @param labels all contenders: each has one colour in every panel */
export function growthSvg(heading: string, panels: readonly Panel[], labels: readonly string[]): string {
  const height = TOP + ROW * Math.ceil(panels.length / 2) - 30;
  const elements = [
    ...openSvg(WIDTH, height, heading),
    textAt(LEFT, 30, heading, 'font-size="16" font-weight="600"'),
    ...panels.flatMap((panel, index) =>
      drawPanel(panel, labels, LEFT + (index % 2) * (PANEL_WIDTH + GAP), TOP + Math.floor(index / 2) * ROW),
    ),
    "</svg>",
  ];
  return `${elements.join("\n")}\n`;
}

function drawPanel(panel: Panel, labels: readonly string[], left: number, top: number): string[] {
  const { lines, goal } = panel;
  const right = left + PANEL_WIDTH;
  const bottom = top + PANEL_HEIGHT;
  const points = lines.flatMap((line) => line.points);
  const sizes = [...new Set(points.map(({ size }) => size))].toSorted((a, b) => a - b);
  if (sizes.length === 0) return [textAt(left, top, `${panel.title}: nothing was measured`, "")];
  const values = valueAxis([...points.map(({ value }) => value), ...(goal === null ? [] : [goal.value])]);
  const across = sizeAxis(sizes);
  const xOf = (size: number): number => left + across.place(size) * PANEL_WIDTH;
  const yOf = (value: number): number => bottom - values.place(value) * PANEL_HEIGHT;
  const colourOf = (label: string): string => COLOURS[labels.indexOf(label) % COLOURS.length] ?? INK;
  return [
    `<g class="panel">`,
    rectangle(left, top, right, bottom, SHADE),
    textAt(left, top - 28, panel.title, 'font-weight="600"'),
    textAt(left, top - 11, panel.unit, `fill="${GRAY}"`),
    ...values.ticks.flatMap(({ value, text }) => [
      stroke(left, yOf(value), right, yOf(value), "#d0d3d9"),
      textAt(left - 7, yOf(value) + 4, text, 'text-anchor="end"'),
    ]),
    ...across.ticks.flatMap(({ value, text }) => [
      stroke(xOf(value), bottom, xOf(value), bottom + 5, INK),
      textAt(xOf(value), bottom + 19, text, 'text-anchor="middle"'),
    ]),
    stroke(left, bottom, right, bottom, INK),
    textAt((left + right) / 2, bottom + 37, panel.axis, 'text-anchor="middle"'),
    ...lines.flatMap((line) => drawLine(line, colourOf(line.label), xOf, yOf)),
    ...(goal === null ? [] : drawGoal(goal, left, right, yOf(goal.value))),
    ...drawLabels(panel, right, top, bottom, colourOf, xOf, yOf),
    "</g>",
  ];
}

function drawGoal({ label }: NonNullable<Panel["goal"]>, left: number, right: number, y: number): string[] {
  return [
    `<path fill="none" stroke="${INK}" stroke-dasharray="5 4" d="M${round(left)} ${round(y)}L${round(right)} ${round(y)}"/>`,
    // Lines may pass behind it.
    textAt(left + 6, y - 5, label, `font-size="11" paint-order="stroke" stroke="${SHADE}" stroke-width="4"`),
  ];
}

function drawLine(
  { points }: PlotLine,
  colour: string,
  xOf: (size: number) => number,
  yOf: (value: number) => number,
): string[] {
  const places = points.map(({ size, value }) => `${round(xOf(size))},${round(yOf(value))}`);
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" points="${places.join(" ")}"/>`,
    ...points.map(
      ({ size, value }) => `<circle cx="${round(xOf(size))}" cy="${round(yOf(value))}" r="3" fill="${colour}"/>`,
    ),
  ];
}

/** Name and last value of each line, beside its end: the legend. */
function drawLabels(
  { lines }: Panel,
  right: number,
  top: number,
  bottom: number,
  colourOf: (label: string) => string,
  xOf: (size: number) => number,
  yOf: (value: number) => number,
): string[] {
  const ends = lines
    .flatMap(({ label, points }) => {
      const end = points.at(-1);
      return end === undefined ? [] : [{ label, value: end.value, x: xOf(end.size), y: yOf(end.value) }];
    })
    .toSorted((a, b) => a.y - b.y);
  const heights = spread(
    ends.map(({ y }) => y),
    { least: top + 4, greatest: bottom - 4 },
  );
  return ends.flatMap(({ label, value, x, y }, index) => {
    const height = heights[index] ?? y;
    return [
      `<path fill="none" stroke="${colourOf(label)}" stroke-opacity="0.6" d="M${round(x)} ${round(y)}L${round(right + 8)} ${round(height)}"/>`,
      textAt(
        right + 11,
        height + 4,
        `${label} ${Number(value.toPrecision(3))}`,
        `fill="${colourOf(label)}" font-weight="600"`,
      ),
    ];
  });
}
