/** How often a compiled network answers as the float one, measured on pictures: for whatever is not proved. */
import { InternalError, unreachable } from "../diagnostics.js";
import { interpretModule } from "../ir/interpret.js";
import type { MorphModule } from "../ir/node.js";
import { evaluateModel, type RealTensor } from "../model/evaluate.js";
import type { Layer, Model } from "../model/types.js";
import { bitImageToBits } from "../morph/bit-image.js";
import type { Outcome, Picture } from "../morph/picture.js";

/** What the two networks answer for one picture: pixels of all output channels, elements of a vector, or one class. */
export interface PictureAgreement {
  readonly answers: number;
  readonly equal: number;
  /** Float values as bits, [y > ½], for pictures of the difference; null for classes. */
  readonly floatBits: Uint8Array | null;
  readonly outcome: Outcome;
}

export interface Agreement {
  readonly pictures: number;
  /** Pictures on which all answers are equal. */
  readonly equalPictures: number;
  readonly answers: number;
  readonly equal: number;
  /** Of the picture with the least share of equal answers, the first of them; null without pictures. */
  readonly worst: { readonly index: number; readonly agreement: PictureAgreement } | null;
}

/** Share of equal answers; 1 for none at all. */
export function shareOf({ answers, equal }: { readonly answers: number; readonly equal: number }): number {
  return answers === 0 ? 1 : equal / answers;
}

/**
 * The float network is evaluated in double precision, its class the first arg max of its scores before ξ.
 * @throws DiagnosticError BMN0603, BMN0604 where a picture does not suit the network
 */
export function measureAgreement(
  model: Model,
  module: MorphModule,
  pictures: Iterable<Picture>,
  onPicture?: () => void,
): Agreement {
  let [answers, equal, equalPictures, index] = [0, 0, 0, 0];
  let worst: Agreement["worst"] = null;
  const plain = withPlainScores(model);
  for (const picture of pictures) {
    const agreement = compareOn(plain, module, picture);
    answers += agreement.answers;
    equal += agreement.equal;
    if (agreement.equal === agreement.answers) equalPictures++;
    if (worst === null || shareOf(agreement) < shareOf(worst.agreement)) worst = { index, agreement };
    index++;
    onPicture?.();
  }
  return { pictures: index, equalPictures, answers, equal, worst };
}

function compareOn(model: Model, module: MorphModule, picture: Picture): PictureAgreement {
  const last = evaluateModel(model, picture).at(-1);
  if (last === undefined) throw new InternalError("a network without layers");
  const outcome = interpretModule(module, picture);
  switch (outcome.kind) {
    case "images":
      return compareBits(
        last.output,
        outcome.images.flatMap((image) => [...bitImageToBits(image)]),
        outcome,
      );
    case "bits":
      return compareBits(last.output, outcome.bits, outcome);
    case "scores": {
      const equal = firstGreatest(last.output.values) === outcome.class ? 1 : 0;
      return { answers: 1, equal, floatBits: null, outcome };
    }
    default:
      return unreachable(outcome);
  }
}

/** The class is that of the pre-activations, which ξ may round to one value. */
function withPlainScores(model: Model): Model {
  const layers = model.layers.map((layer): Layer => {
    if (layer.kind !== "readout") return layer;
    return { ...layer, bank: { ...layer.bank, activation: "identity" } };
  });
  return { ...model, layers };
}

function compareBits({ values }: RealTensor, bits: ArrayLike<number>, outcome: Outcome): PictureAgreement {
  const floatBits = Uint8Array.from(values, (value) => (value > 0.5 ? 1 : 0));
  const equal = floatBits.reduce((sum, bit, index) => (bit === bits[index] ? sum + 1 : sum), 0);
  return { answers: values.length, equal, floatBits, outcome };
}

function firstGreatest(values: Float64Array): number {
  let best = 0;
  values.forEach((value, index) => {
    if (value > (values[best] ?? Number.NEGATIVE_INFINITY)) best = index;
  });
  return best;
}
