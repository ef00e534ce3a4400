/** The targets that ship with the compiler; targets/*.json hold them for people and for custom targets to start from. */
import type { Target } from "./target.js";

export const presets: readonly Target[] = [
  { name: "wasm", description: "WebAssembly with 128-bit SIMD", backend: "wasm", lanes: 4 },
  { name: "wasm-mvp", description: "WebAssembly without extensions, for any engine", backend: "wasm", lanes: 1 },
  { name: "js", description: "JavaScript, one module without dependencies", backend: "js", lanes: 1 },
  { name: "c", description: "portable C99; 128-bit vectors where GCC or Clang compiles it", backend: "c", lanes: 4 },
  { name: "c-avx2", description: "C99 with 256-bit vectors, for -mavx2", backend: "c", lanes: 8 },
  { name: "c-avx512", description: "C99 with 512-bit vectors, for -mavx512f", backend: "c", lanes: 16 },
  { name: "c-scalar", description: "C99 on single words, for microcontrollers", backend: "c", lanes: 1 },
];

export function findPreset(name: string): Target | null {
  return presets.find((target) => target.name === name) ?? null;
}
