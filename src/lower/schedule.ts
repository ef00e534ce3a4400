/** Which values of a module get a buffer, with which border, and which stage of the program computes them. */
import { InternalError } from "../diagnostics.js";
import {
  type Dilation,
  type Erosion,
  type MorphModule,
  type MorphNode,
  type MorphValue,
  operandsOf,
  type ValueId,
} from "../ir/node.js";
import { typesOf, type ValueType } from "../ir/type.js";
import type { BorderRule } from "../morph/border.js";
import { elementOffsets, type Offset } from "../morph/structuring-element.js";

/** How the surroundings of a buffered image are filled; `none` when nothing reads them. */
export type Surroundings = BorderRule | "none";

/** A packed image in scratch memory. A value read with both border rules has two. */
export interface Plane {
  readonly value: ValueId;
  readonly surroundings: Surroundings;
}

export interface Schedule {
  readonly module: MorphModule;
  readonly types: readonly ValueType[];
  /** Values that an output depends on. */
  readonly live: ReadonlySet<ValueId>;
  /** Of these, the ones with another user than complements. */
  readonly usedPlainly: ReadonlySet<ValueId>;
  /** Image values kept in planes, with each plane's surroundings, in order of definition. */
  readonly planes: ReadonlyMap<ValueId, readonly Surroundings[]>;
  /** Plane values computed from other planes, by stage; a stage reads only planes of earlier stages. */
  readonly stages: readonly (readonly ValueId[])[];
}

/** A read of the pixel at an offset from the one that is computed. */
export interface Read extends Offset {
  readonly input: ValueId;
}

/** What a node reads around a pixel, and what it finds outside the picture. */
export interface NeighbourhoodReads {
  readonly reads: readonly Read[];
  readonly border: BorderRule;
}

/** Nodes do not change, and every step asks for the reads of all. */
const READS = new WeakMap<MorphNode, NeighbourhoodReads | null>();

/** Reads of an image operation at other pixels than its own, or null for a pointwise one. */
export function neighbourhoodReads(node: MorphNode): NeighbourhoodReads | null {
  const known = READS.get(node);
  if (known !== undefined) return known;
  const reads = readsAround(node);
  READS.set(node, reads);
  return reads;
}

/** What an erosion or dilation reads, one pixel for each member of its element. */
export function elementReads(node: Erosion | Dilation): readonly Read[] {
  return neighbourhoodReads(node)?.reads ?? [];
}

function readsAround(node: MorphNode): NeighbourhoodReads | null {
  switch (node.kind) {
    case "erosion":
    case "dilation": {
      const { kind, input, border } = node;
      const sign = kind === "erosion" ? 1 : -1;
      const reads = elementOffsets(node.element).map(({ row, column }) => ({
        input,
        row: sign * row,
        column: sign * column,
      }));
      return { reads, border };
    }
    case "threshold": {
      const reads = node.terms.map((term) => ({ input: term.input, ...term.offset }));
      return reads.every(({ row, column }) => row === 0 && column === 0) ? null : { reads, border: node.border };
    }
    default:
      return null;
  }
}

export function schedule(module: MorphModule): Schedule {
  const types = typesOf(module);
  const live = liveValues(module);
  const planes = planesOf(module, types, live);
  return {
    module,
    types,
    live,
    usedPlainly: usedPlainly(module, live),
    planes,
    stages: stagesOf(module, types, live, planes),
  };
}

export function valueOf(module: MorphModule, value: ValueId): MorphValue {
  const found = module.values[value];
  if (found === undefined) throw new InternalError(`no value ${value}`);
  return found;
}

export function nodeOf(module: MorphModule, value: ValueId): MorphNode {
  return valueOf(module, value).node;
}

function liveValues(module: MorphModule): Set<ValueId> {
  const live = new Set<ValueId>(module.outputs);
  for (let value = module.values.length - 1; value >= 0; value--) {
    const node = nodeOf(module, value);
    // The operand of a constant lends its type only.
    if (live.has(value) && node.kind !== "constant") for (const operand of operandsOf(node)) live.add(operand);
  }
  return live;
}

function usedPlainly(module: MorphModule, live: ReadonlySet<ValueId>): Set<ValueId> {
  const used = new Set<ValueId>();
  for (const value of live) {
    const node = nodeOf(module, value);
    if (node.kind !== "complement") for (const operand of operandsOf(node)) used.add(operand);
  }
  return used;
}

function planesOf(
  module: MorphModule,
  types: readonly ValueType[],
  live: ReadonlySet<ValueId>,
): Map<ValueId, readonly Surroundings[]> {
  const surroundings = new Map<ValueId, Set<Surroundings>>();
  const need = (value: ValueId, how: Surroundings): void => {
    if (types[value]?.kind === "image") surroundings.set(value, (surroundings.get(value) ?? new Set()).add(how));
  };
  const users = new Map<ValueId, number>();
  const unstored = readOnlyByVectors(module, types, live);
  for (const value of live) {
    const node = nodeOf(module, value);
    const around = neighbourhoodReads(node);
    for (const read of around?.reads ?? []) need(read.input, around?.border ?? "none");
    if (node.kind === "level-set" && !unstored.has(value)) need(value, "none");
    if (node.kind === "subsample") {
      need(value, "none");
      need(node.input, "none");
    }
    for (const operand of new Set(node.kind === "constant" ? [] : operandsOf(node))) {
      users.set(operand, (users.get(operand) ?? 0) + 1);
      if (unstored.has(operand)) continue;
      // A flattened input is read straight from the picture.
      const isInput = nodeOf(module, operand).kind === "input";
      if (isInput ? node.kind !== "flatten" : node.kind === "flatten") need(operand, "none");
    }
  }
  for (const output of module.outputs) need(output, "none");
  // A costly result with several users is computed once.
  for (const [value, count] of users) {
    if (count > 1 && neighbourhoodReads(nodeOf(module, value)) !== null) need(value, "none");
  }
  return new Map(
    [...surroundings]
      .sort(([a], [b]) => a - b)
      .map(([value, set]) => [value, set.size > 1 ? [...set].filter((each) => each !== "none").sort() : [...set]]),
  );
}

/** Level sets, and complements of them or of inputs, that only vectors are made of: the pictures are read for them. */
function readOnlyByVectors(
  module: MorphModule,
  types: readonly ValueType[],
  live: ReadonlySet<ValueId>,
): ReadonlySet<ValueId> {
  const others = new Set<ValueId>(module.outputs);
  for (let value = module.values.length - 1; value >= 0; value--) {
    const node = nodeOf(module, value);
    if (!live.has(value) || node.kind === "flatten" || node.kind === "constant") continue;
    if (node.kind === "complement" && isOfPicture(module, value) && !others.has(value)) continue;
    for (const operand of operandsOf(node)) others.add(operand);
  }
  return new Set(
    [...live].filter((value) => types[value]?.kind === "image" && isOfPicture(module, value) && !others.has(value)),
  );
}

/** Whether a value is an input, a level set, or a complement of such. */
function isOfPicture(module: MorphModule, value: ValueId): boolean {
  let node = nodeOf(module, value);
  while (node.kind === "complement") node = nodeOf(module, node.input);
  return node.kind === "input" || node.kind === "level-set";
}

function stagesOf(
  module: MorphModule,
  types: readonly ValueType[],
  live: ReadonlySet<ValueId>,
  planes: ReadonlyMap<ValueId, unknown>,
): ValueId[][] {
  const depth: number[] = [];
  const stages = new Map<string, { readonly depth: number; readonly values: ValueId[] }>();
  for (const value of [...live].sort((a, b) => a - b)) {
    const node = nodeOf(module, value);
    const type = types[value];
    if (type?.kind !== "image") continue;
    const operands = node.kind === "constant" ? [] : operandsOf(node);
    const own = operands.reduce(
      (deepest, each) => Math.max(deepest, (depth[each] ?? 0) + (planes.has(each) ? 1 : 0)),
      0,
    );
    depth[value] = own;
    if (!planes.has(value) || node.kind === "input" || node.kind === "level-set") continue;
    const key = `${own} ${node.kind === "subsample" ? "subsample" : "compute"} ${type.halvings}`;
    const stage = stages.get(key) ?? { depth: own, values: [] };
    stage.values.push(value);
    stages.set(key, stage);
  }
  return [...stages.values()].sort((a, b) => a.depth - b.depth).map((stage) => stage.values);
}
