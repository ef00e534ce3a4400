/**
 * Gates: what a network computes from bits, as ands and weighted sums of literals. A literal is a node or its complement,
 * so complements cost nothing, and an or is the complement of an and of complements. Constants, copies and repeated
 * operands are folded while gates are added, and equal gates are one.
 *
 * `gate-program.ts` turns a list into what runs.
 */
import { InternalError } from "../diagnostics.js";
import { toPositiveSum } from "./adder.js";

/** A node of a list, or its complement. */
export interface Signal {
  readonly node: number;
  readonly complemented: boolean;
}

export type GateNode =
  /** 0; its complement is 1. */
  | { readonly kind: "zero" }
  | { readonly kind: "input"; readonly index: number }
  /** 1 where all literals are; two at least, no node twice, in the order of the nodes. */
  | { readonly kind: "all"; readonly operands: readonly Signal[] }
  /** [Σ weight · operand > bound], weights positive; neither never nor always true. */
  | {
      readonly kind: "sum";
      readonly operands: readonly Signal[];
      readonly weights: readonly bigint[];
      readonly bound: bigint;
    };

/** Gates of more operands are not compared with others. */
const LONGEST_KEY = 4096;

/** Gates over inputs; inputs may be added while the list is built. */
export class GateList {
  readonly #nodes: GateNode[] = [{ kind: "zero" }];
  readonly #known = new Map<string, Signal>();
  #inputCount = 0;

  get inputCount(): number {
    return this.#inputCount;
  }

  /** Operands before users. */
  get nodes(): readonly GateNode[] {
    return this.#nodes;
  }

  addInput(): Signal {
    return this.#add({ kind: "input", index: this.#inputCount++ });
  }

  constant(value: 0 | 1, complemented = false): Signal {
    return { node: 0, complemented: (value === 1) !== complemented };
  }

  complement({ node, complemented }: Signal): Signal {
    return { node, complemented: !complemented };
  }

  all(operands: readonly Signal[], complemented = false): Signal {
    const result = this.#all(operands);
    return complemented ? this.complement(result) : result;
  }

  any(operands: readonly Signal[], complemented = false): Signal {
    return this.all(
      operands.map((operand) => this.complement(operand)),
      !complemented,
    );
  }

  /** [Σ weight·operand > bound], complemented if asked. */
  sumAbove(
    terms: readonly { readonly operand: Signal; readonly weight: bigint }[],
    bound: bigint,
    complemented = false,
  ): Signal {
    // A constant operand moves the bound or adds nothing.
    const known = terms.reduce((sum, { operand, weight }) => (isOne(operand) ? sum + weight : sum), 0n);
    const open = terms.filter(({ operand }) => operand.node !== 0);
    const sum = toPositiveSum(open, bound - known);
    const total = sum.terms.reduce((partial, term) => partial + term.weight, 0n);
    if (sum.bound < 0n) return this.constant(1, complemented);
    if (total <= sum.bound) return this.constant(0, complemented);
    const gate = this.#add({
      kind: "sum",
      operands: sum.terms.map((term) => (term.negated ? this.complement(term.operand) : term.operand)),
      weights: sum.terms.map((term) => term.weight),
      bound: sum.bound,
    });
    return complemented ? this.complement(gate) : gate;
  }

  #all(operands: readonly Signal[]): Signal {
    const byNode = new Map<number, Signal>();
    for (const operand of operands) {
      if (operand.node === 0) {
        if (isOne(operand)) continue;
        return this.constant(0);
      }
      const other = byNode.get(operand.node);
      if (other !== undefined && other.complemented !== operand.complemented) return this.constant(0);
      byNode.set(operand.node, operand);
    }
    const distinct = [...byNode.values()].sort((a, b) => a.node - b.node);
    const [first] = distinct;
    if (first === undefined) return this.constant(1);
    if (distinct.length === 1) return first;
    if (distinct.length > LONGEST_KEY) return this.#add({ kind: "all", operands: distinct });
    const key = distinct.map(({ node, complemented }) => (complemented ? -node : node)).join(" ");
    const known = this.#known.get(key) ?? this.#add({ kind: "all", operands: distinct });
    this.#known.set(key, known);
    return known;
  }

  #add(node: GateNode): Signal {
    this.#nodes.push(node);
    return { node: this.#nodes.length - 1, complemented: false };
  }
}

function isOne({ node, complemented }: Signal): boolean {
  return node === 0 && complemented;
}

export function gateNode(list: GateList, node: number): GateNode {
  const found = list.nodes[node];
  if (found === undefined) throw new InternalError(`no gate ${node}`);
  return found;
}
