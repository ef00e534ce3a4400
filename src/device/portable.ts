import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { type Attempt, failed } from "./attempt.js";

/** Opens the WebAssembly backend, which every installation has. */
export async function openWasm(): Promise<Attempt> {
  const require = createRequire(import.meta.url);
  // Wherever the package manager put it, its .wasm files lie beside its main file.
  setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  try {
    if (!(await tf.setBackend("wasm"))) return { opened: false, reason: "WebAssembly does not start", remedy: null };
    await tf.ready();
    const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
    return { opened: true, text: simd ? "wasm (SIMD)" : "wasm (no SIMD)" };
  } catch (error) {
    return failed([], "WebAssembly does not start", error);
  }
}

/** Opens the backend in plain JavaScript: slow, for comparisons. */
export async function openCpu(): Promise<Attempt> {
  await tf.setBackend("cpu");
  await tf.ready();
  return { opened: true, text: "cpu (plain JavaScript)" };
}
