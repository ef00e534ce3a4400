/** Pictures of a number of classes. */
import { fail, InternalError } from "../diagnostics.js";
import { checkReading, type GrayPictures, type PictureReading, readGrayPicture } from "./gray-pictures.js";
import type { PictureSource } from "./picture-source.js";
import type { SampleSet } from "./sample-set.js";

/** Pictures, each with the number of its class. */
export interface LabelledPictures {
  readonly pictures: GrayPictures;
  /** One per picture, below the number of classes. */
  readonly labels: Uint8Array;
  readonly classes: readonly string[];
}

const MOST_CLASSES = 256;

/** @throws DiagnosticError BMN0804 if labels and pictures do not fit together */
export function checkLabels({ pictures, labels, classes }: LabelledPictures): void {
  if (labels.length !== pictures.count) {
    fail("BMN0804", `there are ${pictures.count} pictures and ${labels.length} labels`, {
      hint: "pictures and labels must come from the same release of the data",
    });
  }
  if (classes.length < 1 || classes.length > MOST_CLASSES) {
    fail("BMN0804", `there are ${classes.length} classes`, { hint: `a set has 1 to ${MOST_CLASSES} classes` });
  }
  const index = labels.findIndex((label) => label >= classes.length);
  if (index >= 0) {
    fail("BMN0804", `label ${index} is ${labels[index]}, but there are only ${classes.length} classes`, {
      hint: "classes are counted from 0",
    });
  }
}

/**
 * The pictures of `indices`, in that order, as samples whose target is the class.
 * @throws DiagnosticError BMN0801 for a threshold out of range
 */
export function createClassSet(
  name: string,
  data: LabelledPictures,
  indices: Uint32Array,
  reading: PictureReading,
): SampleSet {
  checkReading(reading);
  const { pictures, labels, classes } = data;
  const { channels, height, width } = pictures;
  return {
    name,
    shape: {
      channels,
      height,
      width,
      samples: reading.encoding.kind,
      target: { kind: "classes", names: classes },
    },
    count: indices.length,
    read: (index, input, target) => {
      const chosen = pickIndex(indices, index);
      readGrayPicture(pictures, chosen, reading, input);
      target[0] = labels[chosen] ?? 0;
    },
  };
}

/**
 * The pictures of `indices`, in that order, as binary pictures to learn an operator on.
 * @throws DiagnosticError BMN0801 unless they are read as bits, BMN0804 unless they have one channel
 */
export function createPictureSource(
  name: string,
  pictures: GrayPictures,
  indices: Uint32Array,
  reading: PictureReading,
): PictureSource {
  checkReading(reading);
  if (reading.encoding.kind !== "bits") {
    fail("BMN0801", "an operator is learned on bits, not on gray pictures", {
      path: "encoding",
      hint: "turn the pictures into bits with a threshold",
    });
  }
  const { channels, height, width } = pictures;
  if (channels !== 1) {
    fail("BMN0804", `an operator is learned on one channel, the pictures have ${channels}`, {
      hint: "take gray pictures",
    });
  }
  return {
    name,
    height,
    width,
    count: indices.length,
    read: (index, pixels) => readGrayPicture(pictures, pickIndex(indices, index), reading, pixels),
  };
}

function pickIndex(indices: Uint32Array, index: number): number {
  const chosen = indices[index];
  if (chosen === undefined) throw new InternalError(`there is no sample ${index}`);
  return chosen;
}
