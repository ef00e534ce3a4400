/** Pictures of trainings, read back by the marks on their axes. */
import { describe, expect, test } from "vitest";
import { curvesSvg } from "../../../src/cli/train/curves.js";
import type { Look } from "../../../src/trainer/progress.js";

function lookAt(step: number, phase: string, changes: Partial<Look> = {}): Look {
  return {
    step,
    phase,
    trainingLoss: 0.2,
    loss: 0.3,
    float: 0.8,
    bits: 0.7,
    activated: 0.25,
    learningRate: 0.01,
    ...changes,
  };
}

const COURSE: readonly Look[] = [
  lookAt(100, "warm-up", { trainingLoss: 0.9, loss: 1.1, float: 0.31, bits: 0.12, activated: 0 }),
  lookAt(250, "warm-up", { trainingLoss: 0.31, loss: 0.42, float: 0.55, bits: 0.4, activated: 0.125 }),
  lookAt(400, "core", { trainingLoss: 0.07, loss: 0.083, float: 0.87, bits: 0.66, activated: 0.5 }),
  lookAt(1000, "fine", { trainingLoss: 0.0011, loss: 0.0023, float: 0.97, bits: 0.96, activated: 1 }),
];

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Elements in document order, with the text directly after their opening tag; throws where they do not nest. */
function parseXml(xml: string): Element[] {
  const open: string[] = [];
  const found: Element[] = [];
  const tag = /<(\/?)([a-z]+)((?: [A-Za-z0-9-]+="[^"<&]*")*)(\/?)>([^<]*)/gy;
  let end = 0;
  for (const match of xml.matchAll(tag)) {
    const [whole, closing, name = "", attributes = "", empty, text = ""] = match;
    expect(text.replaceAll(/&(lt|gt|amp|quot);/g, "")).not.toContain("&");
    end = match.index + whole.length;
    if (closing === "/") {
      expect(open.pop()).toBe(name);
      continue;
    }
    const pairs = [...attributes.matchAll(/ ([A-Za-z0-9-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
      key,
      value,
    ]);
    const plain = text.replaceAll(/&(\w+);/g, (_, entity: string) => NAMED[entity] ?? "");
    found.push({ name, attributes: Object.fromEntries(pairs), text: plain.trim() });
    if (empty !== "/") open.push(name);
  }
  expect(end).toBe(xml.length);
  expect(open).toEqual([]);
  return found;
}

interface Mark {
  readonly value: number;
  /** Pixels. */
  readonly at: number;
}

/** Marks of an axis: heights of the losses, heights of the metric, positions of the steps. */
function marksOf(elements: readonly Element[]): { losses: Mark[]; scores: Mark[]; steps: Mark[] } {
  const numbers = elements.filter(({ name, text }) => name === "text" && text !== "" && Number.isFinite(Number(text)));
  const vertical = numbers.filter(({ attributes }) => attributes["text-anchor"] === "end");
  const marks = vertical.map(({ attributes, text }) => ({ value: Number(text), at: Number(attributes["y"]) - 4 }));
  const steps = numbers
    .filter(({ attributes }) => attributes["text-anchor"] === "middle")
    .map(({ attributes, text }) => ({ value: Number(text), at: Number(attributes["x"]) }));
  return {
    losses: marks.filter(({ at }) => at < 330),
    scores: marks.filter(({ at }) => at > 330),
    steps,
  };
}

/** Value at a pixel, by two marks. */
function readAxis(marks: readonly Mark[], pixel: number): number {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error("too few marks");
  return first.value + ((pixel - first.at) / (last.at - first.at)) * (last.value - first.value);
}

function inLogarithms(marks: readonly Mark[]): Mark[] {
  return marks.map(({ value, at }) => ({ value: Math.log10(value), at }));
}

/** Points of every polyline and dot of a line. */
function pointsOf(elements: readonly Element[], line: string): [x: number, y: number][][] {
  return elements
    .filter(({ attributes }) => attributes["class"] === line)
    .map(({ name, attributes }) => {
      if (name === "circle") return [[Number(attributes["cx"]), Number(attributes["cy"])]];
      return (attributes["points"] ?? "").split(" ").map((pair) => pair.split(",").map(Number) as [number, number]);
    });
}

describe("a course", () => {
  const svg = curvesSvg("opening", COURSE, "DICE");
  const elements = parseXml(svg);
  const marks = marksOf(elements);

  test.each<[string, (look: Look) => number]>([
    ["training-loss", (look) => look.trainingLoss],
    ["validation-loss", (look) => look.loss],
  ])("%s, by a logarithmic axis", (line, valueOf) => {
    const [points = [], ...others] = pointsOf(elements, line);
    expect(others).toEqual([]);
    expect(points).toHaveLength(COURSE.length);
    for (const [index, look] of COURSE.entries()) {
      const [x = NaN, y = NaN] = points[index] ?? [];
      expect(readAxis(marks.steps, x)).toBeCloseTo(look.step, 1);
      expect(readAxis(inLogarithms(marks.losses), y)).toBeCloseTo(Math.log10(valueOf(look)), 3);
    }
  });

  test.each<[string, (look: Look) => number]>([
    ["float", (look) => look.float],
    ["bits", (look) => look.bits],
    ["activated", (look) => look.activated],
  ])("%s, by a linear axis", (line, valueOf) => {
    const [points = []] = pointsOf(elements, line);
    for (const [index, look] of COURSE.entries()) {
      const [x = NaN, y = NaN] = points[index] ?? [];
      expect(readAxis(marks.steps, x)).toBeCloseTo(look.step, 1);
      expect(readAxis(marks.scores, y)).toBeCloseTo(valueOf(look), 3);
    }
  });

  test("marks between the ends of their axes agree with these ends", () => {
    for (const axis of [inLogarithms(marks.losses), marks.scores, marks.steps]) {
      expect(axis.length).toBeGreaterThanOrEqual(3);
      for (const { value, at } of axis) expect(readAxis(axis, at)).toBeCloseTo(value, 1);
    }
    expect(marks.scores.map(({ value }) => value)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(marks.losses.map(({ value }) => value)).toEqual([0.001, 0.01, 0.1, 1]);
    expect(marks.steps.map(({ value }) => value)).toEqual([0, 200, 400, 600, 800, 1000]);
  });

  test("phases as bands between the last looks of each", () => {
    const bands = elements
      .filter(({ name, attributes }) => name === "rect" && attributes["y"] !== undefined)
      .map(({ attributes }) => [Number(attributes["x"]), Number(attributes["x"]) + Number(attributes["width"])]);
    const edges = bands.map((pair) => pair.map((x) => Math.round(readAxis(marks.steps, x))));
    const expected = [
      [0, 250],
      [250, 400],
      [400, 1000],
    ];
    expect(edges).toEqual(expected.flatMap((pair) => [pair, pair]));
    const texts = elements.filter(({ name }) => name === "text").map(({ text }) => text);
    for (const phase of ["warm-up", "core", "fine"]) expect(texts).toContain(phase);
  });

  test("every line is named beside its end, with its last value", () => {
    const texts = elements.filter(({ name }) => name === "text").map(({ text }) => text);
    expect(texts).toContain("training 0.0011");
    expect(texts).toContain("validation 0.0023");
    expect(texts).toContain("float network 0.970");
    expect(texts).toContain("cut to bits 0.960");
    expect(texts).toContain("activated 100%");
    expect(texts).toContain("DICE on the validation set");
  });

  test("is the same each time, and nothing is more precise than hundredths of a pixel", () => {
    expect(curvesSvg("opening", COURSE, "DICE")).toBe(svg);
    for (const { attributes } of elements) {
      for (const key of ["x", "y", "cx", "cy", "points", "d", "width"]) {
        expect(attributes[key] ?? "").not.toMatch(/\.\d{3}|NaN|Infinity|undefined/);
      }
    }
    expect(svg).not.toMatch(/<script|href|url\(|@import/);
  });
});

test.each([0, 1, 2])("%i looks", (count) => {
  const elements = parseXml(curvesSvg("few", COURSE.slice(0, count), "accuracy"));
  const points = pointsOf(elements, "bits").flat();
  expect(points).toHaveLength(count);
  expect(elements.some(({ text }) => text === "nothing was measured")).toBe(count === 0);
});

test("constant values, and the same at the edge of the axis", () => {
  const same = { trainingLoss: 0.5, loss: 0.5, float: 1, bits: 1, activated: 1 };
  const elements = parseXml(curvesSvg("constant", [lookAt(10, "a", same), lookAt(20, "a", same)], "accuracy"));
  const { losses, scores } = marksOf(elements);
  const lossHeight = pointsOf(elements, "training-loss").flat()[0]?.[1] ?? NaN;
  const scoreHeight = pointsOf(elements, "bits").flat()[0]?.[1] ?? NaN;
  expect(readAxis(inLogarithms(losses), lossHeight)).toBeCloseTo(Math.log10(0.5), 3);
  expect(readAxis(scores, scoreHeight)).toBeCloseTo(1, 3);
  expect(scores.every(({ value }) => value <= 1)).toBe(true);
});

test("what is not finite leaves gaps, with dots for lone points", () => {
  const values = [0.5, Number.NaN, 0.4, 0.3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.2, 0.1];
  const looks = values.map((value, index) => lookAt(index, "a", { loss: value, float: value, bits: Number.NaN }));
  const elements = parseXml(curvesSvg("gaps", looks, "DICE"));
  for (const line of ["validation-loss", "float"]) {
    expect(pointsOf(elements, line).map((points) => points.length)).toEqual([1, 2, 2]);
  }
  expect(pointsOf(elements, "bits")).toEqual([]);
  expect(elements.some(({ text }) => text.startsWith("cut to bits"))).toBe(false);
});

test("a loss of 0 or less is on the lower edge", () => {
  const looks = [0.1, 0, -3].map((loss, step) => lookAt(step, "a", { loss, trainingLoss: 0.01 }));
  const elements = parseXml(curvesSvg("zero", looks, "DICE"));
  const heights = pointsOf(elements, "validation-loss")[0]?.map(([, y]) => y) ?? [];
  const [edge = NaN] = heights.slice(1);
  expect(heights[2]).toBe(edge);
  expect(Math.max(...pointsOf(elements, "training-loss").flatMap((points) => points.map(([, y]) => y)))).toBeLessThan(
    edge,
  );
});

test.each([
  ["losses near the ends of doubles", [1e-323, 1e-323, 1.7e308, 1.7e308]],
  ["least", [5e-324, 5e-324]],
  ["greatest", [1.7976931348623157e308, 1.7e308]],
  ["none above 0", [0, -1]],
])("%s", (_, losses) => {
  const looks = losses.map((loss, step) => lookAt(step, "a", { loss, trainingLoss: loss }));
  const svg = curvesSvg("extreme", looks, "DICE");
  parseXml(svg);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("many looks are thinned out evenly", () => {
  const looks = Array.from({ length: 5000 }, (_, index) => lookAt(index + 1, "a", { bits: index / 5000 }));
  const elements = parseXml(curvesSvg("long", looks, "DICE"));
  const marks = marksOf(elements);
  const points = pointsOf(elements, "bits")[0] ?? [];
  expect(points).toHaveLength(1000);
  const steps = points.map(([x]) => readAxis(marks.steps, x));
  expect(steps[0]).toBeCloseTo(1, 0);
  expect(steps.at(-1)).toBeCloseTo(5000, 0);
  for (const [index, step] of steps.slice(1).entries()) expect(step - (steps[index] ?? 0)).toBeLessThan(6.2);
});

test("names from elsewhere are text, whatever they hold", () => {
  const name = 'a<b>&"c"\u0000\u001b[31m\ud800 \u{1f600}';
  const elements = parseXml(curvesSvg(name, [lookAt(1, `phase ${name}`), lookAt(2, "]]>")], "DICE"));
  const titles = elements.filter((element) => element.name === "title").map(({ text }) => text);
  const shown = 'a<b>&"c"��[31m� \u{1f600}';
  expect(titles).toEqual([`Training of ${shown}`, `phase ${shown}`, "]]>"]);
});

test("names of narrow phases do not overlap", () => {
  const looks = Array.from({ length: 30 }, (_, index) => lookAt(index + 1, `phase number ${index}`));
  const elements = parseXml(curvesSvg("crowd", [...looks, lookAt(300, "the rest of it")], "DICE"));
  const names = elements.filter(({ name, attributes }) => name === "text" && attributes["font-size"] === "11");
  expect(names.length).toBeGreaterThanOrEqual(3);
  const rows = new Map<string, number>();
  for (const { attributes, text } of names) {
    const [x, row] = [Number(attributes["x"]), attributes["y"] ?? ""];
    // Half the size of the font is less than the mean width of its letters.
    expect(x).toBeGreaterThan(rows.get(row) ?? 0);
    rows.set(row, x + text.length * 5.5);
  }
});
