/** Sets in the form of MNIST: a training and a test file of pictures, and of labels. */
import { fail } from "../diagnostics.js";
import { LARGEST_PICTURE_SIDE } from "./check-option.js";
import { checkLabels, type LabelledPictures } from "./class-set.js";
import type { GrayPictures } from "./gray-pictures.js";
import type { IdxArray } from "./idx.js";

/**
 * The pictures of one part of the set.
 * @param images `[count][height][width]`
 * @throws DiagnosticError BMN0804
 */
export function idxPictures(images: IdxArray): GrayPictures {
  const [count = 0, height = 0, width = 0] = images.dimensions;
  if (images.dimensions.length !== 3 || images.samples.length === 0) {
    fail("BMN0804", `the pictures have the dimensions ${images.dimensions.join("×")}`, {
      hint: "a file of pictures has three dimensions: number, height, width",
    });
  }
  if (height > LARGEST_PICTURE_SIDE || width > LARGEST_PICTURE_SIDE) {
    fail("BMN0804", `the pictures have ${height}×${width} pixels (height × width)`, {
      hint: `no side may exceed ${LARGEST_PICTURE_SIDE} pixels`,
    });
  }
  return { count, channels: 1, height, width, samples: images.samples };
}

/**
 * Joins the two arrays of one part of the set.
 * @param images as {@link idxPictures} takes them
 * @param labels `[count]`
 * @param classes names of the classes; null names them 0, 1, … up to the greatest label
 * @throws DiagnosticError BMN0804
 */
export function labelPictures(images: IdxArray, labels: IdxArray, classes: readonly string[] | null): LabelledPictures {
  const pictures = idxPictures(images);
  if (labels.dimensions.length !== 1) {
    fail("BMN0804", `the labels have the dimensions ${labels.dimensions.join("×")}`, {
      hint: "a file of labels has one dimension",
    });
  }
  const data = { pictures, labels: labels.samples, classes: classes ?? numberedClasses(labels.samples) };
  checkLabels(data);
  return data;
}

function numberedClasses(labels: Uint8Array): string[] {
  const greatest = labels.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: greatest + 1 }, (_, index) => String(index));
}

/** Refuses a test part that does not continue the training part. @throws DiagnosticError BMN0804 */
export function checkSameForm(a: GrayPictures, b: GrayPictures): void {
  if (a.height !== b.height || a.width !== b.width) {
    fail("BMN0804", `training pictures have ${a.height}×${a.width} pixels, test pictures ${b.height}×${b.width}`, {
      hint: "both parts must come from the same release of the data",
    });
  }
}
