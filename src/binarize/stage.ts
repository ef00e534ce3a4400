/** What lies between two layers, and the layers that have no neurons. */
import { fail } from "../diagnostics.js";
import type { ModuleBuilder } from "../ir/build.js";
import { MODULE_LIMITS } from "../ir/limits.js";
import type { Grade, ValueId } from "../ir/node.js";
import { levelThreshold } from "../model/level-sets.js";
import type { InputDescription } from "../model/types.js";
import { BIT } from "./literals.js";
import type { BinarizationPolicy, ChannelBounds } from "./report.js";
import type { ProofBudget } from "./threshold-function.js";

/** One channel or bit between two layers: its value, and what is proved about the float value behind it. */
export interface Signal {
  readonly value: ValueId;
  readonly bounds: ChannelBounds;
  /** How far the bit is known to be the float network's. */
  readonly grade: Grade;
}

/** All channels, or all bits, between two layers. */
export type Stage = readonly Signal[];

/** What every layer's translation needs. */
export interface LayerContext {
  readonly builder: ModuleBuilder;
  readonly policy: BinarizationPolicy;
  /** `layers[3]` */
  readonly path: string;
  readonly index: number;
  readonly budget: ProofBudget;
  readonly neuronDone: () => void;
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
  return planes.concat(negated).map((value) => ({ value, bounds: BIT, grade: "exact" }));
}

const SQUARE_2X2 = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };

/** Max-pooling is the dilation that reads (0,0), (0,1), (1,0), (1,1), then every second pixel; no border is read. */
export function maxPool(stage: Stage, { builder, path, index }: LayerContext): Stage {
  const origin = { path, grade: null };
  return stage.map((signal, channel) => {
    const widened = builder.add(
      { kind: "dilation", input: signal.value, element: SQUARE_2X2, border: "replicate" },
      `widened${index}_${channel}`,
      origin,
    );
    return { ...signal, value: builder.add({ kind: "subsample", input: widened }, `pool${index}_${channel}`, origin) };
  });
}

/** The pixels of all channels as single bits. @throws DiagnosticError BMN0302, BMN0503 */
export function flatten(
  stage: Stage,
  size: { readonly height: number | null; readonly width: number | null },
  { builder, path, index }: LayerContext,
): Stage {
  if (size.height === null || size.width === null) {
    fail("BMN0503", "a network with a flatten layer needs a fixed input size", { path });
  }
  const pixels = size.height * size.width;
  const features = pixels * stage.length;
  if (features > MODULE_LIMITS.vectorLength) {
    fail("BMN0302", `flattening gives ${features} features, more than ${MODULE_LIMITS.vectorLength}`, {
      path,
      hint: "pool the image before it is flattened, or use a smaller input",
    });
  }
  const inputs = stage.map((signal) => signal.value);
  const vector = builder.add({ kind: "flatten", inputs }, `flat${index}`);
  return stage.flatMap((signal, channel) =>
    Array.from({ length: pixels }, (_, pixel): Signal => {
      const position = channel * pixels + pixel;
      const value = builder.add({ kind: "element", input: vector, index: position }, `bit${index}_${position}`);
      return { ...signal, value };
    }),
  );
}
