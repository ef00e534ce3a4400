/**
 * `npx tsx bench/trainer-steps.ts [--steps N] [--json]`: milliseconds of one training step (loss, gradients, Adam) of two
 * networks on the WebAssembly backend, with the operations of `src/trainer/operations` and with those of TensorFlow.js.
 *
 * - dense: 784 → 4096 → 10, batches of 64
 * - opening: two 7×7 BiSE layers on 50×50 images, replicated border, batches of 32
 *
 * TensorFlow.js itself has no gradient of convolutions on WebAssembly, so that its opening runs on the CPU backend alone.
 */
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../src/device/device.js";
import { activateTensor } from "../src/trainer/operations/activations.js";
import { correlateChannels } from "../src/trainer/operations/correlate-channels.js";
import { matMulTransposed } from "../src/trainer/operations/mat-mul.js";
import { describeMachine, machineText } from "./machine.js";
import { median } from "./report.js";

/** The loss of one batch as a function of the variables that it was made with. */
type Loss = () => tf.Scalar;

interface Case {
  readonly name: string;
  readonly backend: "wasm" | "cpu";
  /** On an idle core; null for what is only compared with. */
  readonly goalMilliseconds: number | null;
  /** Fraction of the steps that are asked for: the slow ones need fewer. */
  readonly share: number;
  readonly prepare: () => Loss;
}

const BATCH = { dense: 64, opening: 32 } as const;
const FEATURES = [784, 4096, 10] as const;
const SIDE = 50;
const KERNEL = 7;

/** What a dense network needs of a library of operations. */
interface DenseOperations {
  readonly product: (x: tf.Tensor2D, weights: tf.Tensor2D) => tf.Tensor2D;
  readonly activation: (u: tf.Tensor2D) => tf.Tensor2D;
}

const OUR_DENSE: DenseOperations = {
  product: matMulTransposed,
  activation: (u) => activateTensor("tanh", u),
};

const PLAIN_DENSE: DenseOperations = {
  product: (x, weights) => tf.matMul(x, weights, false, true),
  activation: (u) => tf.add(tf.mul(tf.tanh(u), 0.5), 0.5),
};

function prepareDense({ product, activation }: DenseOperations): Loss {
  const [inputs, hidden, classes] = FEATURES;
  const x = tf.randomUniform([BATCH.dense, inputs]) as tf.Tensor2D;
  const labels = tf.oneHot(tf.randomUniform([BATCH.dense], 0, classes, "int32"), classes) as tf.Tensor2D;
  const first = tf.variable(tf.randomNormal([hidden, inputs], 0, 0.05)) as tf.Variable<tf.Rank.R2>;
  const biases = tf.variable(tf.zeros([hidden]));
  const second = tf.variable(tf.randomNormal([classes, hidden], 0, 0.05)) as tf.Variable<tf.Rank.R2>;
  return () => {
    const answers = activation(tf.sub(product(x, first), biases));
    return tf.losses.softmaxCrossEntropy(labels, product(answers, second)) as tf.Scalar;
  };
}

type Layer = (x: tf.Tensor4D, weights: tf.Tensor3D, bias: tf.Tensor) => tf.Tensor4D;

function ourLayer(x: tf.Tensor4D, weights: tf.Tensor3D, bias: tf.Tensor): tf.Tensor4D {
  return activateTensor("tanh", tf.sub(correlateChannels(x, weights, 1, "replicate"), bias) as tf.Tensor4D);
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

function prepareOpening(layer: Layer): Loss {
  const shape: [number, number, number, number] = [BATCH.opening, SIDE, SIDE, 1];
  const x = tf.cast(tf.greater(tf.randomUniform(shape), 0.5), "float32") as tf.Tensor4D;
  const target = tf.cast(tf.greater(tf.randomUniform(shape), 0.5), "float32");
  const variables = [0, 1].map(() => ({
    weights: tf.variable(tf.randomNormal([1, KERNEL, KERNEL])) as tf.Variable<tf.Rank.R3>,
    bias: tf.variable(tf.scalar(1)),
  }));
  return () => {
    const answers = variables.reduce((image, { weights, bias }) => layer(image, tf.softplus(weights), bias), x);
    return tf.losses.meanSquaredError(target, answers) as tf.Scalar;
  };
}

const CASES: readonly Case[] = [
  {
    name: "dense, bimonnc, wasm",
    backend: "wasm",
    goalMilliseconds: 200,
    share: 1,
    prepare: () => prepareDense(OUR_DENSE),
  },
  {
    name: "dense, TensorFlow.js, wasm",
    backend: "wasm",
    goalMilliseconds: null,
    share: 0.3,
    prepare: () => prepareDense(PLAIN_DENSE),
  },
  {
    name: "dense, TensorFlow.js, cpu",
    backend: "cpu",
    goalMilliseconds: null,
    share: 0.1,
    prepare: () => prepareDense(PLAIN_DENSE),
  },
  {
    name: "opening, bimonnc, wasm",
    backend: "wasm",
    goalMilliseconds: 80,
    share: 2,
    prepare: () => prepareOpening(ourLayer),
  },
  {
    name: "opening, bimonnc, cpu",
    backend: "cpu",
    goalMilliseconds: null,
    share: 0.1,
    prepare: () => prepareOpening(ourLayer),
  },
  {
    name: "opening, TensorFlow.js, cpu",
    backend: "cpu",
    goalMilliseconds: null,
    share: 0.1,
    prepare: () => prepareOpening(plainLayer),
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
  const loss = one.prepare();
  const optimizer = tf.train.adam(1e-3);
  const times: number[] = [];
  for (let step = 0; step < WARM_UP + steps; step++) {
    const start = performance.now();
    const value = optimizer.minimize(loss, true);
    // Reads the value, so that nothing is left to be computed.
    value?.dataSync();
    value?.dispose();
    if (step >= WARM_UP) times.push(performance.now() - start);
  }
  optimizer.dispose();
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
  const machine = describeMachine();
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
