/** The numbers of the report, against sums over all patterns and against what the advice leads to. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeModel } from "../../src/model/encode.js";
import type { Layer, Model, NeuronBank } from "../../src/model/types.js";
import { enterFolder, opening, run, vague } from "./harness.js";

/** An erosion whose bound is so near to a sum that float32 might round across it. */
const narrow: Model = { ...opening, name: "narrow", layers: [withBias(opening.layers[0]!, 8 + 2 ** -20)] };

/** A majority, then an opening of what it gives: values so near ½ that bounds prove nothing. */
const soft: Model = { ...vague, name: "soft", layers: [scaled(vague.layers[0]!, 40), ...opening.layers] };

function withBias(layer: Layer, bias: number): Layer {
  if (layer.kind !== "bisel") throw new Error("a BiSEL is expected");
  return { ...layer, bise: { ...layer.bise, biases: Float32Array.of(bias) } };
}

function scaled(layer: Layer, factor: number): Layer {
  if (layer.kind !== "bisel") throw new Error("a BiSEL is expected");
  return { ...layer, bise: { ...layer.bise, scales: layer.bise.scales.map((scale) => scale * factor) } };
}

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  for (const model of [opening, vague, narrow, soft]) writeFileSync(`${model.name}.pb`, encodeModel(model));
});
afterAll(() => leave());

async function reportOf(name: string, ...options: readonly string[]) {
  const answered = await run(["binarize", `${name}.pb`, "--report", "--json", ...options]);
  expect(answered.status).toBe(0);
  return JSON.parse(answered.stdout);
}

/** Least |P · (W·b − B)| over all patterns of bits, and Σ W. */
function leastArgument({ weights, biases, scales }: NeuronBank): number {
  let least = Number.POSITIVE_INFINITY;
  for (let pattern = 0; pattern < 2 ** weights.length; pattern++) {
    const sum = weights.reduce((total, weight, index) => total + weight * ((pattern >> index) & 1), 0);
    least = Math.min(least, Math.abs((scales[0] ?? 0) * (sum - (biases[0] ?? 0))));
  }
  return least;
}

function bankOf(model: Model): NeuronBank {
  const [layer] = model.layers;
  if (layer?.kind !== "bisel") throw new Error("a BiSEL is expected");
  return layer.bise;
}

describe("margins", () => {
  test.each([opening, vague, soft])("of the first layer of $name are those of all patterns", async (model) => {
    const { layers, nearest } = await reportOf(model.name);
    const expected = leastArgument(bankOf(model));
    expect(layers[0].leastMargin).toBeCloseTo(expected, 6);
    expect(layers[0].medianMargin).toBe(layers[0].leastMargin);
    expect(nearest.find(({ path }: { path: string }) => path === "layers[0].bise[0]").margin).toBe(
      layers[0].leastMargin,
    );
  });

  test("nearest to failing first", async () => {
    const { nearest } = await reportOf("opening");
    const margins = nearest.map(({ margin }: { margin: number }) => margin);
    expect(margins.length).toBe(2);
    expect(margins).toEqual([...margins].sort((a, b) => a - b));
  });
});

describe("advice", () => {
  test("none for an exact network", async () => {
    expect(await reportOf("opening")).toMatchObject({ grade: "exact", advice: null, failing: { bits: 0, first: [] } });
  });

  test("the factors on P make the network exact, and little less does not", async () => {
    const { grade, failing, advice } = await reportOf("soft", "--prove", "bounds");
    expect(grade).toBe("hardened");
    expect(failing.bits).toBe(failing.reasons.reduce((sum: number, each: { bits: number }) => sum + each.bits, 0));
    const { layers, exact } = advice.sharpening;
    expect(exact).toBe(true);
    expect(Math.max(...layers.map(({ factor }: { factor: number }) => factor))).toBeGreaterThan(1);
    const withFactors = (share: number): Model => ({
      ...soft,
      layers: soft.layers.map((layer, index) => {
        const found = layers.find(({ path }: { path: string }) => path === `layers[${index}]`);
        return scaled(layer, Math.max(1, (found?.factor ?? 1) * share));
      }),
    });
    const args = ["--binarize", "exact", "--prove", "bounds", "--quiet"];
    writeFileSync("sharp.pb", encodeModel(withFactors(1)));
    expect((await run(["binarize", "sharp.pb", ...args])).status).toBe(0);
    writeFileSync("blunt.pb", encodeModel(withFactors(0.8)));
    expect((await run(["binarize", "blunt.pb", ...args])).status).toBe(1);
  });

  test("real arithmetic is enough where only rounding is in the way", async () => {
    const { grade, advice, failing } = await reportOf("narrow", "--prove", "bounds");
    expect(grade).toBe("hardened");
    expect(advice.real).toBe("exact");
    expect(failing.first[0].reason).toContain("float32 rounding");
    expect((await reportOf("narrow", "--prove", "bounds", "--arithmetic", "real")).grade).toBe("exact");
  });

  test("patterns may prove what bounds do not", async () => {
    const { advice } = await reportOf("vague", "--prove", "bounds");
    expect(advice).toMatchObject({ withinReach: 1, refuted: 0, auto: null });
    // They refute it.
    expect((await reportOf("vague")).advice).toMatchObject({ withinReach: 0, refuted: 1 });
  });

  test("approximations are compared with the network's own functions", async () => {
    const { advice, layers } = await reportOf("vague", "--binarize", "approximate=bounds");
    expect(advice).toMatchObject({ auto: "hardened", real: null, withinReach: 0 });
    expect(layers[0].greatestDistance).toBeGreaterThan(0);
  });
});

test("docs/exactness.md shows the report of a fixture as it is", async () => {
  const root = join(import.meta.dirname, "../..");
  const { stdout } = await run(["binarize", join(root, "fixtures/noisy_sticks.pb"), "--report"]);
  expect(readFileSync(join(root, "docs/exactness.md"), "utf8")).toContain(`\`\`\`\n${stdout}\`\`\`\n`);
});
