import * as tf from "@tensorflow/tfjs";
import { InternalError, unreachable } from "../diagnostics.js";
import type { Attempt } from "./attempt.js";
import { loadPackage, type PackageLoader } from "./load-package.js";
import { openNative } from "./native.js";
import { openCpu, openWasm } from "./portable.js";
import { openWebGpu } from "./webgpu.js";

/** What a user may ask for. */
export const DEVICE_CHOICES = ["auto", "wasm", "cpu", "node", "gpu", "webgpu"] as const;

export type DeviceChoice = (typeof DEVICE_CHOICES)[number];
export type DeviceName = Exclude<DeviceChoice, "auto">;

/** What TensorFlow.js computes on. */
export interface Device {
  readonly name: DeviceName;
  /** One line: what computes, and why. */
  readonly description: string;
  /** One line on why it is not what was chosen, and the command that mends it; null if it is what was chosen. */
  readonly fallback: string | null;
}

/** Fastest first; WebGPU is left out, as its drivers are not yet dependable enough to be taken without being asked for. */
const AUTOMATIC: readonly DeviceName[] = ["gpu", "node", "wasm"];

/**
 * Makes a device the one on which TensorFlow.js computes from here on, in silence. Where the chosen one cannot be opened,
 * WebAssembly takes its place; `auto` takes the fastest of those that are installed.
 * @param load imports optional packages
 */
export async function openDevice(choice: DeviceChoice, load: PackageLoader = loadPackage): Promise<Device> {
  // Banners and advice of TensorFlow.js would mix with the program's own output.
  tf.env().set("PROD", true);
  return choice === "auto" ? openFastest(load) : openChosen(choice, load);
}

async function openFastest(load: PackageLoader): Promise<Device> {
  const reasons: string[] = [];
  for (const candidate of AUTOMATIC) {
    const attempt = await open(candidate, load);
    if (!attempt.opened) {
      reasons.push(attempt.reason);
      continue;
    }
    const name = nameOf(candidate, attempt);
    if (attempt.reservation !== undefined) reasons.push(attempt.reservation);
    return { name, description: [`${attempt.text}: auto`, ...reasons].join("; "), fallback: null };
  }
  throw new InternalError(`no device: ${reasons.join("; ")}`);
}

async function openChosen(choice: DeviceName, load: PackageLoader): Promise<Device> {
  const attempt = await open(choice, load);
  if (attempt.opened) {
    const { text, reservation } = attempt;
    const name = nameOf(choice, attempt);
    if (reservation === undefined) return { name, description: `${text}: as chosen`, fallback: null };
    return { name, description: `${text}: instead of ${choice}`, fallback: `device ${choice}: ${reservation}` };
  }
  const substitute = await openWasm();
  if (!substitute.opened || choice === "wasm") throw new InternalError(attempt.reason);
  const remedy = attempt.remedy === null ? "" : `; to mend it: ${attempt.remedy}`;
  return {
    name: "wasm",
    description: `${substitute.text}: instead of ${choice}`,
    fallback: `device ${choice}: ${attempt.reason}; ${substitute.text} computes instead${remedy}`,
  };
}

/** The package for GPUs computes on the processor where it finds none. */
function nameOf(name: DeviceName, attempt: Attempt & { readonly opened: true }): DeviceName {
  return name === "gpu" && attempt.reservation !== undefined ? "node" : name;
}

async function open(name: DeviceName, load: PackageLoader): Promise<Attempt> {
  switch (name) {
    case "wasm":
      return openWasm();
    case "cpu":
      return openCpu();
    case "node":
      return openNative("@tensorflow/tfjs-node", load);
    case "gpu":
      return openNative("@tensorflow/tfjs-node-gpu", load);
    case "webgpu":
      return openWebGpu(load);
    default:
      return unreachable(name);
  }
}
