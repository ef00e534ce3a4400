/** Random gates over eight inputs, with what they are by definition. */
import * as fc from "fast-check";
import type { GateList, Signal } from "../../src/lower/gates.js";

export interface GateRecipe {
  readonly operation: "all" | "any" | "sumAbove" | "complement" | "constant";
  readonly operands: readonly number[];
  readonly weights: readonly bigint[];
  readonly bound: number;
  readonly complemented: boolean;
}

const weight = fc
  .oneof(fc.bigInt({ min: -6n, max: 6n }), fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }))
  .map((value) => (value === 0n ? 1n : value));
export const recipe: fc.Arbitrary<GateRecipe> = fc.record({
  operation: fc.constantFrom("all", "any", "sumAbove", "sumAbove", "complement", "constant"),
  operands: fc.array(fc.nat({ max: 40 }), { maxLength: 8 }),
  weights: fc.array(weight, { minLength: 8, maxLength: 8 }),
  bound: fc.integer({ min: -1, max: 9 }),
  complemented: fc.boolean(),
});

/** A signal, with its bit for each of the 256 patterns of eight inputs. */
export interface KnownSignal {
  readonly signal: Signal;
  readonly bits: Uint8Array;
}

/** Adds a gate, and its bit for each of the 256 patterns. */
export function addGate(gates: GateList, values: KnownSignal[], each: GateRecipe): void {
  const chosen = each.operands.map((operand) => values[operand % values.length]!);
  const signals = chosen.map(({ signal }) => signal);
  const { complemented } = each;
  const bitsOf = (bit: (pattern: number) => boolean): Uint8Array =>
    Uint8Array.from({ length: 256 }, (_, pattern) => Number(bit(pattern) !== complemented));
  switch (each.operation) {
    case "all": {
      const bits = bitsOf((pattern) => chosen.every((operand) => operand.bits[pattern] === 1));
      values.push({ signal: gates.all(signals, complemented), bits });
      break;
    }
    case "any": {
      const bits = bitsOf((pattern) => chosen.some((operand) => operand.bits[pattern] === 1));
      values.push({ signal: gates.any(signals, complemented), bits });
      break;
    }
    case "complement": {
      const [operand = values[0]!] = chosen;
      values.push({ signal: gates.complement(operand.signal), bits: operand.bits.map((bit) => 1 - bit) });
      break;
    }
    case "constant":
      values.push({ signal: gates.constant(1, complemented), bits: bitsOf(() => true) });
      break;
    case "sumAbove": {
      const terms = signals.map((operand, index) => ({ operand, weight: each.weights[index]! }));
      const range = terms.reduce((sum, term) => sum + (term.weight < 0n ? -term.weight : term.weight), 0n);
      const negative = terms.reduce((sum, term) => sum + (term.weight < 0n ? term.weight : 0n), 0n);
      const bound = negative + (range * BigInt(each.bound)) / 8n;
      const bits = bitsOf((pattern) => {
        const sum = terms.reduce((total, term, index) => {
          return chosen[index]!.bits[pattern] === 1 ? total + term.weight : total;
        }, 0n);
        return sum > bound;
      });
      values.push({ signal: gates.sumAbove(terms, bound, complemented), bits });
      break;
    }
  }
}
