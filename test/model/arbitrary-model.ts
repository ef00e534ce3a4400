import * as fc from "fast-check";
import type {
  Activation,
  BiselLayer,
  InputDescription,
  Layer,
  Model,
  NeuronBank,
  Provenance,
} from "../../src/model/types.js";
import { planeCount } from "../../src/model/types.js";
import type { BorderRule } from "../../src/morph/border.js";

const SQUASHING: readonly Activation[] = ["tanh", "sigmoid", "erf", "arctan", "step"];

/** Finite float32 of every magnitude, with both zeros. */
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

function vector(length: number): fc.Arbitrary<Float32Array> {
  return fc.array(float32, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
}

function bank(count: number, inputsPerNeuron: number, activations: readonly Activation[]): fc.Arbitrary<NeuronBank> {
  const weights = vector(count * inputsPerNeuron);
  const vectorOfCount = vector(count);
  const real = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const raw = fc.record({
    weightParametrisation: fc.constantFrom("softplus", "dual", "raw"),
    biasParametrisation: fc.constantFrom("softplus", "projected", "reparametrised", "raw"),
    weightFactor: real,
    biasOffset: real,
    weights,
    biases: vectorOfCount,
  });
  const effective = {
    count: fc.constant(count),
    inputsPerNeuron: fc.constant(inputsPerNeuron),
    weights,
    biases: vectorOfCount,
    scales: vectorOfCount,
    activation: fc.constantFrom(...activations),
  };
  return fc.oneof(fc.record(effective), fc.record({ ...effective, raw }));
}

function bisel(inChannels: number): fc.Arbitrary<BiselLayer> {
  const size = fc.integer({ min: 1, max: 5 });
  return fc
    .record({
      outChannels: fc.integer({ min: 1, max: 3 }),
      kernelHeight: size,
      kernelWidth: size,
      border: fc.constantFrom<BorderRule[]>("replicate", "zeros"),
    })
    .chain(({ outChannels, kernelHeight, kernelWidth, border }) =>
      fc.record({
        kind: fc.constant("bisel" as const),
        inChannels: fc.constant(inChannels),
        outChannels: fc.constant(outChannels),
        kernelHeight: fc.constant(kernelHeight),
        kernelWidth: fc.constant(kernelWidth),
        border: fc.constant(border),
        bise: bank(inChannels * outChannels, kernelHeight * kernelWidth, SQUASHING),
        lui: inChannels === 1 ? fc.constant(null) : bank(outChannels, inChannels, SQUASHING),
      }),
    );
}

function encoding(channels: number): fc.Arbitrary<InputDescription["encoding"]> {
  const level = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => value + 0);
  const levels = fc
    .uniqueArray(level, { minLength: 1, maxLength: 3 })
    .map((values) => values.sort((first, second) => first - second));
  return fc.oneof(
    fc.constant({ kind: "binary" as const }),
    fc.record({
      kind: fc.constant("level-sets" as const),
      grayMinimum: fc.constantFrom(-1, -2.5),
      grayMaximum: fc.constantFrom(1, 255),
      values: fc.array(levels, { minLength: channels, maxLength: channels }),
    }),
  );
}

const input: fc.Arbitrary<InputDescription> = fc.integer({ min: 1, max: 3 }).chain((channels) =>
  fc.record({
    channels: fc.constant(channels),
    height: fc.integer({ min: 2, max: 6 }),
    width: fc.integer({ min: 2, max: 6 }),
    encoding: encoding(channels),
    complements: fc.boolean(),
  }),
);

const provenance: fc.Arbitrary<Provenance> = fc.record({
  tool: fc.string({ unit: "grapheme" }),
  dataSet: fc.string(),
  seed: fc.string(),
  notes: fc.string({ unit: "binary" }),
  metrics: fc.array(fc.record({ name: fc.string(), value: fc.double().map((value) => value + 0) }), { maxLength: 3 }),
});

/** Networks that are valid in every way: images only, or ending in a vector or scores. */
export const arbitraryModel: fc.Arbitrary<Model> = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/),
    input,
    depth: fc.integer({ min: 1, max: 3 }),
    pooled: fc.boolean(),
    ending: fc.constantFrom("images", "vector", "scores"),
    free: fc.boolean(),
    provenance: fc.option(provenance, { nil: null }),
  })
  .chain(({ name, input: sized, depth, pooled, ending, free, provenance: origin }) => {
    const images = Array.from({ length: depth }).reduce<fc.Arbitrary<readonly BiselLayer[]>>(
      (built) =>
        built.chain((layers) =>
          bisel(layers.at(-1)?.outChannels ?? planeCount(sized)).map((layer) => layers.concat(layer)),
        ),
      fc.constant([]),
    );
    return images.chain((bisels) => {
      const pool: readonly Layer[] = pooled ? [{ kind: "max-pool" }] : [];
      const divisor = pooled ? 2 : 1;
      const side = (size: number | null): number => Math.floor((size ?? 0) / divisor);
      const features = (bisels.at(-1)?.outChannels ?? 0) * side(sized.height) * side(sized.width);
      const description = ending === "images" && free ? { ...sized, height: null, width: null } : sized;
      return endingLayers(ending, features).map((last) => ({
        name,
        input: description,
        layers: [...bisels, ...pool, ...last],
        provenance: origin,
      }));
    });
  });

function endingLayers(ending: "images" | "vector" | "scores", features: number): fc.Arbitrary<readonly Layer[]> {
  if (ending === "images") return fc.constant([]);
  const dense = bank(2, features, SQUASHING).map(
    (lui): Layer => ({ kind: "dense-lui", inFeatures: features, outFeatures: 2, lui }),
  );
  const readout = bank(3, 2, [...SQUASHING.filter((each) => each !== "step"), "identity"]).map(
    (scores): Layer => ({ kind: "readout", inFeatures: 2, classes: 3, bank: scores }),
  );
  const flatten = fc.constant<Layer>({ kind: "flatten" });
  return ending === "vector" ? fc.tuple(flatten, dense) : fc.tuple(flatten, dense, readout);
}
