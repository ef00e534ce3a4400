/** Functions of a neuron's input bits: as MorphIR holds them, and as a certificate words them. */
import type { MorphModule, MorphNode, ValueId } from "../ir/node.js";
import type { BorderRule } from "../morph/border.js";
import { elementOffsets } from "../morph/structuring-element.js";
import type { Claim } from "./format.js";

/**
 * Over the bits 0 … n − 1: an or of ands, so that an erosion is one set, a dilation one-element sets, false no set and true
 * the empty one; or `[Σ weights·bit > bound]`.
 */
export type BitFunction =
  | { readonly kind: "sets"; readonly sets: readonly (readonly number[])[] }
  | { readonly kind: "sum"; readonly weights: readonly bigint[]; readonly bound: bigint };

/** What a neuron may read: bit k is a value at an offset. */
export interface Reads {
  readonly count: number;
  readonly indices: ReadonlyMap<string, number>;
  /** Rule of the layer's window; null where all reads are at the same pixel. */
  readonly border: BorderRule | null;
}

export interface Read {
  readonly value: ValueId;
  readonly row: number;
  readonly column: number;
}

export function createReads(reads: readonly Read[], border: BorderRule | null): Reads {
  return { count: reads.length, indices: new Map(reads.map((read, index) => [keyOf(read), index])), border };
}

function keyOf({ value, row, column }: Read): string {
  return `${value},${row},${column}`;
}

const NOTHING: BitFunction = { kind: "sets", sets: [] };
const EVERYTHING: BitFunction = { kind: "sets", sets: [[]] };

/** The function that a value is of what the neuron may read, or why it is none that a neuron compiles to. */
export function functionOfValue(module: MorphModule, id: ValueId, reads: Reads): BitFunction | string {
  const node = module.values[id]?.node;
  if (node === undefined) return "there is no such value";
  if (node.kind === "threshold") return sumOfNode(node, reads);
  if (node.kind === "constant") return node.value === 1 ? EVERYTHING : NOTHING;
  if (node.kind === "union" && node.inputs.some((input) => indexOf(reads, input) === null)) {
    const sets = node.inputs.map((input) => conjunctionOf(module.values[input]?.node, reads));
    const bad = sets.find((set) => typeof set === "string");
    return bad ?? { kind: "sets", sets: sets.filter((set) => typeof set !== "string") };
  }
  if (node.kind === "dilation" || node.kind === "union") {
    const members = membersOf(node, reads);
    return typeof members === "string" ? members : { kind: "sets", sets: members.map((member) => [member]) };
  }
  const set = conjunctionOf(node, reads);
  return typeof set === "string" ? set : { kind: "sets", sets: [set] };
}

function conjunctionOf(node: MorphNode | undefined, reads: Reads): readonly number[] | string {
  if (node?.kind !== "erosion" && node?.kind !== "intersection") return "it is no operation on the neuron's inputs";
  return membersOf(node, reads);
}

type SetNode = Extract<MorphNode, { readonly kind: "erosion" | "dilation" | "union" | "intersection" }>;

/** Bits of a set, ascending. */
function membersOf(node: SetNode, reads: Reads): readonly number[] | string {
  if (node.kind === "union" || node.kind === "intersection") {
    return allIndices(node.inputs.map((input) => indexOf(reads, input)));
  }
  if (node.border !== reads.border) return `its border rule is ${node.border}, the layer's is another`;
  const sign = node.kind === "erosion" ? 1 : -1;
  const { input: value } = node;
  return allIndices(
    elementOffsets(node.element).map(({ row, column }) => indexOf(reads, value, sign * row, sign * column)),
  );
}

function sumOfNode(node: Extract<MorphNode, { kind: "threshold" }>, reads: Reads): BitFunction | string {
  if (reads.border !== null && node.border !== reads.border) return "its border rule is not the layer's";
  const weights = Array.from({ length: reads.count }, () => 0n);
  for (const { input, offset, weight } of node.terms) {
    const index = indexOf(reads, input, offset.row, offset.column);
    if (index === null) return "it reads what is no input of the neuron";
    weights[index] = (weights[index] ?? 0n) + weight;
  }
  return withoutEmptySum({ kind: "sum", weights, bound: node.bound });
}

/** A sum without terms is a constant. */
function withoutEmptySum(sum: Extract<BitFunction, { kind: "sum" }>): BitFunction {
  if (sum.weights.some((weight) => weight !== 0n)) return sum;
  return sum.bound < 0n ? EVERYTHING : NOTHING;
}

/** −0 of a reflected offset counts as 0. */
function indexOf(reads: Reads, value: ValueId, row = 0, column = 0): number | null {
  return reads.indices.get(keyOf({ value, row: row + 0, column: column + 0 })) ?? null;
}

function allIndices(indices: readonly (number | null)[]): readonly number[] | string {
  const known = indices.filter((index) => index !== null);
  if (known.length < indices.length) return "it reads what is no input of the neuron";
  return [...new Set(known)].sort((a, b) => a - b);
}

/** Whose words an operation has: of kernels, or of the inputs of a LUI. */
export type Words = "kernel" | "inputs";

/**
 * The function that a claim words, before any complement, or what is wrong with the wording.
 * @param levels true where inputs have several bits, of which no set is drawn
 */
export function functionOfClaim(claim: Claim, count: number, words: Words, levels: boolean): BitFunction | string {
  const { operation, members, sets, constant, threshold } = claim;
  const given = Object.entries({ members, sets, constant, threshold }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  const needs = (...names: readonly string[]): string | null =>
    given.join() === names.join()
      ? null
      : `a claim of ${operation} holds ${names.join(" and ")}, not ${given.join(", ")}`;
  switch (operation) {
    case "erosion":
    case "dilation":
    case "intersection":
    case "union": {
      const wrong = needs("members");
      if (wrong !== null) return wrong;
      const own = operation === "erosion" || operation === "dilation" ? "kernel" : "inputs";
      if (own !== words || levels) return `there is no ${operation} here`;
      const set = parseSet(members ?? "", claim, count);
      if (typeof set === "string") return set;
      const all = operation === "erosion" || operation === "intersection";
      return { kind: "sets", sets: all ? [set] : set.map((member) => [member]) };
    }
    case "union-of-erosions": {
      const parsed = (sets ?? []).map((set) => parseSet(set, claim, count));
      const wrong = needs("sets", "threshold") ?? parsed.find((set) => typeof set === "string");
      if (wrong !== undefined && wrong !== null) return wrong;
      return { kind: "sets", sets: parsed.filter((set) => typeof set !== "string") };
    }
    case "constant":
      return needs("constant") ?? (constant === 1 ? EVERYTHING : NOTHING);
    case "rank":
    case "threshold": {
      const wrong = needs("threshold");
      if (wrong !== null || threshold === undefined) return wrong ?? "it has no weights";
      const isRank = threshold.weights.every((weight) => weight === 0n || weight === 1n);
      if (isRank !== (operation === "rank")) return `with these weights it is ${isRank ? "a rank" : "no rank"}`;
      if (threshold.weights.length !== count) return `${threshold.weights.length} weights for ${count} bits`;
      return withoutEmptySum({ kind: "sum", weights: threshold.weights, bound: threshold.bound });
    }
    case "identity":
    case "score":
      return `there is no ${operation} here`;
  }
}

/** Positions of the ones. */
function parseSet(text: string, { shape: [height, width] }: Claim, count: number): readonly number[] | string {
  const rows = text.split("/");
  if (height * width !== count || rows.length !== height || rows.some((row) => row.length !== width)) {
    return `a set is not drawn as ${height}×${width} digits`;
  }
  return [...rows.join("")].flatMap((digit, index) => (digit === "1" ? [index] : []));
}

export function sameFunction(a: BitFunction, b: BitFunction): boolean {
  return printFunction(a) === printFunction(b);
}

/** The function in one line, to compare and to show. */
export function printFunction(bits: BitFunction): string {
  if (bits.kind === "sum") return `[${bits.weights.join(",")}] > ${bits.bound}`;
  return `or of ${bits.sets.map((set) => `{${set.join(",")}}`).join(" ")}`;
}
