import type * as tf from "@tensorflow/tfjs";
import type { BorderRule } from "../../morph/border.js";
import { type FramePadding, padPlanes } from "./pad-planes.js";
import { fromPlanes, toPlanes } from "./planes.js";

/**
 * The border that a window of the given size needs so that the result keeps the image's size: `floor(k/2)` before, as the
 * window's centre is at that index, and the rest after.
 */
export function paddingForKernel(height: number, width: number): FramePadding {
  const top = Math.floor(height / 2);
  const left = Math.floor(width / 2);
  return { top, bottom: height - 1 - top, left, right: width - 1 - left };
}

/**
 * Images [batch, height, width, channels] with a border outside their frame, by the nearest pixel or by 0;
 * differentiable once. The border may be wider than the image. Values must be finite.
 */
export function padFrame(x: tf.Tensor4D, padding: FramePadding, border: BorderRule): tf.Tensor4D {
  return fromPlanes(padPlanes(toPlanes(x), padding, border), x.shape[3], 1);
}
