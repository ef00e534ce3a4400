import * as tf from "@tensorflow/tfjs";

/** A differentiable operation on tensors, written as its value and its first derivatives. */
export interface Operation<Input extends string, Attributes extends tf.NamedAttrMap> {
  /** Distinct among all operations. */
  readonly name: string;
  readonly inputs: readonly Input[];
  /** The value; a new tensor, never one of the inputs. Intermediate tensors are disposed of. */
  readonly value: (inputs: Readonly<Record<Input, tf.Tensor>>, attributes: Attributes) => tf.Tensor;
  /** For each input the product of `dy` (gradient to the value) and the Jacobian; called only where it is needed. */
  readonly gradients: (
    dy: tf.Tensor,
    saved: Readonly<Record<Input, tf.Tensor>> & { readonly value: tf.Tensor },
    attributes: Attributes,
  ) => Readonly<Record<Input, () => tf.Tensor>>;
  /** The gradients read the value. */
  readonly savesValue?: boolean;
}

/**
 * Makes an operation known to TensorFlow.js as a kernel of the backend in use, and returns the function that applies it.
 *
 * `tf.customGrad` would be shorter, but it computes the gradients to all inputs at once, also to a network's input, which
 * nobody reads; of a registered gradient TensorFlow.js calls only the parts that lie on a path to a variable. The
 * gradients are of first order: they are not themselves recorded.
 */
export function defineOperation<Input extends string, Attributes extends tf.NamedAttrMap>(
  operation: Operation<Input, Attributes>,
): (inputs: Readonly<Record<Input, tf.Tensor>>, attributes: Attributes) => tf.Tensor {
  const kernelName = `bimonnc:${operation.name}`;
  return (inputs, attributes) => {
    register(kernelName, operation);
    const value = tf.engine().runKernel(kernelName, inputs, attributes);
    return value as tf.Tensor;
  };
}

function register<Input extends string, Attributes extends tf.NamedAttrMap>(
  kernelName: string,
  operation: Operation<Input, Attributes>,
): void {
  const backendName = tf.getBackend();
  if (tf.getKernel(kernelName, backendName) === undefined) {
    tf.registerKernel({
      kernelName,
      backendName,
      // TensorFlow.js hands the tensors themselves on, though its typings promise no more than their descriptions.
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => operation.value(inputs as unknown as Record<Input, tf.Tensor>, attrs as Attributes)),
    });
  }
  if (tf.getGradient(kernelName) === undefined) {
    tf.registerGradient({
      kernelName,
      inputsToSave: [...operation.inputs],
      outputsToSave: [operation.savesValue === true],
      gradFunc: (dy, saved, attributes) => {
        const names = [...operation.inputs, "value"];
        const tensors = Object.fromEntries(saved.map((tensor, index) => [names[index], tensor]));
        return operation.gradients(
          dy as tf.Tensor,
          tensors as Record<Input, tf.Tensor> & { value: tf.Tensor },
          attributes as Attributes,
        );
      },
    });
  }
}
