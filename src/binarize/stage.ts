/** What lies between two layers, and the layers that have no neurons. */
import { fail } from "../diagnostics.js";
import type { ModuleBuilder } from "../ir/build.js";
import { MODULE_LIMITS } from "../ir/limits.js";
import type { Grade, ValueId } from "../ir/node.js";
import { levelThreshold } from "../model/level-sets.js";
import type { InputDescription } from "../model/types.js";
import { PLAIN_BIT, readsAsPlainBit } from "./level-code.js";
import { BIT, UNKNOWN } from "./literals.js";
import type { ChannelBounds } from "./report.js";

/** One channel, or one element of a vector, between two layers: its bits, and what is proved about the float value behind it. */
export interface Signal {
  /** One bit for each cut of its level code; mostly one. */
  readonly bits: readonly ValueId[];
  /** What the next layer reads for 0, 1, … set bits; see level-code.ts. */
  readonly representatives: readonly number[];
  readonly bounds: ChannelBounds;
  /** How far the bits are known to be the float network's. */
  readonly grade: Grade;
}

/** All channels, or all elements, between two layers. */
export type Stage = readonly Signal[];

/** A value of which one bit is known, cut at ½. */
export function plainSignal(value: ValueId, bounds: ChannelBounds, grade: Grade): Signal {
  return { bits: [value], representatives: PLAIN_BIT.representatives, bounds, grade };
}

/** Bounds of the values behind a signal as the papers' bits 0 and 1; nothing is known of one that is read as other values. */
export function boundsOf(signal: Signal): ChannelBounds {
  return readsAsPlainBit(signal.representatives) ? signal.bounds : UNKNOWN;
}

/** Where the nodes of a layer without neurons go, and what they are called. */
export interface LayerPlace {
  readonly builder: ModuleBuilder;
  /** `layers[3]` */
  readonly path: string;
  readonly index: number;
}

/** The planes that the first layer reads: channels or level sets, then their complements. */
export function inputStage(input: InputDescription, builder: ModuleBuilder): Stage {
  const { encoding, channels, complements } = input;
  const planes = Array.from({ length: channels }, (_, channel) => channel).flatMap((channel): ValueId[] => {
    if (encoding.kind === "binary") return [builder.add({ kind: "input", channel }, `x${channel}`)];
    return (encoding.values[channel] ?? []).map((_, level) => {
      const threshold = levelThreshold(encoding, channel, level);
      return builder.add({ kind: "level-set", channel, threshold }, `x${channel}_level${level}`);
    });
  });
  const negated = complements
    ? planes.map((plane, index) => builder.add({ kind: "complement", input: plane }, `not_x${index}`))
    : [];
  return planes.concat(negated).map((value) => plainSignal(value, BIT, "exact"));
}

const SQUARE_2X2 = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };

/**
 * Max-pooling is the dilation that reads (0,0), (0,1), (1,0), (1,1), then every second pixel; no border is read. The maximum
 * lies above a cut where one of its values does, so that it goes bit by bit.
 */
export function maxPool(stage: Stage, { builder, path, index }: LayerPlace): Stage {
  const origin = { path, grade: null };
  return stage.map((signal, channel) => {
    const bits = signal.bits.map((input) => {
      const dilation = { kind: "dilation", input, element: SQUARE_2X2, border: "replicate" } as const;
      const widened = builder.add(dilation, `widened${index}_${channel}`, origin);
      return builder.add({ kind: "subsample", input: widened }, `pool${index}_${channel}`, origin);
    });
    return { ...signal, bits };
  });
}

/** The pixels of all channels as single bits. @throws DiagnosticError BMN0302, BMN0503 */
export function flatten(
  stage: Stage,
  size: { readonly height: number | null; readonly width: number | null },
  { builder, path, index }: LayerPlace,
): Stage {
  if (size.height === null || size.width === null) {
    fail("BMN0503", "a network with a flatten layer needs a fixed input size", { path });
  }
  const pixels = size.height * size.width;
  const planes = stage.reduce((total, signal) => total + signal.bits.length, 0);
  const features = pixels * planes;
  if (features > MODULE_LIMITS.vectorLength) {
    fail("BMN0302", `flattening gives ${features} bits, more than ${MODULE_LIMITS.vectorLength}`, {
      path,
      hint: "pool the image before it is flattened, or use a smaller input",
    });
  }
  const vector = builder.add({ kind: "flatten", inputs: stage.flatMap((signal) => signal.bits) }, `flat${index}`);
  let plane = 0;
  return stage.flatMap((signal) => {
    const first = plane;
    plane += signal.bits.length;
    return Array.from({ length: pixels }, (_, pixel): Signal => {
      const bits = signal.bits.map((__, level) => {
        const position = (first + level) * pixels + pixel;
        return builder.add({ kind: "element", input: vector, index: position }, `bit${index}_${position}`);
      });
      return { ...signal, bits };
    });
  });
}
