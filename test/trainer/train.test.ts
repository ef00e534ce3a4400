/** Whole trainings: the same bits whenever they are interrupted, no tensor left behind, and the right answers. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { binarize } from "../../src/binarize/binarize.js";
import type { SampleSplits } from "../../src/data/sample-set.js";
import { DiagnosticError, fail } from "../../src/diagnostics.js";
import { encodeModel } from "../../src/model/encode.js";
import { type Checkpoint, checkpointConfig, decodeCheckpoint, encodeCheckpoint } from "../../src/trainer/checkpoint.js";
import type { TrainingConfig } from "../../src/trainer/config.js";
import { type TrainOptions, type TrainOutcome, train } from "../../src/trainer/train.js";
import { Trainer } from "../../src/trainer/trainer.js";
import { startsOf } from "../../src/trainer/trials.js";
import { halvesSplits, operatorSplits, trainingConfig } from "./small-trainings.js";
import { useTensorBackend } from "./tensor-backends.js";

beforeAll(() => useTensorBackend("wasm"));

type Trained = Extract<TrainOutcome, { readonly kind: "trained" }>;

async function trained(config: TrainingConfig, splits: SampleSplits, options: TrainOptions = {}): Promise<Trained> {
  const outcome = await train(config, splits, options);
  if (outcome.kind !== "trained") throw new Error("interrupted");
  return outcome;
}

async function codesOf(running: Promise<unknown>): Promise<string[]> {
  try {
    await running;
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}

/** Everything that a training leaves. */
function summary({ model, looks, test: scores, start }: Trained): object {
  return { bytes: Buffer.from(encodeModel(model)).toString("base64"), looks, scores, start };
}

const erosion = { kind: "bisel", kernel: 3, bise: { form: "erosion" } };
const dilation = { kind: "bisel", kernel: 3, bise: { form: "dilation" } };
const general = { kind: "bisel", channels: 2, kernel: 3 };

/** Two networks of which trials choose; a falling rate and early stopping that both happen; hardening; a frozen layer. */
const eventful = trainingConfig(
  {
    networks: [{ layers: [general, dilation] }, { layers: [erosion, dilation] }],
    seed: 5,
  },
  {
    loss: "binary-cross-entropy",
    batchSize: 4,
    evaluateEvery: 3,
    earlyStopping: 3,
    plateau: { factor: 0.5, patience: 2 },
    regularisation: { kind: "exact", weight: 0.01, delay: 7 },
    trials: 2,
    trialSteps: 4,
    shift: 1,
    phases: [
      { name: "soft", steps: 16, learningRate: { from: 0.3, to: 0.02 }, sharpness: { from: 1, to: 3 } },
      { name: "restless", steps: 40, learningRate: 3, sharpness: 3 },
      { name: "hard", steps: 10, learningRate: 0.01, sharpness: 3, harden: [0] },
      { name: "cut", steps: 1, learningRate: 0, sharpness: 3, harden: [1], freeze: [0, 1] },
    ],
  },
);

/** Through bytes, as between two processes. */
function carried(checkpoint: Checkpoint): Checkpoint {
  const bytes = encodeCheckpoint(checkpoint);
  return decodeCheckpoint(bytes, checkpointConfig(bytes));
}

/** Interrupted after these numbers of steps, each counted from where the last one ended; trials count too. */
async function interruptedAfter(
  config: TrainingConfig,
  splits: SampleSplits,
  runs: Iterable<number>,
): Promise<Trained> {
  let resume: Checkpoint | undefined;
  for (const steps of runs) {
    const controller = new AbortController();
    let left = steps;
    const onStep = (): void => {
      if (--left === 0) controller.abort();
    };
    const outcome = await train(config, splits, {
      signal: controller.signal,
      onStep,
      onTrial: onStep,
      ...(resume === undefined ? {} : { resume }),
    });
    if (outcome.kind === "trained") return outcome;
    resume = carried(outcome.checkpoint);
  }
  return trained(config, splits, resume === undefined ? {} : { resume });
}

describe("a training that is interrupted", () => {
  const splits = operatorSplits("opening", 12, 50);
  let whole: Trained;
  let expected: object;
  beforeAll(async () => {
    whole = await trained(eventful, splits);
    expected = summary(whole);
  });

  test("went through everything that the configuration asks for", () => {
    expect(startsOf(eventful)).toHaveLength(4);
    expect([...new Set(whole.looks.map((look) => look.phase))]).toEqual(["soft", "restless", "hard", "cut"]);
    const looksOf = (phase: string) => whole.looks.filter((look) => look.phase === phase);
    const [soft, restless] = [looksOf("soft"), looksOf("restless")];
    // The rate fell, and the phase ended before its 40 steps.
    expect(Math.min(...restless.map((look) => look.learningRate))).toBeLessThan(3);
    expect((restless.at(-1)?.step ?? 0) - (soft.at(-1)?.step ?? 0)).toBeLessThan(40);
  });

  // 16 steps of trials come first, and 12 are left of the first phase after them.
  test.each([1, 16, 17, 28, 29, 34, 37, 40])("after %d steps ends at the same bits", async (steps) => {
    expect(summary(await interruptedAfter(eventful, splits, [steps]))).toEqual(expected);
  });

  test("again and again ends at the same bits", async () => {
    expect(summary(await interruptedAfter(eventful, splits, [7, 9, 11, 1, 2, 3, 1, 1, 5, 1, 1, 1]))).toEqual(expected);
  });

  test("goes on from the checkpoints that it is told on the way", async () => {
    const checkpoints: Checkpoint[] = [];
    await trained(eventful, splits, { checkpointSeconds: 0, onCheckpoint: (each) => checkpoints.push(carried(each)) });
    expect(checkpoints.length).toBeGreaterThan(5);
    for (const resume of [checkpoints[2], checkpoints.at(-1)]) {
      if (resume === undefined) throw new Error("no checkpoint");
      expect(summary(await trained(eventful, splits, { resume }))).toEqual(expected);
    }
  });

  test("gives the same bytes from the same seed, others from another one", async () => {
    expect(summary(await trained(eventful, splits))).toEqual(expected);
    const other = await trained({ ...eventful, seed: 6 }, splits);
    expect(encodeModel(other.model)).not.toEqual(encodeModel(whole.model));
  });
});

describe("tensors", () => {
  const dense = trainingConfig(
    {
      network: {
        layers: [
          { kind: "flatten" },
          { kind: "dense-lui", features: 3, lui: { weights: "raw" } },
          { kind: "readout", classes: 2 },
        ],
      },
    },
    {
      loss: "cross-entropy",
      batchSize: 2,
      evaluateEvery: 1e6,
      phases: [{ name: "all", steps: 1000, learningRate: 0.01, harden: [1], grid: { layers: [1], largest: 3 } }],
    },
  );

  test("are as many after each of 1000 steps, and gone after the last", async () => {
    const before = tf.memory().numTensors;
    const counts = new Set<number>();
    let step = 0;
    await trained(dense, halvesSplits(), {
      onStep: () => {
        if (step++ > 0 && step < 1000) counts.add(tf.memory().numTensors);
      },
    });
    expect(counts.size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("are as many at every look of a training with trials and phases, and gone after an interruption", async () => {
    const splits = operatorSplits("opening", 12, 50);
    const before = tf.memory().numTensors;
    await trained(eventful, splits);
    expect(tf.memory().numTensors).toBe(before);
    for (const steps of [9, 20]) {
      const controller = new AbortController();
      let left = steps;
      const onStep = (): void => {
        if (--left === 0) controller.abort();
      };
      const outcome = await train(eventful, splits, { signal: controller.signal, onStep, onTrial: onStep });
      expect(outcome.kind).toBe("interrupted");
      expect(tf.memory().numTensors).toBe(before);
      if (outcome.kind === "interrupted") await trained(eventful, splits, { resume: carried(outcome.checkpoint) });
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  test("are gone after a diagnostic, wherever it comes from", async () => {
    const before = tf.memory().numTensors;
    const splits = operatorSplits("opening");
    const failing = (first: number): SampleSplits => ({
      ...splits,
      training: {
        ...splits.training,
        read: (index, input, target) => {
          if (index >= first) fail("BMN0602", "the picture is corrupt");
          splits.training.read(index, input, target);
        },
      },
    });
    const { training } = eventful;
    const alone = { ...eventful, training: { ...training, trials: 1 }, networks: eventful.networks.slice(0, 1) };
    // Layers are initialised on 512 samples: 2¹⁷ pixels.
    const far = { ...eventful, training: { ...training, batchSize: 200 } };
    for (const config of [eventful, alone]) expect(await codesOf(train(config, failing(10)))).toEqual(["BMN0602"]);
    expect(await codesOf(train(far, failing(700)))).toEqual(["BMN0602"]);
    expect(
      await codesOf(
        train({ ...far, networks: alone.networks, training: { ...far.training, trials: 1 } }, failing(700)),
      ),
    ).toEqual(["BMN0602"]);
    const literals = trainingConfig(
      {
        network: {
          layers: [
            { kind: "flatten" },
            { kind: "dense-lui", features: 3 },
            { kind: "dense-lui", features: 3, lui: { form: "erosion", weights: "literals" } },
            { kind: "readout", classes: 2 },
          ],
        },
      },
      { loss: "cross-entropy", phases: [{ name: "all", steps: 1, learningRate: 1, harden: [2] }] },
    );
    expect(await codesOf(train(literals, halvesSplits()))).toEqual(["BMN0903"]);
    const controller = new AbortController();
    controller.abort();
    const outcome = await train(dense, halvesSplits(), { signal: controller.signal });
    if (outcome.kind !== "interrupted" || outcome.checkpoint.kind !== "training") throw new Error("not interrupted");
    const resume: Checkpoint = { ...outcome.checkpoint, arrays: {} };
    expect(await codesOf(train(dense, halvesSplits(), { resume }))).toEqual(["BMN0901"]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("a loss that is not finite any more is told", () => {
  const config = trainingConfig(
    { network: { layers: [{ kind: "bisel", kernel: 3 }] } },
    { loss: "mean-squared-error", batchSize: 2, phases: [{ name: "all", steps: 3, learningRate: 0.1 }] },
  );
  const before = tf.memory().numTensors;
  const trainer = new Trainer(config, operatorSplits("erosion"), { network: 0, seed: 0 });
  trainer.step();
  trainer.assign(
    new Map(trainer.network.variables.map(({ name, variable }) => [name, new Float32Array(variable.size).fill(NaN)])),
  );
  expect(() => trainer.step()).toThrow("BMN0904: the loss is NaN at step 1");
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

describe("what is learned", () => {
  test("an erosion by a square: DICE 1, and the square", async () => {
    const config = trainingConfig(
      {
        networks: [{ layers: [{ ...dilation, kernel: 5 }] }, { layers: [{ ...erosion, kernel: 5 }] }],
      },
      {
        loss: "binary-cross-entropy",
        batchSize: 8,
        evaluateEvery: 50,
        trialSteps: 40,
        phases: [
          { name: "soft", steps: 300, learningRate: { from: 0.05, to: 0.02 }, sharpness: { from: 1, to: 4 } },
          { name: "cut", steps: 1, learningRate: 0.001, sharpness: 4, harden: [0], freeze: [0] },
        ],
      },
    );
    const { model, test: scores, start } = await trained(config, operatorSplits("erosion", 30));
    expect(start.network).toBe(1);
    expect(scores).toMatchObject({ float: 1, bits: 1 });
    const [layer] = model.layers;
    if (layer?.kind !== "bisel") throw new Error("not a BiSEL");
    expect([0, 5, 10, 15, 20].map((first) => [...layer.bise.weights.subarray(first, first + 5)])).toEqual([
      [0, 0, 0, 0, 0],
      [0, 1, 1, 1, 0],
      [0, 1, 1, 1, 0],
      [0, 1, 1, 1, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect([...layer.bise.biases]).toEqual([8.5]);
    expect(binarize(model, { policy: "auto" }).report.grade).toBe("exact");
  });

  test("two classes, by hardened neurons of small integers and real scores", async () => {
    const config = trainingConfig(
      {
        network: {
          layers: [
            { kind: "flatten" },
            { kind: "dense-lui", features: 6, lui: { weights: "raw", activation: "sigmoid", learnedScale: false } },
            { kind: "readout", classes: 2 },
          ],
        },
      },
      {
        loss: "cross-entropy",
        batchSize: 16,
        evaluateEvery: 50,
        phases: [
          { name: "smooth", steps: 150, learningRate: 0.05 },
          {
            name: "integers",
            steps: 150,
            learningRate: { from: 0.02, to: 0.001 },
            harden: [1],
            grid: { layers: [1], largest: 3 },
          },
        ],
      },
    );
    const { model, test: scores, looks } = await trained(config, halvesSplits());
    // The best classifier counts pixels; of 16 at an error of 0.1 each it is wrong in fewer than one of 10⁴ pictures.
    expect(scores.bits).toBeGreaterThan(0.98);
    expect(scores.float).toBe(scores.bits);
    expect(looks.length).toBeGreaterThan(5);
    const layer = model.layers[1];
    if (layer?.kind !== "dense-lui") throw new Error("not a dense layer");
    expect(layer.lui.activation).toBe("step");
    expect(layer.lui.weights.every((weight) => Number.isInteger(weight) && Math.abs(weight) <= 3)).toBe(true);
    expect(binarize(model, { policy: "auto" }).report.grade).toBe("exact");
    expect(model.provenance?.metrics.length).toBeGreaterThan(0);
  });
});
