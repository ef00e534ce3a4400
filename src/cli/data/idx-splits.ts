/** The splits of a folder of IDX files: the test set is the folder's own, validation is cut off the training files. */
import { createClassSet, createPictureSource } from "../../data/class-set.js";
import type { IdxData, OperatorData } from "../../data/description.js";
import type { GrayPictures, PictureReading } from "../../data/gray-pictures.js";
import { checkSameForm, idxPictures, labelPictures } from "../../data/mnist.js";
import { createOperatorSet } from "../../data/operator-set.js";
import type { SampleSplits } from "../../data/sample-set.js";
import { splitLast } from "../../data/splits.js";
import { withSource } from "../../diagnostics.js";
import { checkFolder } from "../folders.js";
import { MemoryBudget } from "../memory-budget.js";
import { IDX_FILES, readIdx } from "./read-idx.js";

/** @throws DiagnosticError BMN0101, BMN0103, BMN0801 … BMN0804, BMN0807 */
export function openIdxSplits(data: IdxData): SampleSplits {
  const { folder, validation: heldBack, seed } = data;
  const budget = new MemoryBudget();
  checkFolder(folder);
  const trainingPictures = readIdx(folder, IDX_FILES.trainingPictures, budget);
  const trainingLabels = readIdx(folder, IDX_FILES.trainingLabels, budget);
  const testPictures = readIdx(folder, IDX_FILES.testPictures, budget);
  const testLabels = readIdx(folder, IDX_FILES.testLabels, budget);
  return withSource(folder, () => {
    const labelled = labelPictures(trainingPictures, trainingLabels, null);
    const tests = labelPictures(testPictures, testLabels, labelled.classes);
    checkSameForm(labelled.pictures, tests.pictures);
    const indices = splitLast(labelled.pictures.count, heldBack, seed);
    const name = `${labelled.classes.length} classes of ${nameOf(labelled.pictures)}`;
    return {
      training: createClassSet(name, labelled, indices.training, data),
      validation: createClassSet(name, labelled, indices.validation, data),
      test: createClassSet(name, tests, everyIndex(tests.pictures.count), data),
    };
  });
}

/** {@link openIdxSplits} for an operator to be learned on the pictures; labels need not be there. */
export function openIdxOperatorSplits(
  data: OperatorData,
  pictures: Extract<OperatorData["pictures"], { readonly kind: "idx" }>,
): SampleSplits {
  const { folder, threshold, invert, validation: heldBack } = pictures;
  const budget = new MemoryBudget();
  checkFolder(folder);
  const trainingArray = readIdx(folder, IDX_FILES.trainingPictures, budget);
  const testArray = readIdx(folder, IDX_FILES.testPictures, budget);
  return withSource(folder, () => {
    const [training, test] = [idxPictures(trainingArray), idxPictures(testArray)];
    checkSameForm(training, test);
    const indices = splitLast(training.count, heldBack, data.seed);
    const reading: PictureReading = { encoding: { kind: "bits", threshold }, invert };
    const createSet = (from: GrayPictures, chosen: Uint32Array) =>
      createOperatorSet(createPictureSource(nameOf(from), from, chosen, reading), data);
    return {
      training: createSet(training, indices.training),
      validation: createSet(training, indices.validation),
      test: createSet(test, everyIndex(test.count)),
    };
  });
}

function nameOf({ height, width }: GrayPictures): string {
  return `IDX pictures of ${height}×${width} pixels`;
}

function everyIndex(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}
