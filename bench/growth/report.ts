/** Growth as tables in Markdown. */
import { MEMCPY } from "../../src/run/timing/c-contenders.js";
import { type Machine, machineText } from "../../src/run/timing/machine.js";
import { nanoseconds, table } from "../report.js";
import { C_COMPILE_GOAL, type CCompileTime, COMPILE_GOAL, type CompileTime, type Duration } from "./measure-compile.js";
import { labelsOf, type Series } from "./measure-run.js";
import type { Panel } from "./plot.js";

export interface Growth {
  readonly machine: Machine;
  readonly seconds: number;
  /** Of the C compiler's flags and of plots. */
  readonly cTarget: string;
  readonly series: readonly Series[];
  readonly compileTimes: readonly CompileTime[];
  readonly cCompileTimes: readonly CCompileTime[];
}

export const HEADING = "How cost grows with pictures and networks";

export function panelsOf({ series, compileTimes, cTarget }: Growth): readonly Panel[] {
  const plotted = plottedLabels(cTarget);
  const ofSeries = series.map(
    ({ title, axis, unit, points }): Panel => ({
      title,
      unit: unitText(unit),
      axis,
      goal: null,
      lines: plotted.map((label) => ({
        label,
        points: points.flatMap(({ size, cost }) => {
          const value = cost.get(label);
          return value === undefined ? [] : [{ size, value }];
        }),
      })),
    }),
  );
  const { layers, channels, seconds } = COMPILE_GOAL;
  const compiling: Panel = {
    title: "Compiling, by layers × channels",
    unit: "seconds of bimonnc compile",
    axis: "layers × channels",
    goal: { value: seconds, label: `goal for ${layers} × ${channels}: ${seconds} s` },
    lines: plotted.map((label) => ({
      label,
      points: compileTimes
        .filter(({ target }) => target === label)
        .map((time) => ({ size: time.layers * time.channels, value: time.seconds })),
    })),
  };
  return [...ofSeries, compiling];
}

/** One colour each. */
export function plottedLabels(cTarget: string): readonly string[] {
  return [cTarget, "wasm", "js"];
}

function unitText(unit: string | null): string {
  return unit === null ? "nanoseconds per pixel" : `nanoseconds per pixel and ${unit}`;
}

export function printGrowth(growth: Growth): string {
  const { machine, seconds, cTarget, series, compileTimes, cCompileTimes } = growth;
  const lines = [
    `# ${HEADING}`,
    "",
    "Written by `npm run bench:growth -- --write`.",
    "",
    "![Nanoseconds per pixel against the side of the picture, the channels and the layers; seconds of compiling](growth.svg)",
    "",
    `Machine: ${machineText(machine)}.`,
    "",
    `Medians of slices of about 4 ms in which all contenders take turns, for ${seconds} s a row, after all answers were compared;`,
    `one thread. \`${cTarget}\`: generated C, from packed rows to packed rows. \`wasm\`, \`js\`: the generated wrappers in Node, which`,
    "copy a picture in and the answer out. `in place`: the module's own function on its memory. `memcpy`: copying the packed",
    "picture. Networks are made from a seed: a neuron is an erosion or dilation by four random pixels of 3×3, a channel the union or",
    "intersection of two of them. Cost that grows in proportion to the work stays level here.",
    "",
    ...series.flatMap((each) => [
      `## ${each.title}`,
      "",
      `${capital(unitText(each.unit))}.`,
      "",
      ...seriesTable(each),
      "",
    ]),
    "## Compiling",
    "",
    "`bimonnc compile`, from the start of the process to its end, the faster of two runs; each channel joins neurons of all channels of the",
    "layer before. In brackets seconds of the processor, all threads together.",
    "",
    ...compileTable(compileTimes),
    "",
    ...compileVerdict(compileTimes),
    "",
    `\`${machine.compiler ?? "no C compiler"}\` with -O2 on the generated C for \`${cTarget}\`:`,
    "",
    ...table(
      ["", "C", "seconds", `goal: ${C_COMPILE_GOAL} s`],
      cCompileTimes.map(({ title, bytes, seconds: taken }) => [
        title,
        `${(bytes / 1e6).toFixed(2)} MB`,
        taken.toFixed(1),
        taken < C_COMPILE_GOAL ? "reached" : "missed",
      ]),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function seriesTable(series: Series): string[] {
  // Per channel or layer, copying the picture means nothing.
  const labels = labelsOf(series.points).filter((label) => label !== MEMCPY || series.unit === null);
  const rows = series.points.map(({ size, cost }) => [
    String(size),
    ...labels.map((label) => {
      const value = cost.get(label);
      return value === undefined ? "" : nanoseconds(value);
    }),
  ]);
  return table([series.axis, ...labels], rows);
}

function compileTable(times: readonly CompileTime[]): string[] {
  const targets = [...new Set(times.map(({ target }) => target))];
  const sizes = [...new Set(times.map(({ layers, channels }) => `${layers} × ${channels}`))];
  const rows = sizes.map((size) => [
    size,
    ...targets.map((target) => {
      const found = times.find((time) => time.target === target && `${time.layers} × ${time.channels}` === size);
      return found === undefined ? "" : durationText(found);
    }),
  ]);
  return table(["layers × channels", ...targets], rows);
}

function durationText({ seconds, processorSeconds }: Duration): string {
  return `${seconds.toFixed(2)} s${processorSeconds === null ? "" : ` (${processorSeconds.toFixed(2)})`}`;
}

function compileVerdict(times: readonly CompileTime[]): string[] {
  const { layers, channels, seconds } = COMPILE_GOAL;
  const own = times.filter((time) => time.layers === layers && time.channels === channels);
  if (own.length === 0) return [];
  const verdicts = own.map((time) => `${time.target} ${time.seconds < seconds ? "reached" : "missed"}`);
  return [`The goal for ${layers} layers of ${channels} channels is ${seconds} s: ${verdicts.join(", ")}.`];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
