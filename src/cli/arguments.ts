/** Options of every command, as data: the help texts and the types of the arguments are made of it. */
import type { InferredOptionTypes, Options } from "yargs";
import type { CommonArguments } from "./context.js";

export const commonOptions = {
  json: { type: "boolean", default: false, describe: "Answer in JSON on standard output" },
  quiet: { type: "boolean", default: false, describe: "No logs and no progress on standard error" },
} as const satisfies Record<string, Options>;

const policy = {
  type: "string",
  choices: [
    "auto",
    "exact",
    "approximate",
    "approximate=constant",
    "approximate=uniform",
    "approximate=normal",
    "approximate=activated",
    "approximate=bounds",
  ],
  requiresArg: true,
  describe:
    "auto: exact where proved, else as threshold functions; exact: refuse what is not proved; " +
    "approximate: replace what is no erosion or dilation by the closest one, by a method of the papers (constant)",
} as const satisfies Options;

const arithmetic = {
  type: "string",
  choices: ["float32", "real"],
  requiresArg: true,
  describe: "What the proof is about: the float network as float32 evaluates it, or in real numbers",
} as const satisfies Options;

const prove = {
  type: "string",
  choices: ["bounds", "auto", "exhaustive"],
  requiresArg: true,
  describe:
    "How far to go for a proof. bounds: of values, layer by layer; auto: else also every pattern of pixels, for " +
    "seconds; exhaustive: for minutes",
} as const satisfies Options;

const weightBits = {
  type: "number",
  requiresArg: true,
  describe: "Round integer weights to so many bits (1 to 24) where they are longer: smaller code, graded approximate",
} as const satisfies Options;

/** How neurons become bits, and what is proved about them. */
const binarization = {
  binarize: { ...policy, default: "auto" },
  arithmetic: { ...arithmetic, default: "float32" },
  prove: { ...prove, default: "auto" },
  "weight-bits": weightBits,
} as const satisfies Record<string, Options>;

/** Pictures that tell how hidden values become bits, and how well that does. */
const pictures = {
  calibrate: {
    type: "string",
    requiresArg: true,
    describe:
      "Folder of pictures (or IDX file) that say where hidden values are cut; every other one measures the agreement, " +
      "unless --measure names others",
  },
  "hidden-levels": {
    type: "number",
    requiresArg: true,
    describe:
      "Most bits of a hidden value, 1 to 64, with --calibrate; above 1, weights are rounded to 12 bits unless " +
      "--weight-bits says otherwise, and --binarize exact keeps them [default: 1]",
  },
  measure: {
    type: "string",
    requiresArg: true,
    describe: "Folder of pictures (or IDX file) on which the answers are compared with the float network's",
  },
  threshold: {
    type: "number",
    requiresArg: true,
    describe: "Turn gray samples of at least this value (1 to 255) into 1, others into 0 [default: 128 for IDX alone]",
  },
} as const satisfies Record<string, Options>;

const shape = {
  type: "string",
  requiresArg: true,
  describe: "Fix the size of the pictures, height x width",
} as const satisfies Options;

export const compileOptions = {
  target: {
    alias: "t",
    type: "string",
    default: "wasm",
    requiresArg: true,
    describe: "What to compile for: names, comma-separated or repeated, or ./mine.json",
  },
  output: { alias: "o", type: "string", requiresArg: true, describe: "Folder to write to [default: ./NAME]" },
  ...binarization,
  ...pictures,
  shape,
  optimize: {
    alias: "O",
    type: "number",
    choices: [0, 1, 2, 3],
    default: 2,
    requiresArg: true,
    describe:
      "Rewrite the network's operations before they become code. -O0: not at all; -O1: leave out what is needless; -O2: " +
      "exchange operations for cheaper ones too; -O3: until nothing changes. Every answer stays the same",
  },
  "dump-ir": {
    type: "string",
    choices: ["after-each"],
    requiresArg: true,
    describe: "Print the MorphIR after every rewrite that changed something to standard error",
  },
  license: { type: "string", requiresArg: true, describe: "SPDX licence expression for the generated files" },
  fixtures: { type: "boolean", default: false, describe: "Also write test pictures with the expected answers" },
} as const satisfies Record<string, Options>;

export const runOptions = {
  output: {
    alias: "o",
    type: "string",
    requiresArg: true,
    describe:
      "Picture to write (.png, .pbm, - for PNG): %p stands for the input's file name without its ending, " +
      "%c for the number of the output channel; without %c all channels stand side by side in one picture",
  },
  threshold: {
    type: "number",
    requiresArg: true,
    describe: "Turn gray samples of at least this value (1 to 255) into 1, others into 0",
  },
  jobs: {
    type: "string",
    default: "1",
    requiresArg: true,
    describe:
      "Threads that share the pictures, 1 to 256; auto: one for each core of the processor, fewer for few pictures",
  },
  // Without defaults, so that they can be refused for artifacts.
  binarize: { ...policy, defaultDescription: '"auto"' },
  arithmetic: { ...arithmetic, defaultDescription: '"float32"' },
  prove: { ...prove, defaultDescription: '"auto"' },
  "weight-bits": weightBits,
  compiler: { type: "string", requiresArg: true, describe: "C compiler for a C artifact" },
} as const satisfies Record<string, Options>;

const element = (operator: string): Options & { readonly type: "string" } => ({
  type: "string",
  requiresArg: true,
  describe: `Measure the ${operator} by an element instead of a model`,
});

// Those of binarization without defaults, so that they can be refused for operators.
export const benchOptions = {
  erosion: {
    type: "string",
    requiresArg: true,
    describe:
      "Measure the erosion by an element instead of a model: rect3, 3x5, cross3, disk5, … or written out as in MorphIR, " +
      '"3x3@1,1 010/111/010"',
  },
  dilation: element("dilation"),
  opening: element("opening"),
  closing: element("closing"),
  "white-tophat": element("white top-hat"),
  "black-tophat": element("black top-hat"),
  border: {
    type: "string",
    choices: ["replicate", "zeros"],
    requiresArg: true,
    defaultDescription: '"replicate"',
    describe: "What an operator reads outside the picture",
  },
  target: {
    alias: "t",
    type: "string",
    requiresArg: true,
    describe: "Targets, comma-separated or repeated, or ./mine.json [default: all that can run here]",
  },
  size: {
    type: "string",
    requiresArg: true,
    describe: "Size of the picture, height x width, where the network leaves it free [default: 1024x1024]",
  },
  count: {
    type: "number",
    requiresArg: true,
    describe: "Pictures in a call, for networks that answer a vector or a class [default: 4096]",
  },
  time: { type: "number", requiresArg: true, describe: "Seconds of measuring, 0 to 3600 [default: 5; 0.5 if --quick]" },
  quick: { type: "boolean", default: false, describe: "Rough numbers, soon" },
  compiler: { type: "string", requiresArg: true, describe: "C compiler [default: gcc, else clang]" },
  binarize: { ...policy, defaultDescription: '"auto"' },
  arithmetic: { ...arithmetic, defaultDescription: '"float32"' },
  prove: { ...prove, defaultDescription: '"auto"' },
  "weight-bits": weightBits,
  shape,
} as const satisfies Record<string, Options>;

export const inspectOptions = {
  limit: { type: "number", default: 8, requiresArg: true, describe: "Neurons shown per layer; 0 shows all" },
  ...binarization,
  shape,
} as const satisfies Record<string, Options>;

export const binarizeOptions = {
  // Without a default, so that it can be refused beside --report.
  emit: {
    type: "string",
    choices: ["ir", "report"],
    defaultDescription: '"ir"',
    requiresArg: true,
    describe: "What to write: MorphIR, or all that is known of every neuron, in JSON",
  },
  report: {
    type: "boolean",
    default: false,
    describe: "Write what was proved, what nearly was not, and what would make the network exact, for people",
  },
  output: {
    alias: "o",
    type: "string",
    default: "-",
    requiresArg: true,
    describe: "File to write, - for standard output",
  },
  ...binarization,
  ...pictures,
  worst: { type: "string", requiresArg: true, describe: "PNG file to write: the picture with the least agreement" },
  shape,
} as const satisfies Record<string, Options>;

export const verifyOptions = {
  model: {
    type: "string",
    requiresArg: true,
    describe: "Model that the artifact was compiled from: check the certificate against it",
  },
  seed: { type: "number", requiresArg: true, describe: "Seed of the random pictures [default: a new one]" },
  images: { type: "number", requiresArg: true, describe: "Number of random pictures [default: 40, fewer if slow]" },
  compiler: { type: "string", requiresArg: true, describe: "C compiler for a C artifact" },
} as const satisfies Record<string, Options>;

export const trainOptions = {
  task: {
    type: "string",
    requiresArg: true,
    describe:
      "Learn what there is a recipe for: dilation, erosion, opening, closing, white-tophat, black-tophat, " +
      "noisy-sticks, mnist, mnist-erosions, pairs, classes",
  },
  element: {
    type: "string",
    requiresArg: true,
    describe:
      "Structuring element of an operator: disk7, hstick7, vstick7, dcross7, scross7, square7, rect3x5, any size",
  },
  data: { type: "string", requiresArg: true, describe: "Folder to learn from: IDX files, picture pairs or classes" },
  output: {
    alias: "o",
    type: "string",
    requiresArg: true,
    describe: "Model to write, .pb or .json; metrics and curves go beside it [default: NAME.pb]",
  },
  device: {
    type: "string",
    default: "wasm",
    requiresArg: true,
    describe: "What computes: wasm, cpu, node, gpu, webgpu, or auto for the fastest that is installed",
  },
  seed: { type: "number", requiresArg: true, describe: "Seed of the first weights and the order of the samples" },
  set: {
    type: "string",
    requiresArg: true,
    describe: "Change one value of the configuration, PATH=VALUE; may be repeated",
  },
  resume: { type: "boolean", default: false, describe: "Go on where an interrupted training stopped" },
  "print-config": { type: "boolean", default: false, describe: "Print the whole configuration and train nothing" },
} as const satisfies Record<string, Options>;

// Without defaults, so that an option of another action can be refused.
export const dataOptions = {
  output: {
    alias: "o",
    type: "string",
    requiresArg: true,
    describe: "fetch: folder to write to [default: ./NAME]; preview: PNG file, - for stdout [default: preview.png]",
  },
  mirror: { type: "string", requiresArg: true, describe: "fetch: address of another folder that has the files" },
  task: { type: "string", requiresArg: true, describe: "preview: what bimonnc train would learn, see there" },
  element: trainOptions.element,
  data: trainOptions.data,
  split: {
    type: "string",
    requiresArg: true,
    describe: 'preview: training, validation or test samples [default: "training"]',
  },
  count: { type: "number", requiresArg: true, describe: "preview: samples, or samples of each class [default: 12]" },
  seed: { type: "number", requiresArg: true, describe: "preview: seed of the training" },
  set: { type: "string", requiresArg: true, describe: "preview: change one value of the configuration, PATH=VALUE" },
} as const satisfies Record<string, Options>;

/** `--binarize` as it is written. */
export type PolicyName = (typeof policy)["choices"][number];

/** Value of an option that may be given several times. */
export type Repeated = string | readonly string[];

type Arguments<T extends Record<string, Options>> = InferredOptionTypes<T> & CommonArguments;

export type CompileArguments = Omit<Arguments<typeof compileOptions>, "target"> & {
  readonly model: string;
  readonly target: Repeated;
};
export type RunArguments = Arguments<typeof runOptions> & {
  readonly network: string;
  readonly pictures: readonly string[];
};
export type BenchArguments = Omit<Arguments<typeof benchOptions>, "target"> & {
  readonly model?: string;
  readonly target?: Repeated | undefined;
};
export type InspectArguments = Arguments<typeof inspectOptions> & { readonly model: string };
export type BinarizeArguments = Arguments<typeof binarizeOptions> & { readonly model: string };
export type VerifyArguments = Arguments<typeof verifyOptions> & { readonly artifact: string };
export type TrainArguments = Omit<Arguments<typeof trainOptions>, "set"> & {
  readonly config?: string;
  readonly set?: Repeated | undefined;
};
export type DataArguments = Omit<Arguments<typeof dataOptions>, "set"> & {
  readonly action: string;
  readonly name?: string;
  readonly set?: Repeated | undefined;
};
export type TargetsArguments = CommonArguments;
