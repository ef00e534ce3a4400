/** A neuron's float values and compiled bits on all pictures of a size, by the evaluator and the interpreter. */
import type { ExhaustiveQuestion } from "../../../src/binarize/exhaustive/exhaustive.js";
import { interpretValues } from "../../../src/ir/interpret.js";
import type { MorphModule } from "../../../src/ir/node.js";
import { evaluateModel } from "../../../src/model/evaluate.js";
import type { InputDescription, Model } from "../../../src/model/types.js";
import { buildBitImage, getPixel } from "../../../src/morph/bit-image.js";
import type { Picture } from "../../../src/morph/picture.js";

/** Gray bytes that tell apart all level sets: one below the first threshold, and each threshold. */
export function levelBytes(input: InputDescription): readonly number[] {
  if (input.encoding.kind === "binary") return [0, 1];
  const { grayMinimum, grayMaximum, values } = input.encoding;
  const bytes = values.flat().map((value) => Math.ceil(((value - grayMinimum) * 255) / (grayMaximum - grayMinimum)));
  return [...new Set([0, ...bytes.filter((byte) => byte > 0 && byte < 256)])].sort((a, b) => a - b);
}

/** All pictures of the size that the level sets can tell apart. */
export function* allPictures(input: InputDescription, height: number, width: number): Generator<Picture> {
  const choices = levelBytes(input);
  const samples = height * width * input.channels;
  for (let code = 0; code < choices.length ** samples; code++) {
    const bytes = Array.from(
      { length: samples },
      (_, at) => choices[Math.floor(code / choices.length ** at) % choices.length]!,
    );
    const planes = Array.from({ length: input.channels }, (_, channel) =>
      Uint8Array.from(bytes.slice(channel * height * width, (channel + 1) * height * width)),
    );
    yield input.encoding.kind === "binary"
      ? {
          kind: "bits",
          height,
          width,
          channels: planes.map((plane) => buildBitImage(height, width, (row, column) => plane[row * width + column]!)),
        }
      : { kind: "bytes", height, width, channels: planes };
  }
}

export function pictureCount(input: InputDescription, height: number, width: number): number {
  return levelBytes(input).length ** (height * width * input.channels);
}

/** Float values of the question's neuron at every pixel. */
export function floatValues(model: Model, { layer, part, neuron }: Asked, picture: Picture): Float64Array {
  const evaluated = evaluateModel(model, picture)[layer]!;
  const tensor = part === "bise" ? evaluated.bise! : evaluated.output;
  const pixels = picture.height * picture.width;
  return tensor.values.subarray(neuron * pixels, (neuron + 1) * pixels);
}

/** The bit of a value at every pixel. */
export function valueBits(module: MorphModule, value: number, picture: Picture): Uint8Array {
  const content = interpretValues(module, picture)[value]!;
  if (content.kind !== "image") throw new Error("not an image");
  const { image } = content;
  return Uint8Array.from({ length: image.height * image.width }, (_, index) =>
    getPixel(image, Math.floor(index / image.width), index % image.width),
  );
}

export type Asked = Pick<ExhaustiveQuestion, "layer" | "part" | "neuron">;

export interface BruteForce {
  /** Largest float value where the bit is 0, smallest where it is 1. */
  readonly zeroValue: number;
  readonly oneValue: number;
}

/** On all pictures of the sizes. */
export function bruteForce(
  model: Model,
  module: MorphModule,
  asked: Asked,
  value: number,
  sizes: readonly (readonly [height: number, width: number])[],
): BruteForce {
  let [zeroValue, oneValue] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [height, width] of sizes) {
    for (const picture of allPictures(model.input, height, width)) {
      const values = floatValues(model, asked, picture);
      valueBits(module, value, picture).forEach((bit, pixel) => {
        if (bit === 0) zeroValue = Math.max(zeroValue, values[pixel]!);
        else oneValue = Math.min(oneValue, values[pixel]!);
      });
    }
  }
  return { zeroValue, oneValue };
}
