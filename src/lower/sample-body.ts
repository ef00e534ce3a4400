/** The entry point of a network of samples: passes over the gates, each of which answers 32 · lanes · vectors samples. */
import { InternalError } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import { wordsFor } from "../morph/bit-image.js";
import { absolute, add, constant, LANES, minimum, multiply, subtract, variable } from "../word/build.js";
import { letIndex, loop } from "../word/build-statement.js";
import type { Statement } from "../word/node.js";
import { encodeGates, FIRST_INPUT_SLOT, type GateProgram } from "./gate-program.js";
import { callOfGates } from "./gate-routines.js";
import type { GateList, Signal } from "./gates.js";
import { anySlotOf } from "./geometry.js";
import type { Body, Lowering } from "./lowering.js";
import { importPictures } from "./pictures.js";
import { isScoredSingly, scoreSamples } from "./sample-scores.js";
import { type SampleSlots, sampleNumber, samplesOfPass, slotPlace } from "./sample-slots.js";
import { exportWords, fillConstants, packLevelSet, packRows } from "./samples.js";
import { nodeOf } from "./schedule.js";
import { limbsOf, scorePass } from "./scores.js";
import { rowAt, sizesOutside } from "./sizes.js";
import { lowerStages } from "./stages.js";
import { transposeSlots } from "./transpose.js";
import { type Transposed, VectorGates } from "./vector-gates.js";

/**
 * For each pass: the image part of each sample, whose pixels are packed to words, which are transposed to slots; the
 * gates; and the answers, transposed back.
 */
export function sampleBody(lowering: Lowering): Body {
  const { schedule, layout, builder, neuronTables } = lowering;
  const [output] = schedule.module.outputs;
  if (output === undefined) throw new InternalError("no output");
  const node = nodeOf(schedule.module, output);
  const { groupSlots } = neuronTables.shape;
  const vectors = new VectorGates(schedule, groupSlots);
  vectors.computeBits();
  const { gates } = vectors;
  const signals = vectors.vector(node.kind === "readout" ? node.input : output);

  const { height, width } = schedule.module.input;
  if (height === null || width === null) throw new InternalError("samples have a fixed size");
  const isNarrow = wordsFor(width) < lowering.target.lanes;
  const imports = importPictures(lowering, sampleNumber("sample"), isNarrow);
  const stages = lowerStages(lowering, [isNarrow]);
  // The stages of a sample run while the slots already hold the pixels of the samples before it.
  const slotsAt = add(layout.slotsAt, multiply(LANES, stages.slots));
  const slots: SampleSlots = { at: slotsAt, ...neuronTables.shape };
  const packs = vectors.transposed.map((image) => packImage(lowering, image, slots));
  const toSlots = transposeSlots(slots, slotPlace(slots, FIRST_INPUT_SLOT), gates.inputCount / groupSlots);
  const { program, slotCount, answers } =
    node.kind === "readout"
      ? answerScores(lowering, node, gates, signals, slots)
      : answerBits(lowering, gates, signals, slots);

  const fill = [...imports, ...stages.statements(isNarrow), ...packs];
  const pass = [
    letIndex("samples", minimum(samplesOfPass(slots), subtract(variable("count"), variable("group")))),
    ...(fill.length === 0 ? [] : [eachSample(fill)]),
    ...(gates.inputCount === 0 ? [] : [builder.callOf(toSlots)]),
    ...callOfGates(neuronTables, program.range, absolute("scratch", slotsAt), variable("samples")),
    ...answers,
  ];
  return {
    statements: [builder.callOf(fillConstants(slots)), loop("group", variable("count"), pass, samplesOfPass(slots))],
    slots: stages.slots + slots.vectors * slotCount,
  };
}

/**
 * Statements for every sample of a pass: first those of bit 0 of all words, then those of bit 1, and so on, so that samples one
 * after the other write to the same few slots.
 */
function eachSample(statements: readonly Statement[]): Statement {
  const sample: Statement = {
    kind: "for",
    variable: "sample",
    from: variable("bit"),
    to: variable("samples"),
    step: constant(32),
    body: statements,
  };
  return loop("bit", minimum(32, variable("samples")), [sample]);
}

/** The gates, and what is done with their outputs. */
interface Answers {
  readonly program: GateProgram;
  readonly slotCount: number;
  readonly answers: readonly Statement[];
}

function answerScores(
  lowering: Lowering,
  readout: Readout,
  gates: GateList,
  features: readonly Signal[],
  slots: SampleSlots,
): Answers {
  const { builder, isSmall, neuronTables, featuresPerBlock } = lowering;
  if (isScoredSingly(readout, isSmall)) {
    const program = encodeGates(gates, features, neuronTables);
    const { callable, tables } = scoreSamples(readout, program.outputSlots, slots);
    builder.addTables(tables);
    const answers = [loop("answered", variable("samples"), [builder.callOf(callable)])];
    return { program, slotCount: program.slotCount, answers };
  }
  const layout = { kind: "scores", readout, ...limbsOf(readout), featuresPerBlock } as const;
  const program = encodeGates(gates, features, neuronTables, layout);
  return { program, ...scorePass(readout, program, slots, builder) };
}

function answerBits(
  { builder, neuronTables }: Lowering,
  gates: GateList,
  signals: readonly Signal[],
  slots: SampleSlots,
): Answers {
  const program = encodeGates(gates, signals, neuronTables, { kind: "in order" });
  const [first] = program.outputSlots;
  if (first === undefined) throw new InternalError("a vector without elements");
  const words = wordsFor(signals.length);
  const answers = [
    builder.callOf(transposeSlots(slots, slotPlace(slots, first), words)),
    builder.callOf(exportWords(slots, first, words)),
  ];
  return { program, slotCount: program.slotCount, answers };
}

/** Packs an image of the current sample: straight from the picture, or from its plane. */
function packImage({ schedule, layout, builder }: Lowering, image: Transposed, slots: SampleSlots): Statement {
  const { module } = schedule;
  const node = nodeOf(module, image.value);
  const isStored = schedule.planes.has(image.value);
  if (node.kind === "level-set" && !isStored) {
    const pixels = image.height * image.width;
    const from = add(multiply(sampleNumber("sample"), module.input.channels * pixels), node.channel * pixels);
    return builder.callOf(packLevelSet(slots, image, from, node.threshold, "sample"));
  }
  if (node.kind === "input") {
    const words = wordsFor(image.width);
    const channelWords = image.height * words;
    const pictureWords = module.input.channels * channelWords;
    const from = add(multiply(sampleNumber("sample"), pictureWords), node.channel * channelWords);
    return builder.callOf(packRows(slots, image, absolute("input", from), "input", words, "sample"));
  }
  const geometry = layout.geometryOf(image.value);
  if (geometry.stride.kind !== "constant") throw new InternalError("a flattened image needs a fixed size");
  const row = rowAt(geometry, sizesOutside(geometry), anySlotOf(schedule, geometry, image.value), constant(0));
  const source = absolute("scratch", add(layout.planesAt(geometry), row));
  return builder.callOf(packRows(slots, image, source, "scratch", geometry.stride.value, "sample"));
}
