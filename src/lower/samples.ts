/**
 * The vector part of a network, batch-packed: bit s of lane l of a slot is sample 32·l + s of the group, so that one
 * pass over the gates answers 32 · lanes samples.
 */
import { InternalError } from "../diagnostics.js";
import type { MorphNode, ValueId } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import { wordsFor } from "../morph/bit-image.js";
import {
  absolute,
  add,
  constant,
  LANES,
  load,
  lowBitsIndex,
  minimum,
  multiply,
  relative,
  shiftRightIndex,
  subtract,
  typedIndex,
  typedPointer,
  variable,
} from "../word/build.js";
import {
  and,
  assignWord,
  letIndex,
  letPointer,
  letWord,
  loop,
  ONE,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Pointer, Table, Word } from "../word/node.js";
import { type Callable, type Candidate, makeCallable } from "./function.js";
import { FIRST_INPUT_SLOT, GateList, type Signal, ZERO_SLOT } from "./gates.js";
import { nodeOf, type Schedule } from "./schedule.js";

/** An image whose pixels become gate inputs, row-major from `firstInput` on. */
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
  readonly #schedule: Schedule;
  readonly #vectors = new Map<ValueId, readonly Signal[]>();
  readonly #images = new Map<ValueId, readonly Signal[]>();
  readonly #bits = new Map<ValueId, Signal>();
  readonly #users = new Map<ValueId, number>();

  constructor(schedule: Schedule) {
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
    const firstInput = this.gates.inputCount;
    this.transposed.push({ value, firstInput, height, width });
    const signals = Array.from({ length: height * width }, () => this.gates.addInput());
    this.#images.set(value, signals);
    return signals;
  }

  #bit(value: ValueId): Signal {
    const known = this.#bits.get(value);
    if (known !== undefined) return known;
    const signal = this.#gateOf(nodeOf(this.#schedule.module, value), false);
    this.#bits.set(value, signal);
    return signal;
  }

  /** True for a gate whose only user is a complement, which computes both at once. */
  #isAbsorbed(value: ValueId): boolean {
    return this.#users.get(value) === 1 && isGate(nodeOf(this.#schedule.module, value));
  }

  #gateOf(node: MorphNode, complemented: boolean): Signal {
    const { gates } = this;
    switch (node.kind) {
      case "element": {
        const signal = this.vector(node.input)[node.index];
        if (signal === undefined) throw new InternalError(`no element ${node.index}`);
        return signal;
      }
      case "constant":
        return gates.constant(complemented ? (node.value === 1 ? 0 : 1) : node.value);
      case "complement": {
        if (this.#isAbsorbed(node.input)) return this.#gateOf(nodeOf(this.#schedule.module, node.input), true);
        return gates.complement(this.#bit(node.input));
      }
      case "union":
        return gates.any(
          node.inputs.map((input) => this.#bit(input)),
          complemented,
        );
      case "intersection":
        return gates.all(
          node.inputs.map((input) => this.#bit(input)),
          complemented,
        );
      case "threshold":
        return gates.sumAbove(
          node.terms.map(({ input, weight }) => ({ operand: this.#bit(input), weight })),
          node.bound,
          complemented,
        );
      default:
        throw new InternalError(`${node.kind} is no bit`);
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

/** Sample `sample` of the current group, counted from the first of all. */
export function sampleNumber(sample: string): Index {
  return add(variable("group"), variable(sample));
}

/**
 * What the functions below take: the slots, and the place of one sample in every slot. `sample` names the entry
 * point's variable that counts the samples of a group.
 */
export function sampleCandidates(slotsAt: Index, sample: string): Candidate[] {
  return [
    slotsCandidate(slotsAt),
    { parameter: { name: "lane", type: "index" }, argument: typedIndex(shiftRightIndex(variable(sample), 5)) },
    { parameter: { name: "bit", type: "index" }, argument: typedIndex(lowBitsIndex(variable(sample), 5)) },
  ];
}

function slotsCandidate(slotsAt: Index): Candidate {
  return {
    parameter: { name: "slots", type: "pointer", space: "scratch" },
    argument: typedPointer(absolute("scratch", slotsAt)),
  };
}

const LANE = variable("lane");
const BIT = variable("bit");

/** Bit `bit` of lane `lane` of a slot, as 0 or 1. */
export function sampleBit(slot: Index): Word {
  return and(shiftRight(load(relative("slots", add(multiply(slot, LANES), LANE))), BIT), ONE);
}

/** Clears the slot of zeros and the input slots before a group of samples. */
export function clearSlots(slotsAt: Index, inputCount: number): Callable {
  const slot = add(variable("i"), ZERO_SLOT);
  return makeCallable(
    {
      name: "clear_slots",
      comment: ["Clears the slot of zeros and the slots of the inputs."],
      mode: "vector",
      body: [loop("i", inputCount + 1, [store(relative("slots", multiply(slot, LANES)), ZEROS)])],
    },
    [slotsCandidate(slotsAt)],
  );
}

/** Writes the pixels of a packed image into this sample's bit of the input slots. */
export function transpose(
  image: Transposed,
  source: Pointer,
  space: "input" | "scratch",
  strideWords: number,
  slotsAt: Index,
  sample: string,
): Callable {
  const [row, column] = [variable("row"), variable("column")];
  const slot = add(multiply(row, image.width), column);
  const firstSlot = add(slotsAt, multiply(constant(FIRST_INPUT_SLOT + image.firstInput), LANES));
  const pixelWord = load(relative("pixels", shiftRightIndex(column, 5)));
  const target = relative("target");
  return makeCallable(
    {
      name: "transpose_image",
      comment: ["Writes the pixels of an image into one bit each of as many slots."],
      mode: "scalar",
      body: [
        loop("row", image.height, [
          letPointer("pixels", relative("image", multiply(row, strideWords))),
          loop("column", image.width, [
            letWord("pixel", and(shiftRight(pixelWord, lowBitsIndex(column, 5)), ONE)),
            letPointer("target", relative("slots", add(multiply(slot, LANES), LANE))),
            store(target, or(load(target), shiftLeft(wordVariable("pixel"), BIT))),
          ]),
        ]),
      ],
    },
    [
      { parameter: { name: "image", type: "pointer", space }, argument: typedPointer(source) },
      ...sampleCandidates(firstSlot, sample),
    ],
  );
}

/** Packs one sample's bits of the listed slots into the output. */
export function exportBits(
  slots: readonly number[],
  slotsAt: Index,
  sample: string,
): { readonly callable: Callable; readonly tables: readonly Table[] } {
  const words = wordsFor(slots.length);
  const first = multiply(variable("w"), 32);
  const bit = sampleBit({ kind: "table", table: "output_slots", index: add(variable("first"), variable("i")) });
  const callable = makeCallable(
    {
      name: "export_bits",
      comment: ["Packs the output bits of one sample."],
      mode: "scalar",
      body: [
        loop("w", words, [
          letWord("packed", ZEROS, true),
          letIndex("first", first),
          letIndex("count", minimum(32, subtract(slots.length, variable("first")))),
          loop("i", variable("count"), [
            assignWord("packed", or(wordVariable("packed"), shiftLeft(bit, variable("i")))),
          ]),
          store(relative("result", variable("w")), wordVariable("packed")),
        ]),
      ],
    },
    [
      ...sampleCandidates(slotsAt, sample),
      {
        parameter: { name: "result", type: "pointer", space: "output" },
        argument: typedPointer(absolute("output", multiply(sampleNumber(sample), words))),
      },
    ],
  );
  return { callable, tables: [slotTable("output_slots", slots, "slot of each output bit")] };
}

export function slotTable(name: string, slots: readonly number[], comment: string): Table {
  return { name, element: slots.every((slot) => slot < 65536) ? "u16" : "u32", values: slots, comment };
}
