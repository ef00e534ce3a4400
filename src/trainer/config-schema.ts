/** What a training configuration may say, with defaults; the place and reason of every mistake follow from it. */
import * as z from "zod";
import { DATA_DEFAULTS, type DataDescription } from "../data/description.js";
import { DISKORECT_DEFAULTS } from "../data/diskorect.js";
import { NOISY_STICKS_DEFAULTS } from "../data/noisy-sticks.js";
import { MORPHOLOGICAL_OPERATORS } from "../morph/operators.js";
import type { BankConfig, LayerConfig, NetworkConfig, Phase, TrainingConfig, TrainingOptions } from "./config.js";
import { canHarden } from "./schedule.js";

const MOST_LAYERS = 64;
const MOST_PHASES = 64;

const positive = z.number().positive().max(1e9);
const probability = z.number().min(0).max(1);
const whole = (least: number, most: number) => z.int().min(least).max(most);
const side = whole(1, 4096);
const seed = whole(0, 2 ** 31);
const folder = z.string().min(1).max(4096);
const layerIndex = whole(0, MOST_LAYERS - 1);

// Data ------------------------------------------------------------------------------------------------------------------

const counts = z
  .strictObject({ validation: whole(1, 1e6), test: whole(1, 1e6) })
  .prefault(DATA_DEFAULTS.noisySticks.counts);

const diskorect = z.strictObject({
  height: side.default(DISKORECT_DEFAULTS.height),
  width: side.default(DISKORECT_DEFAULTS.width),
  shapes: whole(0, 10_000).default(DISKORECT_DEFAULTS.shapes),
  holes: whole(0, 10_000).default(DISKORECT_DEFAULTS.holes),
  largestShape: side.default(DISKORECT_DEFAULTS.largestShape),
  largestHole: side.default(DISKORECT_DEFAULTS.largestHole),
  noise: probability.default(DISKORECT_DEFAULTS.noise),
  inversion: probability.default(DISKORECT_DEFAULTS.inversion),
});

const sticks = z.strictObject({
  height: side.default(NOISY_STICKS_DEFAULTS.height),
  width: side.default(NOISY_STICKS_DEFAULTS.width),
  sticks: whole(0, 10_000).default(NOISY_STICKS_DEFAULTS.sticks),
  shortest: side.default(NOISY_STICKS_DEFAULTS.shortest),
  longest: side.default(NOISY_STICKS_DEFAULTS.longest),
  angles: z
    .array(z.number())
    .min(1)
    .max(8)
    .default([...NOISY_STICKS_DEFAULTS.angles]),
  noise: probability.default(NOISY_STICKS_DEFAULTS.noise),
});

const threshold = whole(1, 255).default(128);
const reading = {
  encoding: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("bytes") }),
      z.strictObject({ kind: z.literal("bits"), threshold }),
    ])
    .prefault({ kind: "bits" }),
  invert: z.boolean().default(false),
};
const fractions = z
  .strictObject({ validation: probability, test: probability })
  .prefault(DATA_DEFAULTS.classes.fractions);
const heldBack = whole(1, 1e7).default(DATA_DEFAULTS.idx.validation);

const data = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("operator"),
    operator: z.enum(MORPHOLOGICAL_OPERATORS),
    element: z.string().max(40),
    border: z.enum(["replicate", "zeros"]).default("replicate"),
    pictures: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("diskorect"), generator: diskorect.prefault({}), counts }),
        z.strictObject({
          kind: z.literal("idx"),
          folder,
          threshold,
          invert: z.boolean().default(false),
          validation: heldBack,
        }),
      ])
      .prefault({ kind: "diskorect" }),
    seed: seed.default(0),
  }),
  z.strictObject({ kind: z.literal("noisy-sticks"), generator: sticks.prefault({}), counts, seed: seed.default(0) }),
  z.strictObject({ kind: z.literal("idx"), folder, ...reading, validation: heldBack, seed: seed.default(0) }),
  z.strictObject({
    kind: z.literal("pairs"),
    folder,
    ...reading,
    targetThreshold: threshold,
    crop: z.strictObject({ height: side, width: side }).nullable().default(null),
    cropsPerPicture: whole(1, 1000).default(DATA_DEFAULTS.pairs.cropsPerPicture),
    fractions,
    seed: seed.default(0),
  }),
  z.strictObject({ kind: z.literal("classes"), folder, ...reading, fractions, seed: seed.default(0) }),
]) satisfies z.ZodType<DataDescription>;

// Network ---------------------------------------------------------------------------------------------------------------

const initialisation = z.strictObject({
  method: z.enum(["uniform", "constant", "heuristic", "signed", "sparse", "sample"]),
  total: positive.nullable().default(null),
  place: probability.nullable().default(null),
  members: whole(1, 2 ** 20).default(8),
});

const bank = z
  .strictObject({
    form: z.enum(["threshold", "erosion", "dilation"]).default("threshold"),
    weights: z.enum(["softplus", "dual", "literals", "raw"]).default("softplus"),
    bias: z.enum(["softplus", "projected", "reparametrised", "share", "raw"]).optional(),
    activation: z.enum(["tanh", "sigmoid", "erf", "arctan"]).default("tanh"),
    scale: z.number().min(-1e6).max(1e6).default(1),
    learnedScale: z.boolean().optional(),
    initialisation: initialisation.optional(),
  })
  .prefault({})
  .transform((given, context): BankConfig => {
    const soft = given.form !== "threshold";
    const raw = given.weights === "raw";
    const initial = given.initialisation ?? {
      method: initialMethod(given.weights),
      total: null,
      place: null,
      members: 8,
    };
    if ((given.weights === "literals") !== (initial.method === "sample")) {
      context.addIssue("the method sample and literals go together");
    }
    if (initial.method === "signed" && !raw) {
      context.addIssue("the method signed draws weights of both signs, which raw weights alone can have");
    }
    if (soft && (raw || given.learnedScale === true || given.scale <= 0)) {
      context.addIssue("soft erosions and dilations need weights of one sign and a positive scale that is not learned");
    }
    // In one order whatever was given, so that equal configurations have one text.
    return {
      form: given.form,
      weights: given.weights,
      bias: given.bias ?? (raw ? "raw" : "softplus"),
      activation: given.activation,
      scale: given.scale,
      learnedScale: given.learnedScale ?? !soft,
      initialisation: initial,
    };
  });

function initialMethod(weights: BankConfig["weights"]): BankConfig["initialisation"]["method"] {
  if (weights === "literals") return "sample";
  return weights === "raw" ? "signed" : "uniform";
}

const layer = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("bisel"),
    channels: whole(1, 4096).default(1),
    kernel: z
      .union(
        [
          whole(1, 255).transform((length): readonly [number, number] => [length, length]),
          z.tuple([whole(1, 255), whole(1, 255)]),
        ],
        "a kernel is one length of 1 to 255 pixels, or rows and columns",
      )
      .default([7, 7]),
    border: z.enum(["replicate", "zeros"]).default("replicate"),
    bise: bank,
    lui: bank,
  }),
  z.strictObject({ kind: z.literal("dense-lui"), features: whole(1, 2 ** 20), lui: bank }),
  z.strictObject({ kind: z.literal("readout"), classes: whole(1, 2 ** 20) }),
  z.strictObject({ kind: z.literal("max-pool") }),
  z.strictObject({ kind: z.literal("flatten") }),
]) satisfies z.ZodType<LayerConfig>;

const network = z.strictObject({
  input: z
    .strictObject({
      levels: z
        .union(
          [
            whole(1, 256),
            z
              .array(z.number().min(0).max(255))
              .min(1)
              .max(256)
              .refine(isIncreasing, "the gray values of levels increase"),
          ],
          "levels are how many there are, 1 to 256, or increasing gray values from 0 to 255",
        )
        .nullable()
        .default(null),
      complements: z.boolean().default(false),
    })
    .prefault({}),
  layers: z.array(layer).min(1).max(MOST_LAYERS),
}) satisfies z.ZodType<NetworkConfig>;

function isIncreasing(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));
}

// Training --------------------------------------------------------------------------------------------------------------

const ramp = z.union(
  [
    z.number().min(0).max(1e9),
    z.strictObject({
      from: positive,
      to: positive,
      shape: z.enum(["linear", "geometric", "cosine"]).default("geometric"),
    }),
  ],
  "a number from 0 to 1e9, or what it goes from and to, both positive, and the shape",
);

const phase = z.strictObject({
  name: z.string().min(1).max(60),
  steps: whole(1, 1e9),
  learningRate: ramp,
  sharpness: z
    .union([ramp, z.array(ramp).max(MOST_LAYERS)], "one number or ramp for all layers, or a list with one for each")
    .default(1),
  surrogate: ramp.default(1),
  shrink: z.number().min(0).max(1e6).default(0),
  harden: z.array(layerIndex).default([]),
  freeze: z.array(layerIndex).default([]),
  grid: z
    .strictObject({ layers: z.array(layerIndex).min(1), largest: whole(1, 2 ** 20) })
    .nullable()
    .default(null),
}) satisfies z.ZodType<Phase>;

const training = z.strictObject({
  loss: z.enum(["mean-squared-error", "binary-cross-entropy", "dice", "normalised-dice", "cross-entropy"]),
  batchSize: whole(1, 65_536).default(32),
  regularisation: z
    .strictObject({
      kind: z.enum(["exact", "uniform", "normal", "activated"]),
      weight: positive,
      delay: whole(0, 1e9).default(0),
    })
    .nullable()
    .default(null),
  evaluateEvery: whole(1, 1e9).default(100),
  plateau: z
    .strictObject({
      factor: probability.default(0.5),
      patience: whole(1, 1e6).default(5),
      least: probability.default(0.01),
    })
    .nullable()
    .default(null),
  earlyStopping: whole(1, 1e6).nullable().default(null),
  shift: whole(0, 255).default(0),
  trials: whole(1, 1000).default(1),
  trialSteps: whole(1, 1e6).default(200),
  phases: z.array(phase).min(1).max(MOST_PHASES),
}) satisfies z.ZodType<TrainingOptions>;

export const configSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, "not a C identifier of at most 63 characters"),
    seed: seed.default(0),
    data,
    networks: z.array(network).min(1).max(64),
    training,
  })
  .superRefine(checkLayers) satisfies z.ZodType<TrainingConfig>;

/** What concerns networks and schedule together. */
function checkLayers({ networks, training: { phases } }: TrainingConfig, context: z.RefinementCtx): void {
  const hardened = new Set(phases.flatMap((each) => each.harden));
  const onGrid = phases.flatMap(({ grid }) => grid?.layers ?? []);
  const named = [
    ["hardens", [...hardened]],
    ["freezes", phases.flatMap((each) => each.freeze)],
    ["puts on a grid", onGrid],
  ] as const;
  const [first] = networks;
  networks.forEach(({ layers }, index) => {
    const complain = (message: string, ...path: (string | number)[]): void => {
      context.addIssue({ code: "custom", message, path: ["networks", index, "layers", ...path] });
    };
    if (layers.length !== first?.layers.length) complain("all networks have the same number of layers");
    layers.forEach((each, position) => {
      if (hardened.has(position) && !canHarden(each)) complain("only bisel and dense-lui layers harden", position);
      if (each.kind === "readout" && position < layers.length - 1) complain("a readout is the last layer", position);
      const isSoft = banksOf(each).some(({ form }) => form !== "threshold");
      if (isSoft && !hardened.has(position)) {
        complain("soft erosions and dilations must be hardened by some phase", position);
      }
      if (onGrid.includes(position) && (isSoft || !canHarden(each))) {
        complain("only the weights of threshold neurons are put on a grid", position);
      }
    });
    for (const [verb, positions] of named) {
      if (positions.some((position) => position >= layers.length)) {
        complain(`a phase ${verb} a layer that is not there`);
      }
    }
  });
}

function banksOf(config: LayerConfig): readonly BankConfig[] {
  if (config.kind === "bisel") return [config.bise, config.lui];
  return config.kind === "dense-lui" ? [config.lui] : [];
}
