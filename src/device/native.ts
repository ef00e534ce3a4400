import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { type Attempt, failed, notInstalled } from "./attempt.js";
import type { PackageLoader } from "./load-package.js";

export type NativePackage = "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";

/** The backend that both packages register. */
const BACKEND = "tensorflow";

/** Opens TensorFlow's own library through one of its packages for Node. */
export async function openNative(name: NativePackage, load: PackageLoader): Promise<Attempt> {
  const packages = [`${name}@${tf.version_core}`];
  restoreRemovedUtilities();
  // TensorFlow's C++ part writes about the processor's features on stderr from level 0 on.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  try {
    if ((await load(name)) === null) return notInstalled(packages, name);
    if (tf.findBackendFactory(BACKEND) === null || !(await tf.setBackend(BACKEND))) {
      return { opened: false, reason: `${name} offers no backend`, remedy: null };
    }
    await tf.ready();
  } catch (error) {
    return failed(packages, `${name} does not load`, error);
  }
  if (name === "@tensorflow/tfjs-node") return { opened: true, text: "TensorFlow on the processor" };
  if (computesOnGpu(tf.backend())) return { opened: true, text: "TensorFlow on a CUDA GPU" };
  return {
    opened: true,
    text: "TensorFlow on the processor",
    reservation: `${name} finds no CUDA GPU that it can use and computes on the processor`,
  };
}

/** The package for GPUs loads without one, too, and says so in a field of its backend. */
function computesOnGpu(backend: object): boolean {
  return !("isUsingGpuDevice" in backend) || backend.isUsingGpuDevice === true;
}

/** TensorFlow.js 4.22 calls functions that Node 23 removed from `node:util`. */
function restoreRemovedUtilities(): void {
  const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
    isArray: (value) => Array.isArray(value),
    isNullOrUndefined: (value) => value === null || value === undefined,
    isNumber: (value) => typeof value === "number",
    isString: (value) => typeof value === "string",
    isUndefined: (value) => value === undefined,
  };
  for (const [name, value] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true });
  }
}
