/** The entry point of a network of samples: groups of 32 · lanes samples, each with one pass over the gates. */
import { InternalError } from "../diagnostics.js";
import { wordsFor } from "../morph/bit-image.js";
import { absolute, add, constant, LANES, minimum, multiply, subtract, variable } from "../word/build.js";
import { letIndex, loop } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { callOfGates } from "./gate-routines.js";
import { anySlotOf } from "./geometry.js";
import type { Body, Lowering } from "./lowering.js";
import { importPictures } from "./pictures.js";
import { clearSlots, exportBits, sampleNumber, transpose } from "./samples.js";
import { nodeOf } from "./schedule.js";
import { scoreSample } from "./scores.js";
import { rowAt, sizesOutside } from "./sizes.js";
import { lowerStages } from "./stages.js";
import { type Transposed, VectorGates } from "./vector-gates.js";

/** Groups of samples: the image part for each sample, which fills its bit of the slots, then the gates for all. */
export function sampleBody(lowering: Lowering): Body {
  const { schedule, layout, builder, gateTables } = lowering;
  const [output] = schedule.module.outputs;
  if (output === undefined) throw new InternalError("no output");
  const node = nodeOf(schedule.module, output);
  const vectors = new VectorGates(schedule);
  vectors.computeBits();
  const { gates } = vectors;
  const signals = vectors.vector(node.kind === "readout" ? node.input : output);
  const resultSlots = signals.map((signal) => gates.slotOf(signal));
  const range = gates.encode(gateTables);

  const { height, width } = schedule.module.input;
  if (height === null || width === null) throw new InternalError("samples have a fixed size");
  const isNarrow = wordsFor(width) < lowering.lanes;
  const imports = importPictures(lowering, sampleNumber("sample"), isNarrow);
  const stages = lowerStages(lowering, [isNarrow]);
  // The stages of a sample run while the slots already hold the bits of the samples before it.
  const slotsAt = add(layout.slotsAt, multiply(stages.slots, LANES));
  const clear = builder.callOf(clearSlots(slotsAt, gates.inputCount));
  const transposes = vectors.transposed.map((image) => transposeImage(lowering, image, slotsAt));
  const { callable, tables } =
    node.kind === "readout"
      ? scoreSample(node, resultSlots, slotsAt, "answered")
      : exportBits(resultSlots, slotsAt, "answered");
  builder.addTables(tables);
  const answer = builder.callOf(callable);

  const groupSize = multiply(LANES, 32);
  const fill = [...imports, ...stages.statements(isNarrow).flat(), ...transposes];
  const group = [
    letIndex("samples", minimum(groupSize, subtract(variable("count"), variable("group")))),
    clear,
    ...(fill.length === 0 ? [] : [loop("sample", variable("samples"), fill)]),
    ...callOfGates(range, absolute("scratch", slotsAt)),
    loop("answered", variable("samples"), [answer]),
  ];
  return {
    statements: [loop("group", variable("count"), group, groupSize)],
    slots: stages.slots + gates.slotCount,
  };
}

/** Writes an image of the current sample into the slots: straight from the picture, or from its plane. */
function transposeImage({ schedule, layout, builder }: Lowering, image: Transposed, slotsAt: Index): Statement {
  const node = nodeOf(schedule.module, image.value);
  if (node.kind === "input") {
    const words = wordsFor(image.width);
    const channelWords = image.height * words;
    const pictureWords = schedule.module.input.channels * channelWords;
    const from = add(multiply(sampleNumber("sample"), pictureWords), node.channel * channelWords);
    return builder.callOf(transpose(image, absolute("input", from), "input", words, slotsAt, "sample"));
  }
  const geometry = layout.geometryOf(image.value);
  if (geometry.stride.kind !== "constant") throw new InternalError("a flattened image needs a fixed size");
  const row = rowAt(geometry, sizesOutside(geometry), anySlotOf(schedule, geometry, image.value), constant(0));
  const source = absolute("scratch", add(layout.planesAt(geometry), row));
  return builder.callOf(transpose(image, source, "scratch", geometry.stride.value, slotsAt, "sample"));
}
