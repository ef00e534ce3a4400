import * as tf from "@tensorflow/tfjs";

/** Runs `action` and frees the tensors that it made, but variables; for results that hold no tensors of their own. */
export function inScope<T>(action: () => T): T {
  const results: T[] = [];
  tf.tidy(() => {
    results.push(action());
  });
  return results[0] as T;
}
