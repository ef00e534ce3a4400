import * as tf from "@tensorflow/tfjs";
import { type Attempt, failed, notInstalled } from "./attempt.js";
import type { PackageLoader } from "./load-package.js";

const BACKEND = "webgpu";
const BACKEND_PACKAGE = "@tensorflow/tfjs-backend-webgpu";
/** Dawn, the implementation of WebGPU in Chromium, for Node. */
const DAWN_PACKAGE = "webgpu";

/** Opens a GPU through WebGPU. */
export async function openWebGpu(load: PackageLoader): Promise<Attempt> {
  const backendPackage = `${BACKEND_PACKAGE}@${tf.version_core}`;
  const packages = [DAWN_PACKAGE, backendPackage];
  try {
    const dawn = await load(DAWN_PACKAGE);
    if (dawn === null) return notInstalled(packages, DAWN_PACKAGE);
    offerGpu(createGpu(dawn));
    if ((await load(BACKEND_PACKAGE)) === null) return notInstalled(packages, backendPackage);
    if (tf.findBackendFactory(BACKEND) === null || !(await tf.setBackend(BACKEND))) {
      return { opened: false, reason: "WebGPU finds no graphics adapter (a Vulkan driver is needed)", remedy: null };
    }
    await tf.ready();
    return { opened: true, text: "WebGPU" };
  } catch (error) {
    return failed(packages, "WebGPU does not start", error);
  }
}

function createGpu(dawn: unknown): unknown {
  if (typeof dawn !== "object" || dawn === null || !("create" in dawn) || typeof dawn.create !== "function") {
    throw new Error(`the package ${DAWN_PACKAGE} has no function create`);
  }
  if ("globals" in dawn && typeof dawn.globals === "object") Object.assign(globalThis, dawn.globals);
  return dawn.create([]) as unknown;
}

/** Puts the GPU where a browser has it; Node has `navigator` from version 21 on. */
function offerGpu(gpu: unknown): void {
  const property = { value: gpu, configurable: true };
  const navigator: unknown = Reflect.get(globalThis, "navigator");
  if (typeof navigator === "object" && navigator !== null) {
    Object.defineProperty(navigator, "gpu", property);
  } else {
    Object.defineProperty(globalThis, "navigator", {
      value: Object.defineProperty({}, "gpu", property),
      configurable: true,
    });
  }
}
