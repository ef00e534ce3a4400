/** Learning an operator of mathematical morphology: pictures, and what the operator makes of them. */
import { fail } from "../diagnostics.js";
import { type BitImage, createBitImage } from "../morph/bit-image.js";
import type { BorderRule } from "../morph/border.js";
import { namedElement } from "../morph/named-element.js";
import { applyOperator, MORPHOLOGICAL_OPERATORS, type MorphologicalOperator } from "../morph/operators.js";
import type { PictureSource } from "./picture-source.js";
import type { SampleSet } from "./sample-set.js";

/** The operator that is to be learned. */
export interface OperatorChoice {
  readonly operator: MorphologicalOperator;
  /** As `namedElement` reads it. */
  readonly element: string;
  readonly border: BorderRule;
}

/**
 * The pictures of a source, with the result of the operator as target.
 * @throws DiagnosticError BMN0801 or BMN0401 for an element that is not known
 */
export function createOperatorSet(pictures: PictureSource, choice: OperatorChoice): SampleSet {
  const { operator, border } = choice;
  if (!MORPHOLOGICAL_OPERATORS.includes(operator)) {
    fail("BMN0801", `the operator ${JSON.stringify(operator)} is unknown`, {
      path: "operator",
      hint: `use one of ${MORPHOLOGICAL_OPERATORS.join(", ")}`,
    });
  }
  const element = namedElement(choice.element);
  const { height, width } = pictures;
  return {
    name: `${operator} by ${choice.element} on ${pictures.name}`,
    shape: { channels: 1, height, width, samples: "bits", target: { kind: "images", channels: 1 } },
    count: pictures.count,
    read: (index, input, target) => {
      pictures.read(index, input);
      unpackPixels(applyOperator(operator, packPixels(input, height, width), element, border), target);
    },
  };
}

/** A packed image of pixels 0 and 1, `[height][width]`. */
export function packPixels(pixels: Uint8Array, height: number, width: number): BitImage {
  const image = createBitImage(height, width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (pixels[row * width + column] !== 1) continue;
      const index = row * image.strideWords + (column >>> 5);
      image.words[index] = (image.words[index] ?? 0) | (1 << (column & 31));
    }
  }
  return image;
}

/** Inverse of {@link packPixels}. */
export function unpackPixels(image: BitImage, pixels: Uint8Array): void {
  const { height, width, strideWords, words } = image;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const word = words[row * strideWords + (column >>> 5)] ?? 0;
      pixels[row * width + column] = (word >>> (column & 31)) & 1;
    }
  }
}
