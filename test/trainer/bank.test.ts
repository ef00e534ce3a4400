import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { activate } from "../../src/model/activation.js";
import { modelBank } from "../../src/trainer/model-bank.js";
import { randomNumbers } from "./operations/backends.js";
import { allBits, answersOf, makeBank, plainAnswers, SOFT } from "./small-banks.js";
import { TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

const NEURONS = 12;
const INPUTS = 8;
const VECTORS = allBits(INPUTS);

const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));
const softplus = (w: number): number => Math.log1p(Math.exp(w));

function expectNear(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  tolerance: number,
) {
  const worst = found.reduce(
    (most, row, index) =>
      row.reduce((worse, value, place) => Math.max(worse, Math.abs(value - (expected[index]?.[place] ?? NaN))), most),
    0,
  );
  expect(found.length).toBe(expected.length);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** Gradients of Σ dy·answer to the inputs and to the parameters of the weights. */
function gradientsOf(
  bank: ReturnType<typeof makeBank>,
  vectors: readonly (readonly number[])[],
  dy: Float32Array,
  setting: typeof SOFT,
): { readonly x: number[][]; readonly w: number[][] } {
  return tf.tidy(() => {
    const loss = (x: tf.Tensor2D): tf.Scalar => {
      const y = bank.respond((weights) => tf.matMul(x, weights, false, true), setting);
      return tf.sum(tf.mul(y, tf.tensor(dy, y.shape)));
    };
    const x = tf.variable(tf.tensor2d(vectors.map((vector) => [...vector])));
    const { grads } = tf.variableGrads(() => loss(x), [x, bank.weights]);
    const found = {
      x: grads[x.name]?.arraySync() as number[][],
      w: grads[bank.weights.name]?.arraySync() as number[][],
    };
    x.dispose();
    return found;
  });
}

describe.each(TENSOR_BACKENDS)("a bank on %s", (backend) => {
  beforeAll(() => useTensorBackend(backend));

  describe.each(["tanh", "sigmoid", "erf", "arctan"] as const)("of thresholds with %s", (activation) => {
    const given = { weights: "raw", activation };
    const [weights, biases] = [randomNumbers(NEURONS * INPUTS, 1), randomNumbers(NEURONS, 2)];
    const scales = randomNumbers(NEURONS, 3).map((scale) => 4 * scale);

    test("answers ξ(P·sharpness·(W·x − B)) while it is soft", () => {
      const bank = makeBank(given, weights, biases, scales);
      const setting = { ...SOFT, sharpness: 2.5 };
      const expected = VECTORS.map((vector) =>
        Array.from({ length: NEURONS }, (_, neuron) => {
          const sum = vector.reduce(
            (partial, bit, input) => partial + bit * (weights[neuron * INPUTS + input] ?? 0),
            0,
          );
          return activate(activation, (scales[neuron] ?? 0) * 2.5 * (sum - (biases[neuron] ?? 0)));
        }),
      );
      expectNear(answersOf(bank, VECTORS, setting), expected, 5e-6);
      expectNear(plainAnswers(modelBank(bank, setting), VECTORS), expected, 1e-6);
      bank.dispose();
    });

    test("answers the bits of the exported steps when it is hardened", () => {
      const bank = makeBank(given, weights, biases, scales);
      const setting = { ...SOFT, hardened: true, sharpness: 7 };
      const exported = modelBank(bank, setting);
      expect(exported).toMatchObject({ activation: "step", count: NEURONS, inputsPerNeuron: INPUTS });
      expect(exported.scales).toEqual(scales.map(Math.sign));
      expect(answersOf(bank, VECTORS, setting)).toEqual(plainAnswers(exported, VECTORS));
      bank.dispose();
    });
  });

  test("of hardened thresholds has the gradient of ½tanh(surrogate·u) + ½, u = P·(W·x − B)", () => {
    const [weights, biases] = [randomNumbers(NEURONS * INPUTS, 4), randomNumbers(NEURONS, 5)];
    const scales = randomNumbers(NEURONS, 6).map((scale) => 2 * scale);
    const bank = makeBank({ weights: "raw" }, weights, biases, scales);
    const vectors = VECTORS.slice(40, 60);
    const dy = randomNumbers(vectors.length * NEURONS, 7);
    const surrogate = 0.7;
    const found = gradientsOf(bank, vectors, dy, { ...SOFT, hardened: true, surrogate, sharpness: 9 });
    const byU = vectors.map((vector, row) =>
      Array.from({ length: NEURONS }, (_, neuron) => {
        const sum = vector.reduce((partial, bit, input) => partial + bit * (weights[neuron * INPUTS + input] ?? 0), 0);
        const u = (scales[neuron] ?? 0) * (sum - (biases[neuron] ?? 0));
        const derivative = (surrogate / 2) * (1 - Math.tanh(surrogate * u) ** 2);
        return (dy[row * NEURONS + neuron] ?? 0) * derivative * (scales[neuron] ?? 0);
      }),
    );
    const byX = byU.map((row) =>
      Array.from({ length: INPUTS }, (_, input) =>
        row.reduce((sum, value, neuron) => sum + value * (weights[neuron * INPUTS + input] ?? 0), 0),
      ),
    );
    const byW = Array.from({ length: NEURONS }, (_, neuron) =>
      Array.from({ length: INPUTS }, (__, input) =>
        byU.reduce((sum, row, index) => sum + (row[neuron] ?? 0) * (vectors[index]?.[input] ?? 0), 0),
      ),
    );
    expectNear(found.x, byX, 1e-5);
    expectNear(found.w, byW, 1e-5);
    bank.dispose();
  });

  describe.each(["erosion", "dilation"] as const)("of soft %ss", (form) => {
    const parameters = randomNumbers(NEURONS * INPUTS, 8).map((value) => 3 * value - 0.5);
    const [sharpness, scale] = [1.7, 1.3];
    const effective = Array.from(parameters, softplus);
    const bankOf = () => makeBank({ form, scale }, parameters, new Float32Array(NEURONS));
    const setting = { ...SOFT, sharpness };
    const softAnswer = (vector: readonly number[], neuron: number): number => {
      const exponent = vector.reduce((sum, bit, input) => {
        const counts = form === "erosion" ? 1 - bit : bit;
        return sum + counts * (effective[neuron * INPUTS + input] ?? 0);
      }, 0);
      const fading = Math.exp(-scale * sharpness * exponent);
      return form === "erosion" ? fading : 1 - fading;
    };
    /** The inputs without which alone an erosion falls below ½, or which alone lift a dilation above it. */
    const members = Array.from({ length: NEURONS }, (_, neuron) =>
      Array.from({ length: INPUTS }, (__, input) => {
        const alone = Array.from({ length: INPUTS }, (___, other) =>
          Number((other === input) === (form === "dilation")),
        );
        return softAnswer(alone, neuron) > 0.5 === (form === "dilation");
      }),
    );

    test("answers its formula, never beyond 0 … 1", () => {
      const bank = bankOf();
      const found = answersOf(bank, VECTORS, setting);
      const expected = VECTORS.map((vector) => members.map((_, neuron) => softAnswer(vector, neuron)));
      expectNear(found, expected, 5e-6);
      expect(found.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
      bank.dispose();
    });

    test("is cut to the set of its large weights, and exported as such", () => {
      const bank = bankOf();
      const hardened = { ...setting, hardened: true };
      const exported = modelBank(bank, hardened);
      const expected = VECTORS.map((vector) =>
        members.map((isMember) => {
          const inside = vector.filter((_, input) => isMember[input]);
          return Number(form === "erosion" ? inside.every((bit) => bit === 1) : inside.includes(1));
        }),
      );
      expect(answersOf(bank, VECTORS, hardened)).toEqual(expected);
      expect(plainAnswers(exported, VECTORS)).toEqual(expected);
      expect([...exported.weights].map((weight) => weight === 1)).toEqual(members.flat());
      bank.dispose();
    });

    test("has, hardened, the gradient of exp(−surrogate · members that count)", () => {
      const bank = bankOf();
      const vectors = VECTORS.slice(60, 90);
      const dy = randomNumbers(vectors.length * NEURONS, 9);
      const surrogate = 0.8;
      const found = gradientsOf(bank, vectors, dy, { ...setting, hardened: true, surrogate });
      const counts = (bit: number): number => (form === "erosion" ? 1 - bit : bit);
      // Of 1 − exp for a dilation, whose count grows with x; an erosion's falls.
      const byCount = vectors.map((vector, row) =>
        members.map((isMember, neuron) => {
          const count = vector.filter((bit, input) => isMember[input] && counts(bit) === 1).length;
          const slope = surrogate * Math.exp(-surrogate * count) * (form === "erosion" ? -1 : 1);
          return (dy[row * NEURONS + neuron] ?? 0) * slope;
        }),
      );
      const sign = form === "erosion" ? -1 : 1;
      const byX = byCount.map((row) =>
        Array.from({ length: INPUTS }, (_, input) =>
          row.reduce((sum, value, neuron) => sum + (members[neuron]?.[input] ? sign * value : 0), 0),
        ),
      );
      const byW = members.map((_, neuron) =>
        Array.from({ length: INPUTS }, (__, input) => {
          const toEffective = byCount.reduce(
            (sum, row, index) => sum + (row[neuron] ?? 0) * counts(vectors[index]?.[input] ?? 0),
            0,
          );
          return toEffective * sigmoid(parameters[neuron * INPUTS + input] ?? 0);
        }),
      );
      expectNear(found.x, byX, 1e-5);
      expectNear(found.w, byW, 1e-5);
      bank.dispose();
    });
  });

  test("an erosion by nothing holds always, a dilation by nothing never", () => {
    for (const [form, bit] of [
      ["erosion", 1],
      ["dilation", 0],
    ] as const) {
      const bank = makeBank({ form }, new Float32Array(3).fill(-20), new Float32Array(1));
      const setting = { ...SOFT, hardened: true };
      expect(answersOf(bank, allBits(3), setting).flat()).toEqual(Array(8).fill(bit));
      expect(plainAnswers(modelBank(bank, setting), allBits(3)).flat()).toEqual(Array(8).fill(bit));
      bank.dispose();
    }
  });

  test("literals take each input or its complement, or neither", () => {
    const parameters = Float32Array.of(2, -3, 0, 0.1, -0.2, 4);
    const bank = makeBank({ form: "erosion", weights: "literals" }, parameters, new Float32Array(1));
    expect(bank.inputs).toBe(12);
    const vectors = allBits(6).map((bits) => [...bits, ...bits.map((bit) => 1 - bit)]);
    const hardened = { ...SOFT, hardened: true };
    // x₀ ∧ ¬x₁ ∧ x₅: the others are below ln 2.
    const expected = allBits(6).map((bits) => [Number(bits[0] === 1 && bits[1] === 0 && bits[5] === 1)]);
    expect(answersOf(bank, vectors, hardened)).toEqual(expected);
    expect(plainAnswers(modelBank(bank, hardened), vectors)).toEqual(expected);
    const soft = allBits(6).map((bits) => {
      const exponent = bits.reduce((sum, bit, input) => {
        const parameter = parameters[input] ?? 0;
        return sum + Math.max(parameter, 0) * (1 - bit) + Math.max(-parameter, 0) * bit;
      }, 0);
      return [Math.exp(-exponent)];
    });
    expectNear(answersOf(bank, vectors, SOFT), soft, 1e-6);
    // At 0 a literal is drawn to both sides alike: ½ for each.
    const { w } = gradientsOf(bank, [[1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0]], Float32Array.of(1), SOFT);
    expect(w[0]?.[2]).toBeCloseTo(0.5, 5);
    bank.dispose();
  });

  test("tells apart what is trained and what is not", () => {
    const trained = (given: object) => {
      const bank = makeBank(given, new Float32Array(2), new Float32Array(1));
      const names = bank.variables.filter((each) => each.trained).map(({ name }) => name);
      bank.dispose();
      return names;
    };
    expect(trained({})).toEqual(["bank.weights", "bank.biases", "bank.scales"]);
    expect(trained({ learnedScale: false })).toEqual(["bank.weights", "bank.biases"]);
    expect(trained({ form: "erosion" })).toEqual(["bank.weights"]);
  });

  test("that is still soft is no neuron of a model", () => {
    const bank = makeBank({ form: "dilation" }, new Float32Array(2), new Float32Array(1));
    expect(() => modelBank(bank, SOFT)).toThrow("still soft");
    bank.dispose();
  });
});
