/** The vector part of a network as gates over the pixels of images. */
import { InternalError } from "../diagnostics.js";
import type { MorphNode, ValueId } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import { gateOfNode, type ReadSignal } from "./gate-of-node.js";
import { GateList, type Signal } from "./gates.js";
import { nodeOf, type Schedule } from "./schedule.js";

/** An image whose pixels become gate inputs, row-major from `firstInput` on, in groups of 32. */
export interface Transposed {
  readonly value: ValueId;
  readonly firstInput: number;
  readonly height: number;
  readonly width: number;
}

/** Vector values of a module as gates. */
export class VectorGates {
  readonly gates = new GateList();
  readonly transposed: Transposed[] = [];
  readonly #groupSlots: number;
  readonly #schedule: Schedule;
  readonly #vectors = new Map<ValueId, readonly Signal[]>();
  readonly #images = new Map<ValueId, readonly Signal[]>();
  readonly #bits = new Map<ValueId, Signal>();
  readonly #users = new Map<ValueId, number>();

  /** @param groupSlots inputs from one group of 32 pixels to the next */
  constructor(schedule: Schedule, groupSlots: number) {
    this.#groupSlots = groupSlots;
    this.#schedule = schedule;
    for (const value of schedule.live) {
      const node = nodeOf(schedule.module, value);
      if (node.kind === "complement") this.#users.set(node.input, (this.#users.get(node.input) ?? 0) + 1);
      else for (const operand of bitOperands(node)) this.#users.set(operand, 2);
    }
  }

  /** Signals of the elements of a vector. Computes the bits it is made of, in order of definition. */
  vector(value: ValueId): readonly Signal[] {
    const known = this.#vectors.get(value);
    if (known !== undefined) return known;
    const node = nodeOf(this.#schedule.module, value);
    if (node.kind !== "flatten") throw new InternalError(`${node.kind} is no vector`);
    const signals = node.inputs.flatMap((input) =>
      this.#schedule.types[input]?.kind === "image" ? this.#image(input) : [this.#bit(input)],
    );
    this.#vectors.set(value, signals);
    return signals;
  }

  /** Computes every live bit in order of definition, so that no recursion goes deeper than one node. */
  computeBits(): void {
    for (const value of [...this.#schedule.live].sort((a, b) => a - b)) {
      if (this.#schedule.types[value]?.kind === "vector") this.vector(value);
      if (this.#schedule.types[value]?.kind === "bit" && !this.#isAbsorbed(value)) this.#bit(value);
    }
  }

  #image(value: ValueId): readonly Signal[] {
    const known = this.#images.get(value);
    if (known !== undefined) return known;
    const type = this.#schedule.types[value];
    if (type?.kind !== "image") throw new InternalError("not an image");
    const { height, width } = imageSize(this.#schedule.module.input, type.halvings);
    if (height === null || width === null) throw new InternalError("a flattened image needs a fixed size");
    const signals = this.#complementOf(value) ?? this.#inputs({ value, height, width });
    this.#images.set(value, signals);
    return signals;
  }

  /** Of a complement that is nowhere stored, the complements of the other's pixels; else null. */
  #complementOf(value: ValueId): readonly Signal[] | null {
    const node = nodeOf(this.#schedule.module, value);
    if (node.kind !== "complement" || this.#schedule.planes.has(value)) return null;
    return this.#image(node.input).map((signal) => this.gates.complement(signal));
  }

  #inputs({ value, height, width }: Omit<Transposed, "firstInput">): readonly Signal[] {
    const firstInput = this.gates.inputCount;
    this.transposed.push({ value, firstInput, height, width });
    const signals = Array.from({ length: height * width }, (_, pixel) => {
      if (pixel % 32 === 0) this.#fillGroup();
      return this.gates.addInput();
    });
    this.#fillGroup();
    return signals;
  }

  #fillGroup(): void {
    while (this.gates.inputCount % this.#groupSlots !== 0) this.gates.addInput();
  }

  #bit(value: ValueId): Signal {
    const known = this.#bits.get(value);
    if (known !== undefined) return known;
    const signal = this.#compute(nodeOf(this.#schedule.module, value));
    this.#bits.set(value, signal);
    return signal;
  }

  /** True for a gate whose only user is a complement, which computes both at once. */
  #isAbsorbed(value: ValueId): boolean {
    return this.#users.get(value) === 1 && isGate(nodeOf(this.#schedule.module, value));
  }

  #compute(node: MorphNode): Signal {
    const read: ReadSignal = ({ input }) => this.#bit(input);
    switch (node.kind) {
      case "element": {
        const signal = this.vector(node.input)[node.index];
        if (signal === undefined) throw new InternalError(`no element ${node.index}`);
        return signal;
      }
      case "complement":
        return this.#isAbsorbed(node.input)
          ? gateOfNode(this.gates, nodeOf(this.#schedule.module, node.input), read, true)
          : this.gates.complement(this.#bit(node.input));
      default:
        return gateOfNode(this.gates, node, read, false);
    }
  }
}

/** Nodes whose gate can be complemented for nothing. */
function isGate(node: MorphNode): boolean {
  return node.kind === "union" || node.kind === "intersection" || node.kind === "threshold";
}

function bitOperands(node: MorphNode): readonly ValueId[] {
  switch (node.kind) {
    case "union":
    case "intersection":
    case "flatten":
      return node.inputs;
    case "threshold":
      return node.terms.map((term) => term.input);
    default:
      return [];
  }
}
