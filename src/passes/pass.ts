import { type MorphModule, type MorphNode, operandsOf } from "../ir/node.js";

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

/** For each value whether an output depends on it, and not for its type alone. */
export function liveValues(module: MorphModule): readonly boolean[] {
  const live = module.values.map(() => false);
  for (const output of module.outputs) live[output] = true;
  for (let id = module.values.length - 1; id >= 0; id--) {
    const node = module.values[id]?.node;
    if (node === undefined || live[id] !== true || node.kind === "constant") continue;
    for (const operand of operandsOf(node)) live[operand] = true;
  }
  return live;
}

export function hasNode({ values }: MorphModule, ...kinds: readonly MorphNode["kind"][]): boolean {
  return values.some(({ node }) => kinds.includes(node.kind));
}
