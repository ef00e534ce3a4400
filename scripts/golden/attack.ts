/**
 * Pictures that try to tell a compiled network from the float one: recorded ones, random ones, and such as climb, flip by
 * flip, towards an output near ½ on the wrong side.
 */
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import type { Model } from "../../src/model/types.js";
import { bitImageToBits, buildBitImage, getPixel } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { createRandom, type Random } from "../../src/morph/random.js";

export interface Attack {
  readonly tried: number;
  readonly found: Picture | null;
}

const RANDOM_PICTURES = 60;
const CLIMBS = 6;
const STEPS = 60;
const SIDE = 12;

/** @param starts pictures that the network is meant for; those of binary networks are changed too */
export function findDifference(model: Model, module: MorphModule, starts: readonly Picture[], seed = 1): Attack {
  const random = createRandom(seed);
  let tried = 0;
  const differs = (picture: Picture): boolean => {
    tried++;
    return worstMargin(model, module, picture) <= 0;
  };
  for (const picture of starts) if (differs(picture)) return { tried, found: picture };
  if (model.input.encoding.kind !== "binary") return { tried, found: null };
  for (let index = 0; index < RANDOM_PICTURES; index++) {
    const picture = randomPicture(model, random);
    if (differs(picture)) return { tried, found: picture };
  }
  for (let climb = 0; climb < CLIMBS; climb++) {
    let picture = randomPicture(model, random);
    let margin = worstMargin(model, module, picture);
    for (let step = 0; step < STEPS; step++) {
      const changed = flip(picture, random);
      const next = worstMargin(model, module, changed);
      tried++;
      if (next <= 0) return { tried, found: changed };
      if (next <= margin) [picture, margin] = [changed, next];
    }
  }
  return { tried, found: null };
}

/** Least distance of an output value from ½ on its bit's side; not positive where the compiled bit is another. */
function worstMargin(model: Model, module: MorphModule, picture: Picture): number {
  const values = evaluateModel(model, picture).at(-1)?.output.values ?? new Float64Array();
  const outcome = interpretModule(module, picture);
  if (outcome.kind === "scores") {
    const best = Math.max(...values);
    const others = [...values].filter((_, label) => label !== outcome.class);
    const own = values[outcome.class] ?? 0;
    return own < best ? own - best : 1e-9 + own - Math.max(...others, Number.NEGATIVE_INFINITY);
  }
  const bits = bitsOf(outcome);
  return values.reduce((least, value, index) => {
    // A value of exactly ½ is a 0.
    const distance = bits[index] === 1 ? value - 0.5 : value === 0.5 ? Number.MIN_VALUE : 0.5 - value;
    return Math.min(least, distance);
  }, Number.POSITIVE_INFINITY);
}

function bitsOf(outcome: Exclude<Outcome, { readonly kind: "scores" }>): ArrayLike<number> {
  if (outcome.kind === "bits") return outcome.bits;
  return outcome.images.flatMap((image) => [...bitImageToBits(image)]);
}

function randomPicture(model: Model, random: Random): Picture {
  const { channels } = model.input;
  const height = model.input.height ?? 1 + random.below(SIDE);
  const width = model.input.width ?? 1 + random.below(SIDE);
  const density = random.uniform();
  const planes = Array.from({ length: channels }, () => buildBitImage(height, width, () => random.uniform() < density));
  return { kind: "bits", height, width, channels: planes };
}

function flip(picture: Picture, random: Random): Picture {
  if (picture.kind !== "bits") return picture;
  const { height, width, channels } = picture;
  const [channel, row, column] = [random.below(channels.length), random.below(height), random.below(width)];
  const changed = channels.map((image, index) =>
    index === channel
      ? buildBitImage(height, width, (r, c) => getPixel(image, r, c) === (r === row && c === column ? 0 : 1))
      : image,
  );
  return { ...picture, channels: changed };
}
