/**
 * `npm run bench:train -- [--steps N] [--json]`: milliseconds of one training step of two networks, by the trainer as it is
 * (samples, planes, loss, gradients, Adam) and by plain TensorFlow.js (loss, gradients, Adam).
 *
 * - dense: 784 → 4096 → 10, batches of 64
 * - opening: two 7×7 BiSE layers on 50×50 images, replicated border, batches of 32
 *
 * TensorFlow.js itself has no gradient of convolutions on WebAssembly, so that its opening runs on the CPU backend alone.
 */
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { type SampleSet, type SampleShape, sampleSizes } from "../src/data/sample-set.js";
import { openDevice } from "../src/device/device.js";
import { createRandom } from "../src/morph/random.js";
import { describeMachine, machineText } from "../src/run/timing/machine.js";
import { median } from "../src/run/timing/median.js";
import { decodeConfig } from "../src/trainer/decode-config.js";
import { Trainer } from "../src/trainer/trainer.js";
import { COMPILER } from "./c-program.js";

/** The loss of one batch as a function of the variables that it was made with. */
type Loss = () => tf.Scalar;

/** One whole step; waits for its result. */
type Step = () => void;

interface Case {
  readonly name: string;
  readonly backend: "wasm" | "cpu";
  /** On an idle core; null for what is only compared with. */
  readonly goalMilliseconds: number | null;
  /** Fraction of the steps that are asked for: the slow ones need fewer. */
  readonly share: number;
  readonly prepare: () => Step;
}

const BATCH = { dense: 64, opening: 32 } as const;
const FEATURES = [784, 4096, 10] as const;
const SIDE = 50;
const KERNEL = 7;

/** Random bits, always the same ones for an index; what is learned does not matter. */
function randomSamples(shape: SampleShape): SampleSet {
  const sizes = sampleSizes(shape);
  const random = createRandom(1);
  const pool = Uint8Array.from({ length: 4 * Math.max(sizes.input, sizes.target) }, () => random.below(2));
  const read = (index: number, input: Uint8Array, target: Uint8Array): void => {
    input.set(pool.subarray(index % 97, (index % 97) + sizes.input));
    target.set(pool.subarray(index % 89, (index % 89) + sizes.target));
  };
  return { name: "random bits", shape, count: 4096, read };
}

/** The trainer's own step. */
function trainerStep(shape: SampleShape, batchSize: number, layers: readonly object[], loss: string): Step {
  const config = decodeConfig({
    name: "bench",
    data: { kind: "noisy-sticks" },
    networks: [{ layers }],
    training: { loss, batchSize, phases: [{ name: "steps", steps: 1_000_000, learningRate: 0.001 }] },
  });
  const set = randomSamples(shape);
  const trainer = new Trainer(config, { training: set, validation: set, test: set }, { network: 0, seed: 1 });
  return () => {
    trainer.step();
  };
}

function denseTrainer(): Step {
  const [inputs, hidden, classes] = FEATURES;
  const side = Math.sqrt(inputs);
  const names = Array.from({ length: classes }, (_, index) => String(index));
  const shape = {
    channels: 1,
    height: side,
    width: side,
    samples: "bits",
    target: { kind: "classes", names },
  } as const;
  const layers = [
    { kind: "flatten" },
    { kind: "dense-lui", features: hidden, lui: { weights: "raw" } },
    { kind: "readout", classes },
  ];
  return trainerStep(shape, BATCH.dense, layers, "cross-entropy");
}

function openingTrainer(): Step {
  const target = { kind: "images", channels: 1 } as const;
  const shape = { channels: 1, height: SIDE, width: SIDE, samples: "bits", target } as const;
  const layer = { kind: "bisel", kernel: KERNEL };
  return trainerStep(shape, BATCH.opening, [layer, layer], "mean-squared-error");
}

/** A step of TensorFlow.js's own Adam. */
function plainStep(loss: Loss): Step {
  const optimizer = tf.train.adam(1e-3);
  return () => {
    const value = optimizer.minimize(loss, true);
    // Reads the value, so that nothing is left to be computed.
    value?.dataSync();
    value?.dispose();
  };
}

function plainDense(): Step {
  const [inputs, hidden, classes] = FEATURES;
  const x = tf.randomUniform([BATCH.dense, inputs]) as tf.Tensor2D;
  const labels = tf.oneHot(tf.randomUniform([BATCH.dense], 0, classes, "int32"), classes) as tf.Tensor2D;
  const first = tf.variable(tf.randomNormal([hidden, inputs], 0, 0.05)) as tf.Variable<tf.Rank.R2>;
  const biases = tf.variable(tf.zeros([hidden]));
  const second = tf.variable(tf.randomNormal([classes, hidden], 0, 0.05)) as tf.Variable<tf.Rank.R2>;
  return plainStep(() => {
    const answers = tf.add(tf.mul(tf.tanh(tf.sub(tf.matMul(x, first, false, true), biases)), 0.5), 0.5) as tf.Tensor2D;
    return tf.losses.softmaxCrossEntropy(labels, tf.matMul(answers, second, false, true)) as tf.Scalar;
  });
}

/** Padding by joined slices, as TensorFlow.js has none that replicates. */
function plainLayer(x: tf.Tensor4D, weights: tf.Tensor3D, bias: tf.Tensor): tf.Tensor4D {
  const border = (KERNEL - 1) / 2;
  const pad = (image: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D => {
    const size: [number, number, number, number] = [...image.shape];
    const end: [number, number, number, number] = [0, 0, 0, 0];
    size[axis] = 1;
    end[axis] = image.shape[axis] - 1;
    const before = Array.from({ length: border }, () => tf.slice(image, [0, 0, 0, 0], size));
    const after = Array.from({ length: border }, () => tf.slice(image, end, size));
    return tf.concat([...before, image, ...after], axis);
  };
  const kernel = tf.reshape(weights, [KERNEL, KERNEL, 1, 1]) as tf.Tensor4D;
  const distance = tf.sub(tf.conv2d(pad(pad(x, 1), 2), kernel, 1, "valid"), bias);
  return tf.add(tf.mul(tf.tanh(distance), 0.5), 0.5);
}

function plainOpening(): Step {
  const shape: [number, number, number, number] = [BATCH.opening, SIDE, SIDE, 1];
  const x = tf.cast(tf.greater(tf.randomUniform(shape), 0.5), "float32") as tf.Tensor4D;
  const target = tf.cast(tf.greater(tf.randomUniform(shape), 0.5), "float32");
  const variables = [0, 1].map(() => ({
    weights: tf.variable(tf.randomNormal([1, KERNEL, KERNEL])) as tf.Variable<tf.Rank.R3>,
    bias: tf.variable(tf.scalar(1)),
  }));
  return plainStep(() => {
    const answers = variables.reduce((image, { weights, bias }) => plainLayer(image, tf.softplus(weights), bias), x);
    return tf.losses.meanSquaredError(target, answers) as tf.Scalar;
  });
}

const CASES: readonly Case[] = [
  {
    name: "dense, bimonnc, wasm",
    backend: "wasm",
    goalMilliseconds: 200,
    share: 1,
    prepare: denseTrainer,
  },
  {
    name: "dense, TensorFlow.js, wasm",
    backend: "wasm",
    goalMilliseconds: null,
    share: 0.3,
    prepare: plainDense,
  },
  {
    name: "dense, TensorFlow.js, cpu",
    backend: "cpu",
    goalMilliseconds: null,
    share: 0.1,
    prepare: plainDense,
  },
  {
    name: "opening, bimonnc, wasm",
    backend: "wasm",
    goalMilliseconds: 80,
    share: 2,
    prepare: openingTrainer,
  },
  {
    name: "opening, bimonnc, cpu",
    backend: "cpu",
    goalMilliseconds: null,
    share: 0.1,
    prepare: openingTrainer,
  },
  {
    name: "opening, TensorFlow.js, cpu",
    backend: "cpu",
    goalMilliseconds: null,
    share: 0.1,
    prepare: plainOpening,
  },
];

interface Measured {
  readonly name: string;
  readonly steps: number;
  readonly medianMilliseconds: number;
  readonly bestMilliseconds: number;
  readonly goalMilliseconds: number | null;
}

const WARM_UP = 3;

async function measure(one: Case, steps: number): Promise<Measured> {
  await openDevice(one.backend);
  tf.engine().startScope();
  const step = one.prepare();
  const times: number[] = [];
  for (let count = 0; count < WARM_UP + steps; count++) {
    const start = performance.now();
    step();
    if (count >= WARM_UP) times.push(performance.now() - start);
  }
  tf.engine().endScope();
  tf.disposeVariables();
  return {
    name: one.name,
    steps,
    medianMilliseconds: median(times),
    bestMilliseconds: Math.min(...times),
    goalMilliseconds: one.goalMilliseconds,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, steps: { type: "string", default: "60" } } });
  const machine = describeMachine(COMPILER);
  const results: Measured[] = [];
  for (const one of CASES) results.push(await measure(one, Math.max(3, Math.round(Number(values.steps) * one.share))));
  if (values.json === true) {
    console.log(JSON.stringify({ machine, steps: results }, null, 2));
    return;
  }
  console.log(machineText(machine));
  for (const { name, steps, medianMilliseconds, bestMilliseconds, goalMilliseconds } of results) {
    const goal = goalMilliseconds === null ? "" : `; goal ${goalMilliseconds} ms`;
    const rate = (1000 / medianMilliseconds).toFixed(1);
    const time = `${medianMilliseconds.toFixed(1)} ms a step, best ${bestMilliseconds.toFixed(1)}, ${rate} steps/s`;
    console.log(`${name}: ${time} (median of ${steps})${goal}`);
  }
}

await main();
