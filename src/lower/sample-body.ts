/** The entry point of a network of samples, which are answered in batches, few of them one by one. */
import { InternalError } from "../diagnostics.js";
import { wordsFor } from "../morph/bit-image.js";
import { absolute, add, constant, LANES, minimum, multiply, subtract, variable } from "../word/build.js";
import { letIndex, loop } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { answerBatch, encodeBatch, type SampleNetwork } from "./batch.js";
import { anySlotOf } from "./geometry.js";
import type { Body, Lowering } from "./lowering.js";
import { importPictures } from "./pictures.js";
import { type SampleSlots, sampleNumber, samplesOfPass } from "./sample-slots.js";
import { fillConstants, packLevelSet, packRows, type SampleWords, wordsToTranspose } from "./samples.js";
import { nodeOf } from "./schedule.js";
import { planSingle } from "./single-plan.js";
import {
  answerSingle,
  costOfSingle,
  type SingleProgram,
  singlePlaces,
  singleProgram,
  sizeOfSingle,
  slotsOfSingle,
  wordsOfSingle,
} from "./single-sample.js";
import { rowAt, sizesOutside } from "./sizes.js";
import { lowerStages } from "./stages.js";
import { type Transposed, VectorGates } from "./vector-gates.js";

/** The image part of a sample, whose pixels are packed in the end. @param wordsOf where those of an image go */
type ImagePart = (number: Index, wordsOf: (image: Transposed) => SampleWords) => readonly Statement[];

/** Code for one sample must save half of the time at least, to be worth its tables. */
const LEAST_GAIN = 2;

export function sampleBody(lowering: Lowering): Body {
  const { schedule, layout, builder, neuronTables, isSmall, target } = lowering;
  const [output] = schedule.module.outputs;
  if (output === undefined) throw new InternalError("no output");
  const node = nodeOf(schedule.module, output);
  const readout = node.kind === "readout" ? node : null;
  const { shape } = neuronTables;
  const vectors = new VectorGates(schedule, shape.groupSlots);
  vectors.computeBits();
  const { gates, transposed } = vectors;
  const network: SampleNetwork = { gates, signals: vectors.vector(readout?.input ?? output), readout };

  const { height, width } = schedule.module.input;
  if (height === null || width === null) throw new InternalError("samples have a fixed size");
  const isNarrow = wordsFor(width) < target.lanes;
  const stages = lowerStages(lowering, [isNarrow]);
  const imagePart: ImagePart = (number, wordsOf) => [
    ...importPictures(lowering, number, isNarrow),
    ...stages.statements(isNarrow),
    ...transposed.map((image) => packImage(lowering, image, number, wordsOf(image))),
  ];
  // The stages of a sample run while the slots already hold the pixels of the samples before it.
  const slots: SampleSlots = { at: add(layout.slotsAt, multiply(LANES, stages.slots)), ...shape };
  const { lanes } = target;
  const single = singleProgram(planSingle(gates, network.signals, shape.groupSlots, lanes), readout, lanes);
  const oneByOne = (program: SingleProgram, number: Index): readonly Statement[] => {
    const places = singlePlaces(program, lanes, slots.at);
    const words = (image: Transposed): SampleWords => wordsOfSingle(places, image.firstInput / shape.groupSlots);
    return [...imagePart(number, words), ...answerSingle(program, places, lanes, number, builder)];
  };

  const before = neuronTables.position;
  const batch = encodeBatch(lowering, network);
  const singleSlots = single === null ? 0 : slotsOfSingle(single, lanes);
  const batchWords = batch.tableWords + batch.program.slotCount * shape.slotWords;
  if (isSmall && single !== null && sizeOfSingle(single, lanes) + singleSlots * lanes < batchWords) {
    neuronTables.goBack(before);
    const each = loop("sample", variable("count"), oneByOne(single, variable("sample")));
    return { statements: [each], slots: stages.slots + singleSlots };
  }
  const { statements, slotCount } = answerBatch(lowering, network, batch, slots);
  const fill = imagePart(sampleNumber("sample"), (image) => wordsToTranspose(slots, image, variable("sample")));
  const together = [...(fill.length === 0 ? [] : [eachSample(fill)]), ...statements];
  const gain = single === null ? 0 : batch.cost / costOfSingle(single, lanes);
  const few = !isSmall && gain >= LEAST_GAIN ? single : null;
  const pass = [
    letIndex("samples", minimum(samplesOfPass(slots), subtract(variable("count"), variable("group")))),
    ...(few === null ? together : [chooseFew(Math.floor(gain), oneByOne(few, sampleNumber("single")), together)]),
  ];
  return {
    statements: [builder.callOf(fillConstants(slots)), loop("group", variable("count"), pass, samplesOfPass(slots))],
    slots: stages.slots + Math.max(slots.vectors * slotCount, few === null ? 0 : singleSlots),
  };
}

/**
 * At most `most` samples of a pass one by one, else all together. What is answered one by one takes the memory of the batch's constant
 * slots too: a pass of few samples is the last one.
 */
function chooseFew(most: number, one: readonly Statement[], together: readonly Statement[]): Statement {
  return {
    kind: "if",
    condition: { kind: "index", operator: "<", left: variable("samples"), right: constant(most + 1) },
    then: [loop("single", variable("samples"), one)],
    else: together,
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

/** Packs an image of sample `number`: straight from the picture, or from its plane. */
function packImage(
  { schedule, layout, builder }: Lowering,
  image: Transposed,
  number: Index,
  to: SampleWords,
): Statement {
  const { module } = schedule;
  const node = nodeOf(module, image.value);
  const isStored = schedule.planes.has(image.value);
  if (node.kind === "level-set" && !isStored) {
    const pixels = image.height * image.width;
    const from = add(multiply(number, module.input.channels * pixels), node.channel * pixels);
    return builder.callOf(packLevelSet(to, image, from, node.threshold));
  }
  if (node.kind === "input") {
    const words = wordsFor(image.width);
    const channelWords = image.height * words;
    const pictureWords = module.input.channels * channelWords;
    const from = add(multiply(number, pictureWords), node.channel * channelWords);
    return builder.callOf(packRows(image, to, absolute("input", from), "input", words));
  }
  const geometry = layout.geometryOf(image.value);
  if (geometry.stride.kind !== "constant") throw new InternalError("a flattened image needs a fixed size");
  const row = rowAt(geometry, sizesOutside(geometry), anySlotOf(schedule, geometry, image.value), constant(0));
  const source = absolute("scratch", add(layout.planesAt(geometry), row));
  return builder.callOf(packRows(image, to, source, "scratch", geometry.stride.value));
}
