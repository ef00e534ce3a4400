/**
 * MorphIR → WordIR: planes with halos for the images that other pixels are read from, a function for each stage between
 * them, and gate tables for what straight-line code would be too long for.
 */
import { InternalError } from "../diagnostics.js";
import type { MorphModule, ValueId } from "../ir/node.js";
import { wordsFor } from "../morph/bit-image.js";
import type { Target } from "../target/target.js";
import {
  absolute,
  add,
  constant,
  LANES,
  lowBitsIndex,
  minimum,
  multiply,
  subtract,
  typedIndex,
  variable,
} from "../word/build.js";
import { letIndex, loop } from "../word/build-statement.js";
import { entryParameters, type Index, type Statement, type WordProgram } from "../word/node.js";
import type { Callable } from "./function.js";
import { gateRoutines } from "./gate-routines.js";
import { GateTables } from "./gates.js";
import { gatheredStage } from "./gathered-stage.js";
import { type Geometry, geometries, halvingsOf, planeKey } from "./geometry.js";
import { interfaceOf } from "./interface.js";
import { checkScratch, checkWeights } from "./limits.js";
import { planStages } from "./plan.js";
import { ProgramBuilder } from "./program-builder.js";
import { clearSlots, exportBits, sampleNumber, type Transposed, transpose, VectorGates } from "./samples.js";
import { nodeOf, type Schedule, type Surroundings, schedule as scheduleOf } from "./schedule.js";
import { scoreSample } from "./scores.js";
import { rowAt, sizeStatements, sizesOutside } from "./sizes.js";
import { straightStage } from "./stage.js";
import { subsample } from "./subsample.js";
import { surround } from "./surround.js";
import { type CopyMode, clearTails, exportPlane, importBits, importLevelSet } from "./transfer.js";

/** @throws DiagnosticError BMN0302 if the code would be too large */
export function lower(module: MorphModule, target: Target): WordProgram {
  checkWeights(module);
  const program = new Lowering(module, target).program();
  checkScratch(program);
  return program;
}

/** The state of one lowering: where things lie, and the functions made so far. */
class Lowering {
  readonly #schedule: Schedule;
  readonly #target: Target;
  readonly #geometries: Map<number, Geometry>;
  readonly #builder = new ProgramBuilder();
  readonly #gateTables = new GateTables();
  readonly #slotsAt: Index;
  readonly #slotsFrom: Index;
  /** Slots of the gathered stages, which use the same ones in turn, and behind them the slots of samples. */
  #stageSlots = 0;
  #sampleSlots = 0;
  readonly #stageNames = new Set<string>();

  constructor(module: MorphModule, target: Target) {
    this.#schedule = scheduleOf(module);
    this.#target = target;
    this.#geometries = geometries(this.#schedule, target.lanes);
    this.#slotsAt = this.#planesEnd((geometry) => sizesOutside(geometry).plane);
    this.#slotsFrom = this.#planesEnd((geometry) => geometry.plane);
  }

  program(): WordProgram {
    const { module } = this.#schedule;
    const face = interfaceOf(this.#schedule);
    const sizes = [...this.#geometries.values()].flatMap(sizeStatements);
    const body = face.kind === "images" ? this.#imageBody() : this.#sampleBody();
    const parameters = entryParameters({ interface: face }).map((name) => ({ name, type: "index" as const }));
    const spill =
      Math.max(0, ...[...this.#geometries.values()].map((each) => each.rightWords)) + this.#target.lanes + 1;
    return {
      name: module.name,
      lanes: this.#target.lanes,
      interface: face,
      // A vector load at the end of the last plane reads on into what follows.
      scratchWords: add(this.#slotsFrom, (this.#stageSlots + this.#sampleSlots) * this.#target.lanes, spill),
      tables: [...this.#gateTables.tables(), ...this.#builder.tables],
      functions: this.#builder.functions(gateRoutines(this.#gateTables), parameters, [...sizes, ...body]),
    };
  }

  #imageBody(): Statement[] {
    const statements = [...this.#imports(constant(0)), ...this.#stages()];
    const exports = this.#schedule.module.outputs.flatMap((value, channel) => {
      const geometry = this.#geometryOf(value);
      const planesAt = this.#planesAt(geometry);
      const slot = this.#anySlot(value);
      return [
        ...this.#copy(geometry, (mode) => exportPlane(geometry, planesAt, slot, channel, mode)),
        ...this.#clearTails(geometry, channel),
      ];
    });
    return [...statements, ...exports];
  }

  /** Groups of 32 · lanes samples: the image part for each sample, then one pass over the gates for all. */
  #sampleBody(): Statement[] {
    const { module } = this.#schedule;
    const vectors = new VectorGates(this.#schedule);
    vectors.computeBits();
    const { gates } = vectors;
    const [output] = module.outputs;
    if (output === undefined) throw new InternalError("no output");
    const node = nodeOf(module, output);
    const signals = vectors.vector(node.kind === "readout" ? node.input : output);
    const slots = signals.map((signal) => gates.slotOf(signal));
    const range = gates.encode(this.#gateTables);
    const planes = [...this.#imports(sampleNumber("sample")), ...this.#stages()];
    // The stages of a sample run while the slots already hold the bits of the samples before it.
    const slotsAt = add(this.#slotsAt, multiply(this.#stageSlots, LANES));
    this.#sampleSlots = gates.slotCount;
    const clear = this.#builder.callOf(clearSlots(slotsAt, gates.inputCount));
    const fill = [
      ...planes,
      ...vectors.transposed.map((image) => this.#transpose(image, sampleNumber("sample"), slotsAt)),
    ];
    const { callable, tables } =
      node.kind === "readout" ? scoreSample(node, slots, slotsAt, "answered") : exportBits(slots, slotsAt, "answered");
    this.#builder.addTables(tables);
    const results = this.#builder.callOf(callable);
    const groupSize = multiply(LANES, 32);
    const samples = minimum(groupSize, subtract(variable("count"), variable("group")));
    const group = [
      letIndex("samples", samples),
      clear,
      ...(fill.length === 0 ? [] : [loop("sample", variable("samples"), fill)]),
      ...this.#evaluate(range, slotsAt),
      loop("answered", variable("samples"), [results]),
    ];
    return [loop("group", variable("count"), group, groupSize)];
  }

  #evaluate(
    range: { readonly firstGate: number; readonly gateCount: number; readonly firstSlot: number },
    slotsAt: Index,
  ): Statement[] {
    if (range.gateCount === 0) return [];
    return [
      {
        kind: "call",
        callee: "evaluate_gates",
        arguments: [
          { type: "pointer", value: absolute("scratch", slotsAt) },
          typedIndex(range.firstGate),
          typedIndex(range.gateCount),
          typedIndex(range.firstSlot),
        ],
        result: null,
      },
    ];
  }

  #transpose(image: Transposed, picture: Index, slotsAt: Index): Statement {
    const node = nodeOf(this.#schedule.module, image.value);
    if (node.kind === "input") {
      const words = wordsFor(image.width);
      const channelWords = image.height * words;
      const from = add(
        multiply(picture, this.#schedule.module.input.channels * channelWords),
        node.channel * channelWords,
      );
      return this.#builder.callOf(transpose(image, absolute("input", from), "input", words, slotsAt, "sample"));
    }
    const geometry = this.#geometryOf(image.value);
    const stride = geometry.stride.kind === "constant" ? geometry.stride.value : 0;
    const at = rowAt(geometry, sizesOutside(geometry), this.#anySlot(image.value), constant(geometry.halo.top));
    const source = absolute("scratch", add(this.#planesAt(geometry), at));
    return this.#builder.callOf(transpose(image, source, "scratch", stride, slotsAt, "sample"));
  }

  /** Fills the planes of the input channels and level sets from picture number `picture`. */
  #imports(picture: Index): Statement[] {
    const { module, planes } = this.#schedule;
    const statements: Statement[] = [];
    for (const value of planes.keys()) {
      const node = nodeOf(module, value);
      if (node.kind !== "input" && node.kind !== "level-set") continue;
      const geometry = this.#geometryOf(value);
      const { height, width, words } = sizesOutside(geometry);
      const planesAt = this.#planesAt(geometry);
      const channelSize = multiply(height, node.kind === "input" ? words : width);
      const from = multiply(add(multiply(picture, module.input.channels), node.channel), channelSize);
      this.#forPlanes(value, (slot) => {
        statements.push(
          ...(node.kind === "input"
            ? this.#copy(geometry, (mode) => importBits(geometry, planesAt, slot, from, mode))
            : [this.#builder.callOf(importLevelSet(geometry, planesAt, slot, from, node.threshold))]),
        );
      });
      statements.push(...this.#surroundings(value));
    }
    return statements;
  }

  /** Nothing for a width of whole words. */
  #clearTails(geometry: Geometry, channel: number): Statement[] {
    const tail = lowBitsIndex(sizesOutside(geometry).width, 5);
    if (tail.kind === "constant" && tail.value === 0) return [];
    const clear = this.#builder.callOf(clearTails(geometry, channel));
    if (tail.kind === "constant") return [clear];
    const isRagged = { kind: "index", operator: "!=", left: tail, right: constant(0) } as const;
    return [{ kind: "if", condition: isRagged, then: [clear], else: [] }];
  }

  /** A copy by vectors where the rows are wide enough for one, which a free width tells at run time only. */
  #copy(geometry: Geometry, callableFor: (mode: CopyMode) => Callable): Statement[] {
    const { words } = sizesOutside(geometry);
    const call = (mode: CopyMode): Statement => this.#builder.callOf(callableFor(mode));
    if (this.#target.lanes === 1) return [call("scalar")];
    if (words.kind === "constant") return [call(words.value < this.#target.lanes ? "scalar" : "vector")];
    const isNarrow = { kind: "index", operator: "<", left: words, right: LANES } as const;
    return [{ kind: "if", condition: isNarrow, then: [call("scalar")], else: [call("vector")] }];
  }

  #stages(): Statement[] {
    return planStages(this.#schedule).flatMap((stage): Statement[] => {
      const [first] = stage.values;
      if (first === undefined) return [];
      const after = stage.values.flatMap((value) => this.#surroundings(value));
      if (stage.form === "subsample") return [...stage.values.flatMap((value) => this.#subsample(value)), ...after];
      const geometry = this.#geometryOf(first);
      const planesAt = this.#planesAt(geometry);
      const name = this.#stageName(stage.values);
      if (stage.form === "straight") {
        const callable = straightStage(name, stage.comment, stage.values, this.#schedule, geometry, planesAt);
        return [this.#builder.callOf(callable), ...after];
      }
      const { callable, tables, slots } = gatheredStage(
        name,
        stage.comment,
        stage.values,
        this.#schedule,
        geometry,
        planesAt,
        this.#gateTables,
        this.#slotsAt,
      );
      this.#builder.addTables(tables);
      this.#stageSlots = Math.max(this.#stageSlots, slots);
      return [this.#builder.callOf(callable), ...after];
    });
  }

  #subsample(value: ValueId): Statement[] {
    const node = nodeOf(this.#schedule.module, value);
    if (node.kind !== "subsample") throw new InternalError("not a sub-sampling");
    const [from, to] = [this.#geometryOf(node.input), this.#geometryOf(value)];
    const statements: Statement[] = [];
    this.#forPlanes(value, (slot) => {
      statements.push(
        this.#builder.callOf(
          subsample(from, this.#planesAt(from), this.#anySlot(node.input), to, this.#planesAt(to), slot),
        ),
      );
    });
    return statements;
  }

  #surroundings(value: ValueId): Statement[] {
    const geometry = this.#geometryOf(value);
    const statements: Statement[] = [];
    this.#forPlanes(value, (slot, surroundings) => {
      if (surroundings === "none") return;
      statements.push(this.#builder.callOf(surround(geometry, this.#planesAt(geometry), slot, surroundings)));
    });
    return statements;
  }

  /** `layer3`, or `layer3_2` for its second function; `stage` where a value comes from no layer. */
  #stageName(values: readonly ValueId[]): string {
    const path = this.#schedule.module.values[values[0] ?? 0]?.origin?.path;
    const layer = path === undefined ? null : /^layers\[(\d+)\]/.exec(path);
    const base = layer === null ? "stage" : `layer${layer[1] ?? ""}`;
    let name = base;
    for (let suffix = 2; this.#stageNames.has(name); suffix++) name = `${base}_${suffix}`;
    this.#stageNames.add(name);
    return name;
  }

  #forPlanes(value: ValueId, action: (slot: number, surroundings: Surroundings) => void): void {
    const geometry = this.#geometryOf(value);
    for (const surroundings of this.#schedule.planes.get(value) ?? []) {
      const slot = geometry.slotOf.get(planeKey(value, surroundings));
      if (slot === undefined) throw new InternalError(`value ${value} has no plane`);
      action(slot, surroundings);
    }
  }

  #anySlot(value: ValueId): number {
    let found = 0;
    this.#forPlanes(value, (slot) => (found = slot));
    return found;
  }

  #geometryOf(value: ValueId): Geometry {
    const geometry = this.#geometries.get(halvingsOf(this.#schedule.types[value]));
    if (geometry === undefined) throw new InternalError("a resolution without planes");
    return geometry;
  }

  /** Where the planes of a resolution begin, in the entry point. */
  #planesAt(geometry: Geometry): Index {
    const before = [...this.#geometries.values()].filter((each) => each.halvings < geometry.halvings);
    return add(...before.map((each) => multiply(sizesOutside(each).plane, each.slots)));
  }

  #planesEnd(plane: (geometry: Geometry) => Index): Index {
    return add(...[...this.#geometries.values()].map((each) => multiply(plane(each), each.slots)));
  }
}
