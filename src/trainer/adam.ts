/**
 * Adam (Kingma & Ba, arXiv 1412.6980, Algorithm 1). Its whole state is two arrays for each variable and a count, so that
 * training goes on from a checkpoint to the same bits; tf.train.adam recomputes its decays when it is restored, and does not.
 */
import * as tf from "@tensorflow/tfjs";

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/** Running means of a variable's gradient and of its square. */
interface Moments {
  readonly first: tf.Variable;
  readonly second: tf.Variable;
  /** Updates so far. */
  count: number;
}

export interface MomentState {
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly count: number;
}

export class Adam {
  readonly #moments = new Map<tf.Variable, Moments>();

  /** One update of each variable. */
  apply(variables: readonly tf.Variable[], gradients: readonly (tf.Tensor | undefined)[], learningRate: number): void {
    variables.forEach((variable, index) => {
      const gradient = gradients[index];
      if (gradient !== undefined) this.#update(variable, gradient, learningRate);
    });
  }

  #update(variable: tf.Variable, gradient: tf.Tensor, learningRate: number): void {
    const moments = this.#of(variable);
    moments.count++;
    const firstCorrection = 1 - FIRST_DECAY ** moments.count;
    const secondCorrection = Math.sqrt(1 - SECOND_DECAY ** moments.count);
    // α·(m / c1) / (√v / c2 + ε) = (α·c2 / c1) · m / (√v + ε·c2).
    const rate = (learningRate * secondCorrection) / firstCorrection;
    tf.tidy(() => {
      const first = tf.add(tf.mul(moments.first, FIRST_DECAY), tf.mul(gradient, 1 - FIRST_DECAY));
      const square = tf.mul(tf.square(gradient), 1 - SECOND_DECAY);
      const second = tf.add(tf.mul(moments.second, SECOND_DECAY), square);
      const step = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), EPSILON * secondCorrection));
      moments.first.assign(first);
      moments.second.assign(second);
      variable.assign(tf.sub(variable, step));
    });
  }

  #of(variable: tf.Variable): Moments {
    const known = this.#moments.get(variable);
    if (known !== undefined) return known;
    const zeros = (): tf.Variable => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    const moments = { first: zeros(), second: zeros(), count: 0 };
    this.#moments.set(variable, moments);
    return moments;
  }

  /** The state of a variable; zeros where it was never updated. */
  state(variable: tf.Variable): MomentState {
    const { first, second, count } = this.#of(variable);
    return { first: first.dataSync<"float32">(), second: second.dataSync<"float32">(), count };
  }

  restore(variable: tf.Variable, state: MomentState): void {
    const moments = this.#of(variable);
    moments.count = state.count;
    tf.tidy(() => {
      moments.first.assign(tf.tensor(state.first, variable.shape));
      moments.second.assign(tf.tensor(state.second, variable.shape));
    });
  }

  /** Forgets all gradients. */
  reset(): void {
    for (const { first, second } of this.#moments.values()) {
      first.dispose();
      second.dispose();
    }
    this.#moments.clear();
  }
}
