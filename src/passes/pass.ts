import type { MorphModule, ValueId } from "../ir/node.js";
import { operandsOf } from "../ir/node.js";

/**
 * A rewrite of MorphIR. It keeps what `interpretModule` answers for every picture, at every size of the frame, and the
 * invariants of `verifyModule`; so the grade that the module was given stays true.
 */
export interface Pass {
  readonly name: string;
  /** The laws, and the border condition under which they hold. */
  readonly description: string;
  /** The same module, not an equal one, where there is nothing to do. */
  readonly run: (module: MorphModule) => MorphModule;
}

/** For each value, how many values and outputs take it; a `like` takes nothing but the type. */
export function countUses(module: MorphModule): Uint32Array {
  const uses = new Uint32Array(module.values.length);
  for (const { node } of module.values) {
    if (node.kind === "constant") continue;
    for (const operand of new Set(operandsOf(node))) uses[operand] = (uses[operand] ?? 0) + 1;
  }
  for (const output of module.outputs) uses[output] = (uses[output] ?? 0) + 1;
  return uses;
}

/** Values that an output depends on, without those that lend their type to a constant alone. */
export function liveValues(module: MorphModule): ReadonlySet<ValueId> {
  const live = new Set<ValueId>(module.outputs);
  for (let id = module.values.length - 1; id >= 0; id--) {
    const node = module.values[id]?.node;
    if (node === undefined || !live.has(id) || node.kind === "constant") continue;
    for (const operand of operandsOf(node)) live.add(operand);
  }
  return live;
}
