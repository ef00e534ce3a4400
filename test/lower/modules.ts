/** Modules and pictures that several tests build: random windows, noise, chains. */
import { ModuleBuilder } from "../../src/ir/build.js";
import type { ModuleInput, MorphModule, ThresholdTerm, ValueId } from "../../src/ir/node.js";
import { typesOf } from "../../src/ir/type.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";

export const FREE: ModuleInput = { channels: 1, height: null, width: null, samples: "bits" };

/** Numbers in 0 … 1 from a linear congruential generator; the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) + 0x7f4a7c15) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A picture that `input` takes; a third of its binary pixels are 0. Free sides take the given ones. */
export function noise(input: ModuleInput, height: number, width: number, seed: number): Picture {
  const random = randomNumbers(seed);
  const size = { height: input.height ?? height, width: input.width ?? width };
  const channels = Array.from({ length: input.channels });
  if (input.samples === "bytes") {
    const plane = (): Uint8Array => Uint8Array.from({ length: size.height * size.width }, () => random() * 256);
    return { kind: "bytes", ...size, channels: channels.map(plane) };
  }
  const image = (): ReturnType<typeof buildBitImage> => buildBitImage(size.height, size.width, () => random() > 1 / 3);
  return { kind: "bits", ...size, channels: channels.map(image) };
}

/** A weight of 1 … `most` or its negative for every pixel of a window around the computed one. */
export function windowTerms(
  input: ValueId,
  height: number,
  width: number,
  most: number,
  random: () => number,
): ThresholdTerm[] {
  return Array.from({ length: height * width }, (_, index) => {
    const magnitude = 1 + Math.floor(random() * most);
    return {
      input,
      offset: {
        row: Math.floor(index / width) - Math.floor(height / 2),
        column: (index % width) - Math.floor(width / 2),
      },
      weight: BigInt(random() < 0.4 ? -magnitude : magnitude),
    };
  });
}

/** A bound that noise passes about half the time. */
export function middleBound(terms: readonly ThresholdTerm[]): bigint {
  return (terms.reduce((sum, term) => sum + term.weight, 0n) * 2n) / 3n;
}

/** `length` erosions and dilations by a 3×3 square in turn, one after the other. */
export function chain(length: number, input: ModuleInput = FREE): MorphModule {
  const builder = new ModuleBuilder("chain", input);
  const element = {
    height: 3,
    width: 3,
    originRow: 1,
    originColumn: 1,
    members: Array.from({ length: 9 }, () => true),
  };
  let value = builder.add({ kind: "input", channel: 0 }, "x");
  for (let layer = 0; layer < length; layer++) {
    const kind = layer % 2 === 0 ? "erosion" : "dilation";
    value = builder.add({ kind, input: value, element, border: layer % 3 === 0 ? "zeros" : "replicate" }, "layer");
  }
  return builder.finish([value]);
}

/** Times every threshold by a number of hundreds of set bits: the same network, too long for straight-line code. */
export function withLongWeights(module: MorphModule): MorphModule {
  const factor = 2n ** 500n - 1n;
  const values = module.values.map((value) => {
    const { node } = value;
    if (node.kind !== "threshold") return value;
    const terms = node.terms.map((term) => ({ ...term, weight: term.weight * factor }));
    return { ...value, node: { ...node, terms, bound: node.bound * factor } };
  });
  return { ...module, values };
}

/** A picture of fewer pixels than there are halvings leaves nothing: artifacts refuse it before lowered code runs. */
export function accepted(module: MorphModule, pictures: readonly Picture[]): Picture[] {
  const type = typesOf(module)[module.outputs[0]!];
  const least = type?.kind === "image" ? 2 ** type.halvings : 1;
  return pictures.filter(({ height, width }) => Math.min(height, width) >= least);
}
