import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { gridSteps, inGridUnits, onGrid } from "../../src/trainer/grid.js";
import { modelBank } from "../../src/trainer/model-bank.js";
import { randomNumbers } from "./operations/backends.js";
import { allBits, answersOf, makeBank, plainAnswers, SOFT } from "./small-banks.js";
import { TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

const NEURONS = 20;

/** Weights of very different sizes; the last neuron has none. */
function drawWeights(inputs: number, seed: number): Float32Array {
  return randomNumbers(NEURONS * inputs, seed).map((value, index) => {
    const neuron = Math.floor(index / inputs);
    return neuron === NEURONS - 1 ? 0 : value * 10 ** ((neuron % 7) - 3);
  });
}

function drawBiases(weights: Float32Array, seed: number): Float32Array {
  const inputs = weights.length / NEURONS;
  return randomNumbers(NEURONS, seed).map((value, neuron) => {
    const own = weights.subarray(neuron * inputs, (neuron + 1) * inputs);
    return value * own.reduce((sum, weight) => sum + Math.abs(weight), 0);
  });
}

describe.each(TENSOR_BACKENDS)("the grid on %s", (backend) => {
  beforeAll(() => useTensorBackend(backend));

  test.each([1, 2, 7, 31])("has integers of at most %d, biases half-way between", (largest) => {
    const inputs = 9;
    const weights = drawWeights(inputs, largest);
    const biases = drawBiases(weights, largest + 1);
    tf.tidy(() => {
      const [w, b] = [tf.tensor2d(weights, [NEURONS, inputs]), tf.tensor1d(biases)];
      const steps = gridSteps(w, largest).dataSync();
      const found = onGrid(w, () => b, largest);
      const units = inGridUnits(w, () => b, tf.ones([NEURONS]), largest);
      const [onW, onB] = [found.weights.dataSync(), found.biases.dataSync()];
      const [unitW, unitB, unitP] = [units.weights.dataSync(), units.biases.dataSync(), units.scales.dataSync()];
      for (let neuron = 0; neuron < NEURONS; neuron++) {
        const own = weights.subarray(neuron * inputs, (neuron + 1) * inputs);
        const mean = own.reduce((sum, weight) => sum + Math.abs(weight), 0) / inputs;
        const step = steps[neuron] ?? 0;
        const most = own.reduce((size, weight) => Math.max(size, Math.abs(weight)), 0);
        const wanted = Math.max(1.53 * largest ** (-2 / 3) * mean, (0.7 * most) / largest);
        if (mean > 0) expect(step / wanted).toBeCloseTo(1, 5);
        expect(unitP[neuron]).toBe(step);
        own.forEach((weight, input) => {
          const k = unitW[neuron * inputs + input] ?? NaN;
          expect(Number.isInteger(k) && Math.abs(k) <= largest).toBe(true);
          expect(onW[neuron * inputs + input]).toBe(Math.fround(k * step));
          // The nearest one, but for what is cut off.
          if (Math.abs(weight / step) <= largest) expect(Math.abs(weight / step - k)).toBeLessThanOrEqual(0.5 + 1e-5);
          else expect(k).toBe(Math.sign(weight) * largest);
        });
        if (mean === 0) continue;
        expect(Math.abs((unitB[neuron] ?? 0) % 1)).toBe(0.5);
        expect(onB[neuron]).toBe(Math.fround((unitB[neuron] ?? NaN) * step));
        expect(Math.abs((biases[neuron] ?? 0) / step - (unitB[neuron] ?? NaN))).toBeLessThanOrEqual(0.5 + 1e-4);
      }
    });
  });

  test("of 1 to 10 inputs answers the bits of its integers, whatever the input", () => {
    for (let inputs = 1; inputs <= 10; inputs++) {
      const vectors = allBits(inputs);
      for (const largest of [1, 3, 7]) {
        const weights = drawWeights(inputs, 100 * inputs + largest);
        const biases = drawBiases(weights, 200 * inputs + largest);
        const scales = randomNumbers(NEURONS, inputs);
        const bank = makeBank({ weights: "raw" }, weights, biases, scales);
        const setting = { ...SOFT, hardened: true, grid: largest };
        const exported = modelBank(bank, setting);
        expect(exported.activation).toBe("step");
        expect(exported.weights.every(Number.isInteger)).toBe(true);
        expect(answersOf(bank, vectors, setting)).toEqual(plainAnswers(exported, vectors));
        bank.dispose();
      }
    }
  });

  test("lets the gradient pass as if there was none", () => {
    const [weights, biases] = [drawWeights(5, 1), drawBiases(drawWeights(5, 1), 2)];
    const dy = [randomNumbers(NEURONS * 5, 3), randomNumbers(NEURONS, 4)] as const;
    const gradients = tf.tidy(() =>
      tf
        .grads((w, b) => {
          const found = onGrid(w as tf.Tensor2D, () => b as tf.Tensor1D, 3);
          const weighted = tf.sum(tf.mul(found.weights, tf.tensor2d(dy[0], [NEURONS, 5])));
          return tf.add(weighted, tf.sum(tf.mul(found.biases, tf.tensor1d(dy[1]))));
        })([tf.tensor2d(weights, [NEURONS, 5]), tf.tensor1d(biases)])
        .map((gradient) => gradient.dataSync()),
    );
    expect(gradients).toEqual([...dy]);
  });
});
