/** How far two answers are apart, and the message that tells how to see it again. */

import type { MorphModule } from "../../src/ir/node.js";
import { printModule } from "../../src/ir/print.js";
import type { BitImage } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";

/** Number of pixels, bits, or scores and classes that differ. Tail bits count: they are zero in every output. */
export function countOutcomeDifferences(actual: Outcome | undefined, expected: Outcome | undefined): number {
  if (actual?.kind === "images" && expected?.kind === "images") {
    const { images } = expected;
    if (actual.images.length !== images.length) return Number.POSITIVE_INFINITY;
    return actual.images.reduce((sum, image, channel) => sum + countImageDifferences(image, images[channel]!), 0);
  }
  if (actual?.kind === "bits" && expected?.kind === "bits") {
    const { bits } = expected;
    if (actual.bits.length !== bits.length) return Number.POSITIVE_INFINITY;
    return actual.bits.reduce((sum, bit, index) => sum + (bit === bits[index] ? 0 : 1), 0);
  }
  if (actual?.kind === "scores" && expected?.kind === "scores") {
    const { scores } = expected;
    if (actual.scores.length !== scores.length) return Number.POSITIVE_INFINITY;
    const wrong = actual.scores.filter((score, label) => score !== scores[label]).length;
    return wrong + (actual.class === expected.class ? 0 : 1);
  }
  return Number.POSITIVE_INFINITY;
}

function countImageDifferences(actual: BitImage, expected: BitImage): number {
  if (actual.height !== expected.height || actual.width !== expected.width) return Number.POSITIVE_INFINITY;
  if (actual.words.length !== expected.words.length) return Number.POSITIVE_INFINITY;
  let differences = 0;
  for (let index = 0; index < actual.words.length; index++) {
    let difference = actual.words[index]! ^ expected.words[index]!;
    for (; difference !== 0; differences++) difference &= difference - 1;
  }
  return differences;
}

/** @throws Error with the module, the pictures that differ and by how much */
export function expectSameOutcomes(
  label: string,
  module: MorphModule,
  pictures: readonly Picture[],
  actual: readonly Outcome[],
  expected: readonly Outcome[],
): void {
  const wrong = pictures.flatMap((picture, index) => {
    const differences = countOutcomeDifferences(actual[index], expected[index]);
    return differences === 0 ? [] : [`picture ${index}, ${picture.height}×${picture.width}: ${differences} differ`];
  });
  if (actual.length !== expected.length) wrong.push(`${actual.length} answers instead of ${expected.length}`);
  if (wrong.length === 0) return;
  throw new Error(`${label}\n${wrong.slice(0, 8).join("\n")}\n${printModule(module).slice(0, LONGEST_TEXT)}`);
}

/** Characters of a module in a message: all of a random one. */
const LONGEST_TEXT = 20_000;
