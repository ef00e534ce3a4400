/** Dense networks on bytes at awkward numbers of samples: packing by a plain loop, classes and scores by the interpreter. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { emitProgram, openModule } from "../../scripts/golden/compiled.js";
import { binarize } from "../../src/binarize/binarize.js";
import { ModuleBuilder } from "../../src/ir/build.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { lower } from "../../src/lower/lower.js";
import type { Model, NeuronBank } from "../../src/model/types.js";
import type { Picture } from "../../src/morph/picture.js";
import { findCompiler } from "../../src/run/run-c.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { findPreset } from "../../src/target/presets.js";
import { verifyProgram } from "../../src/word/verify.js";
import { randomNumbers } from "../lower/modules.js";
import { targetWithLanes } from "../lower/targets.js";
import { openCBatch } from "./c-batch.js";
import { expectSameOutcomes } from "./outcomes.js";

/** Level sets of two channels, plain and complemented, as a vector. */
function levelSets(height: number, width: number, thresholds: readonly number[]): MorphModule {
  const builder = new ModuleBuilder("level_sets", { channels: 2, height, width, samples: "bytes" });
  const images = thresholds.flatMap((threshold, index) => {
    const channel = index % 2;
    const level = builder.add({ kind: "level-set", channel, threshold }, `level${index}`);
    return index % 3 === 2 ? [builder.add({ kind: "complement", input: level }, `outside${index}`)] : [level];
  });
  return builder.finish([builder.add({ kind: "flatten", inputs: images }, "vector")]);
}

/** The vector of {@link levelSets}, by its definition. */
function expectedBits(picture: Picture, thresholds: readonly number[]): number[] {
  if (picture.kind !== "bytes") throw new Error("no bytes");
  return thresholds.flatMap((threshold, index) =>
    [...picture.channels[index % 2]!].map((byte) => Number(byte >= threshold !== (index % 3 === 2))),
  );
}

function bytePictures(height: number, width: number, channels: number, count: number, seed: number): Picture[] {
  const random = randomNumbers(seed);
  const plane = (): Uint8Array => Uint8Array.from({ length: height * width }, () => random() * 256);
  return Array.from({ length: count }, () => ({
    kind: "bytes",
    height,
    width,
    channels: Array.from({ length: channels }, plane),
  }));
}

/** Around words, vectors and passes of `lanes` words and `vectors` vectors. */
function awkwardCounts(lanes: number, vectors: number): number[] {
  const vector = 32 * lanes;
  return [1, 8, 9, 31, 32, 33, vector - 1, vector + 1, vectors * vector - 1, vectors * vector + 1, 2 * vector + 1];
}

const THRESHOLDS = [0, 1, 127, 128, 129, 254, 255, 256];
/** Less than a word, a word and a bit, whole words, and rows that straddle words. */
const SIZES = [
  [4, 5],
  [5, 7],
  [8, 8],
  [2, 45],
] as const;

describe("bytes to bits", () => {
  for (const [height, width] of SIZES) {
    const module = levelSets(height, width, THRESHOLDS);
    const pictures = bytePictures(height, width, 2, 257, height * width);
    const expected = pictures.map((picture) => expectedBits(picture, THRESHOLDS));
    const answers = (outcomes: readonly unknown[]): number[][] =>
      (outcomes as readonly { bits: Uint8Array }[]).map(({ bits }) => [...bits]);

    test.each([1, 4, 16] as const)(`${height}×${width}, interpreted on %i lanes`, async (lanes) => {
      const program = lower(module, targetWithLanes(lanes));
      verifyProgram(program);
      const runner = createInterpreterRunner(program);
      for (const count of [1, 33, 32 * lanes + 1].map((each) => Math.min(each, 66))) {
        expect(answers(await runner.run(pictures.slice(0, count)))).toEqual(expected.slice(0, count));
      }
    });

    test.each(["wasm", "wasm-mvp", "js"])(`${height}×${width} on %s`, async (target) => {
      const { runner } = await openModule(module, { label: target, target });
      for (const count of awkwardCounts(target === "wasm" ? 4 : 1, 4).filter((each) => each <= pictures.length)) {
        expect(answers(await runner.run(pictures.slice(0, count)))).toEqual(expected.slice(0, count));
      }
      await runner.close();
    });
  }
});

function bank(count: number, inputs: number, seed: number, activation: "tanh" | "identity"): NeuronBank {
  const random = randomNumbers(seed);
  const weights = Float32Array.from({ length: count * inputs }, () => {
    if (activation === "identity") return random() - 0.5;
    return random() < 0.15 ? 1 : 0;
  });
  const members = (neuron: number): number =>
    weights.subarray(neuron * inputs, (neuron + 1) * inputs).reduce((sum, weight) => sum + weight, 0);
  return {
    count,
    inputsPerNeuron: inputs,
    weights,
    biases: Float32Array.from({ length: count }, (_, neuron) => {
      if (activation === "identity") return random();
      return neuron % 2 === 0 ? 0.5 : members(neuron) - 0.5;
    }),
    scales: Float32Array.from({ length: count }, (_, neuron) => (neuron % 3 === 0 ? -30 : 30)),
    activation,
  };
}

/** Two level sets and their complements, ands and ors in two layers, and a read-out of float32 weights. */
const MODEL: Model = {
  name: "dense",
  input: {
    channels: 1,
    height: 5,
    width: 9,
    encoding: { kind: "level-sets", grayMinimum: 0, grayMaximum: 1, values: [[0.3, 0.7]] },
    complements: true,
  },
  layers: [
    { kind: "flatten" },
    { kind: "dense-lui", inFeatures: 180, outFeatures: 60, lui: bank(60, 180, 1, "tanh") },
    { kind: "dense-lui", inFeatures: 60, outFeatures: 40, lui: bank(40, 60, 2, "tanh") },
    { kind: "readout", inFeatures: 40, classes: 5, bank: bank(5, 40, 3, "identity") },
  ],
  provenance: null,
};

const cpuFlags = (): Set<string> => {
  try {
    return new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.trim().split(" "));
  } catch {
    return new Set();
  }
};

describe("a dense network with classes", () => {
  const { module } = binarize(MODEL, { policy: "auto" });
  const pictures = bytePictures(5, 9, 1, 1025, 77);
  const expected = pictures.map((picture) => interpretModule(module, picture));

  const check = async (
    label: string,
    counts: readonly number[],
    run: (pictures: readonly Picture[]) => Promise<readonly unknown[]> | readonly unknown[],
  ): Promise<void> => {
    for (const count of counts.filter((each) => each <= pictures.length)) {
      const part = pictures.slice(0, count);
      const actual = (await run(part)) as typeof expected;
      expectSameOutcomes(`${label}, ${count} samples`, module, part, actual, expected.slice(0, count));
    }
  };

  test.each(["wasm", "wasm-mvp", "js"])("%s", async (target) => {
    const { runner } = await openModule(module, { label: target, target });
    await check(target, awkwardCounts(target === "wasm" ? 4 : 1, 4), (part) => runner.run(part));
    await runner.close();
  });

  const STRICT = ["-O2", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
  for (const { target, flags, needs, portable } of [
    { target: "c-scalar", flags: [], needs: null, portable: false },
    { target: "c", flags: [], needs: null, portable: false },
    { target: "c-avx2", flags: ["-mavx2"], needs: "avx2", portable: false },
    { target: "c-avx512", flags: ["-mavx512f"], needs: "avx512f", portable: false },
    { target: "c-avx512", flags: [], needs: null, portable: true },
  ] as const) {
    const isMissing = findCompiler("gcc") === null || (needs !== null && !cpuFlags().has(needs));
    const label = `${target}${portable ? " without vectors" : ""}`;
    test.skipIf(isMissing)(`${label}${isMissing ? ", which this machine lacks" : ""}`, async () => {
      const preset = findPreset(target)!;
      const program = lower(module, preset);
      const network = { program, artifacts: await emitProgram(program, preset) };
      const batch = openCBatch([network], { compiler: "gcc", flags: [...STRICT, ...flags], portable });
      await check(label, awkwardCounts(preset.lanes, preset.lanes === 16 ? 1 : 32 / preset.lanes), (part) =>
        batch.run(0, part),
      );
      batch.close();
    });
  }
});
