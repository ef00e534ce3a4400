import * as tf from "@tensorflow/tfjs";
import { InternalError } from "../../diagnostics.js";
import type { BorderRule } from "../../morph/border.js";
import { defineOperation } from "./operation.js";

/** Pixels added on the four sides of an image, none negative. */
export interface FramePadding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

type PaddingAttributes = tf.NamedAttrMap & { readonly [side in keyof FramePadding]: number };

/** Where the nearest pixel of the frame stands: copies of `p` beside it, all of which add to its gradient. */
const replicate = defineOperation({
  name: "replicateBorder",
  inputs: ["planes"],
  value: ({ planes }, padding: PaddingAttributes) => replicateRows(replicateColumns(planes, padding), padding),
  gradients: (dy, _saved, padding) => ({ planes: () => gatherColumns(gatherRows(dy, padding), padding) }),
});

/**
 * Images [images, height, width] with a border outside their frame; differentiable once. Values must be finite.
 */
export function padPlanes(planes: tf.Tensor3D, padding: FramePadding, border: BorderRule): tf.Tensor3D {
  const { top, bottom, left, right } = padding;
  if (Math.min(top, bottom, left, right) < 0) throw new InternalError("negative padding");
  if (top + bottom + left + right === 0) return planes;
  if (border === "zeros") {
    return tf.pad3d(planes, [
      [0, 0],
      [top, bottom],
      [left, right],
    ]);
  }
  return replicate({ planes }, { top, bottom, left, right }) as tf.Tensor3D;
}

/** The shape of images, and of the border around them. */
function sizes(planes: tf.Tensor): readonly [number, number, number] {
  const [images = 0, height = 0, width = 0] = planes.shape;
  return [images, height, width];
}

/**
 * [width, left + width + right]: 1 where a padded column is a copy of a column. A product with it is exact, and faster on
 * the WebAssembly backend than gathering or joining columns, which moves pixels one by one.
 */
function copiesOfColumns(width: number, { left, right }: FramePadding): tf.Tensor2D {
  const padded = left + width + right;
  const matrix = new Float32Array(width * padded);
  for (let column = 0; column < padded; column++) {
    const source = Math.min(Math.max(column - left, 0), width - 1);
    matrix[source * padded + column] = 1;
  }
  return tf.tensor2d(matrix, [width, padded]);
}

function replicateColumns(planes: tf.Tensor, padding: FramePadding): tf.Tensor {
  const { left, right } = padding;
  if (left + right === 0) return planes;
  const [images, height, width] = sizes(planes);
  const rows = tf.reshape(planes, [images * height, width]);
  const padded = tf.matMul(rows, copiesOfColumns(width, padding));
  return tf.reshape(padded, [images, height, left + width + right]);
}

function gatherColumns(dy: tf.Tensor, padding: FramePadding): tf.Tensor {
  const { left, right } = padding;
  if (left + right === 0) return dy;
  const [images, height, padded] = sizes(dy);
  const width = padded - left - right;
  const rows = tf.reshape(dy, [images * height, padded]);
  const gradient = tf.matMul(rows, tf.transpose(copiesOfColumns(width, padding)));
  return tf.reshape(gradient, [images, height, width]);
}

function replicateRows(planes: tf.Tensor, { top, bottom }: FramePadding): tf.Tensor {
  if (top + bottom === 0) return planes;
  const [, height] = sizes(planes);
  const first = sliceRows(planes, 0, 1);
  const last = sliceRows(planes, height - 1, 1);
  const above = Array.from({ length: top }, () => first);
  const below = Array.from({ length: bottom }, () => last);
  return tf.concat([...above, planes, ...below], 1);
}

function gatherRows(dy: tf.Tensor, { top, bottom }: FramePadding): tf.Tensor {
  if (top + bottom === 0) return dy;
  const [, padded] = sizes(dy);
  const height = padded - top - bottom;
  if (height === 1) return tf.sum(dy, 1, true);
  return tf.concat(
    [
      tf.sum(sliceRows(dy, 0, top + 1), 1, true),
      sliceRows(dy, top + 1, height - 2),
      tf.sum(sliceRows(dy, padded - bottom - 1, bottom + 1), 1, true),
    ],
    1,
  );
}

function sliceRows(planes: tf.Tensor, from: number, rows: number): tf.Tensor {
  const [images, , width] = sizes(planes);
  return tf.slice(planes, [0, from, 0], [images, rows, width]);
}
