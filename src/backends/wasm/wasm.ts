/** The WASM backend: one module without imports, its ES wrapper and the wrapper's declarations. */
import { fail, InternalError } from "../../diagnostics.js";
import type { Target } from "../../target/target.js";
import type { Backend } from "../backend.js";
import { buildModule } from "./module.js";
import { printWrapper, printWrapperTypes, stampOf } from "./wrapper.js";

export const wasmBackend: Backend = {
  name: "wasm",
  async emit(program, target, header) {
    const lanes = vectorLanes(target);
    if (lanes > program.lanes) throw new InternalError(`${program.name} leaves room for ${program.lanes} lanes only`);
    const { default: binaryen } = await import("binaryen");
    const module = buildModule(binaryen, program, lanes, stampOf(program, target, header));
    try {
      return [
        // A copy: the library's own array is a view of its memory.
        { path: `${program.name}.wasm`, content: Uint8Array.from(module.emitBinary()) },
        { path: `${program.name}.wasm.js`, content: printWrapper(program, target, header) },
        { path: `${program.name}.wasm.d.ts`, content: printWrapperTypes(program, target, header) },
      ];
    } finally {
      module.dispose();
    }
  },
};

function vectorLanes(target: Target): 1 | 4 {
  if (target.lanes === 1 || target.lanes === 4) return target.lanes;
  return fail("BMN0502", `target ${target.name} has ${target.lanes} lanes; WebAssembly has 1 or 4`, { path: "lanes" });
}
