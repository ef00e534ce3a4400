/** The values of a stage as gates over taps: the pixels around the computed one that are read from planes. */
import type { MorphNode, ValueId } from "../ir/node.js";
import type { Offset } from "../morph/structuring-element.js";
import { cone } from "./cone.js";
import { gateOfNode, type ReadSignal } from "./gate-of-node.js";
import { GateList, type Signal } from "./gates.js";
import { type Geometry, slotOf } from "./geometry.js";
import { nodeOf, type Read, type Schedule, type Surroundings } from "./schedule.js";

/** A pixel read relative to the computed one, from plane `slot`. Tap i is input i of the gates. */
export interface Tap extends Offset {
  readonly slot: number;
}

/** Values to gates over taps; every tap and every value once. */
export class TapGates {
  readonly gates = new GateList();
  readonly taps: Tap[] = [];
  readonly #tapSignals = new Map<string, Signal>();
  readonly #signals = new Map<ValueId, Signal>();
  readonly #schedule: Schedule;
  readonly #geometry: Geometry;

  constructor(schedule: Schedule, geometry: Geometry) {
    this.#schedule = schedule;
    this.#geometry = geometry;
  }

  /** The signal of a value that this stage computes. */
  compute(value: ValueId): Signal {
    // Operands first, so that no recursion is deeper than one node; a complement takes its operand along.
    for (const operand of cone(this.#schedule, [value])) {
      if (operand !== value && this.#schedule.usedPlainly.has(operand)) this.#signalOf(operand);
    }
    return this.#signalOf(value);
  }

  #signalOf(value: ValueId): Signal {
    const known = this.#signals.get(value);
    if (known !== undefined) return known;
    const signal = this.#compute(nodeOf(this.#schedule.module, value));
    this.#signals.set(value, signal);
    return signal;
  }

  #compute(node: MorphNode): Signal {
    const read: ReadSignal = (operand, border) =>
      border === null ? this.#read(operand.input) : this.#tap(operand, border);
    if (node.kind !== "complement") return gateOfNode(this.gates, node, read, false);
    if (this.#schedule.planes.has(node.input)) return this.gates.complement(this.#read(node.input));
    const inner = nodeOf(this.#schedule.module, node.input);
    return inner.kind === "complement" ? this.#read(inner.input) : gateOfNode(this.gates, inner, read, true);
  }

  #read(value: ValueId): Signal {
    const [surroundings] = this.#schedule.planes.get(value) ?? [];
    if (surroundings === undefined) return this.#signalOf(value);
    return this.#tap({ input: value, row: 0, column: 0 }, surroundings);
  }

  #tap({ input, row, column }: Read, surroundings: Surroundings): Signal {
    const slot = slotOf(this.#geometry, input, surroundings);
    const key = `${slot} ${row} ${column}`;
    const known = this.#tapSignals.get(key);
    if (known !== undefined) return known;
    const signal = this.gates.addInput();
    this.taps.push({ slot, row, column });
    this.#tapSignals.set(key, signal);
    return signal;
  }
}
