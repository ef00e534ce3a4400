/**
 * Reads networks recorded with the authors' public PyTorch code: files `nets_*.json` of the format
 * `bimonn-golden/nets`, version 1. Bits are text or packed most significant bit first; the recorded biases are −B.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  Activation,
  BiselLayer,
  DenseLuiLayer,
  Layer,
  Model,
  NeuronBank,
  ReadoutLayer,
} from "../../src/model/types.js";
import { type BitImage, buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { type Json, JsonField } from "./json-field.js";

export interface GoldenNetwork {
  /** Unique among all the files: the file without `nets_` and `.json`, a slash, and the network's name. */
  readonly id: string;
  /** `hand`: every neuron activated; `hand_not_activated`; `trained`. */
  readonly kind: string;
  readonly model: Model;
  /** What was recorded about the neurons of each layer of `model`. */
  readonly banks: readonly GoldenLayerBanks[];
  readonly images: readonly GoldenImage[];
  /** Pictures with binary outcomes only; empty for the hand-made networks. */
  readonly tests: readonly GoldenTest[];
}

export interface GoldenLayerBanks {
  readonly bise: readonly GoldenNeuron[] | null;
  /** Also the neurons of a dense layer or read-out; null for an identity LUI. */
  readonly lui: readonly GoldenNeuron[] | null;
}

export interface GoldenNeuron {
  /** The float neuron is proved to be `binary` (without the complement). */
  readonly activated: boolean;
  /** What the neuron becomes in binary mode: the operation it is, or else the closest constant set's. */
  readonly binary: {
    readonly operation: "erosion" | "dilation";
    /** S in the frame of the weights, row-major. */
    readonly members: readonly boolean[];
    readonly complemented: boolean;
    /** P = 0: the output is constantly 0. */
    readonly zeroScale: boolean;
  };
}

/** An answer in binary mode, of the neurons of {@link GoldenNeuron.binary}; the class is the first arg max. */
export type GoldenOutcome =
  | { readonly kind: "images"; readonly images: readonly BitImage[] }
  | { readonly kind: "bits"; readonly bits: Uint8Array; readonly class: number }
  /** Scores ξ(P·(W·b − B)) of a read-out, computed in float32. */
  | { readonly kind: "scores"; readonly scores: readonly number[]; readonly class: number }
  /** Of a dense network whose last values were not recorded. */
  | { readonly kind: "class"; readonly class: number };

export interface GoldenFloatLayer {
  /** Index in the model's layers. */
  readonly layer: number;
  /** `bise`: before the LUI; `lui`: after it, left out when it is the identity. */
  readonly what: "bise" | "lui" | "maxpool" | "flatten" | "dense_lui";
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface GoldenImage {
  readonly picture: Picture;
  readonly expected: GoldenOutcome;
  /** Recorded for some images only. */
  readonly floatLayers: readonly GoldenFloatLayer[];
}

export interface GoldenTest {
  readonly picture: Picture;
  readonly expected: GoldenOutcome;
}

/** Networks of every `nets_*.json` in a folder, in the order of the files' names. */
export function readGoldenFolder(folder: string): GoldenNetwork[] {
  const files = readdirSync(folder).filter((name) => /^nets_.*\.json$/.test(name));
  if (files.length === 0) throw new Error(`${folder} holds no nets_*.json`);
  return files
    .sort()
    .flatMap((file) => readGoldenFile(join(folder, file), file.slice("nets_".length, -".json".length)));
}

function readGoldenFile(path: string, group: string): GoldenNetwork[] {
  let parsed: Json;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch (error) {
    throw new Error(`${path} is no JSON file`, { cause: error });
  }
  const file = new JsonField(parsed, path);
  if (file.get("format").text() !== "bimonn-golden/nets" || file.get("version").number() !== 1) {
    throw new Error(`${path} is not of the format bimonn-golden/nets, version 1`);
  }
  return file
    .get("nets")
    .items()
    .map((network) => readNetwork(network, group));
}

function readNetwork(network: JsonField, group: string): GoldenNetwork {
  const name = network.get("name").text();
  const images = network.get("images").items();
  const firstImage = images[0];
  if (firstImage === undefined) throw new Error(`${network.path}: no images`);
  const [channels, height, width] = readShape(firstImage.get("shape"));

  // Dense networks on images flatten them first, whether they were recorded with a layer for it or not.
  const recorded = network.get("layers").items();
  const kinds = recorded.map((layer) => layer.get("type").text());
  const firstDense = kinds.indexOf("dense_lui");
  const flattenMissing = firstDense !== -1 && !kinds.slice(0, firstDense).includes("flatten");
  const layers = recorded.map(readLayer);
  const banks = recorded.map(readBanks);
  if (flattenMissing) {
    layers.splice(firstDense, 0, { kind: "flatten" });
    banks.splice(firstDense, 0, { bise: null, lui: null });
  }

  const sized = firstDense !== -1;
  const input = { channels, encoding: { kind: "binary" }, complements: false } as const;
  const model: Model = {
    name,
    input: { ...input, height: sized ? height : null, width: sized ? width : null },
    layers,
    provenance: null,
  };
  const readout = layers.at(-1)?.kind === "readout";
  const entries = recordedEntries(layers, !flattenMissing);
  return {
    id: `${group}/${name}`,
    kind: network.get("kind").text(),
    model,
    banks,
    images: images.map((image) => readImage(image, entries, readout)),
    tests: network.has("test") ? readTests(network.get("test"), readout) : [],
  };
}

function readLayer(layer: JsonField): Layer {
  const type = layer.get("type").text();
  switch (type) {
    case "bisel":
      return readBisel(layer);
    case "dense_lui":
      return readDense(layer);
    case "maxpool":
      if (layer.get("size").number() !== 2) throw new Error(`${layer.path}: max-pooling is by 2×2`);
      return { kind: "max-pool" };
    case "flatten":
      return { kind: "flatten" };
    default:
      throw new Error(`${layer.path}: unknown layer ${type}`);
  }
}

function readBisel(layer: JsonField): BiselLayer {
  const inChannels = layer.get("in_channels").number();
  const outChannels = layer.get("out_channels").number();
  const bise = layer.get("bise");
  const kernel = bise.get("kernel").numbers();
  const [kernelHeight, kernelWidth] = kernel;
  if (kernel.length !== 2 || kernelHeight === undefined || kernelWidth === undefined) {
    throw new Error(`${bise.path}: a kernel has two sides`);
  }
  const padding = bise.get("padding").number();
  if (kernel.some((size) => Math.floor(size / 2) !== padding)) throw new Error(`${bise.path}: unexpected padding`);
  const border = bise.get("padding_mode").text();
  if (border !== "replicate" && border !== "zeros") throw new Error(`${bise.path}: unknown padding mode ${border}`);
  const identity = layer.get("lui").get("force_identity").boolean();
  if (identity !== (inChannels === 1)) throw new Error(`${layer.path}: a LUI is the identity for one channel only`);
  return {
    kind: "bisel",
    inChannels,
    outChannels,
    kernelHeight,
    kernelWidth,
    border,
    bise: readBank(bise, inChannels * outChannels, kernelHeight * kernelWidth),
    lui: identity ? null : readBank(layer.get("lui"), outChannels, inChannels),
  };
}

function readDense(layer: JsonField): DenseLuiLayer | ReadoutLayer {
  const inFeatures = layer.get("in_features").number();
  const outFeatures = layer.get("out_features").number();
  const bank = readBank(layer.get("lui"), outFeatures, inFeatures);
  return layer.get("not_binary").boolean()
    ? { kind: "readout", inFeatures, classes: outFeatures, bank }
    : { kind: "dense-lui", inFeatures, outFeatures, lui: bank };
}

const ACTIVATIONS: readonly Activation[] = ["tanh", "sigmoid", "erf", "arctan", "step", "identity"];

function readBank(block: JsonField, count: number, inputsPerNeuron: number): NeuronBank {
  const name = block.get("activation").text();
  const activation = ACTIVATIONS.find((known) => known === name);
  if (activation === undefined) throw new Error(`${block.path}: unknown activation ${name}`);
  const rows = block.get("weight").items();
  const weights = rows.flatMap((row) => row.numbers());
  const biases = block.get("bias").numbers();
  const scales = block.get("P").numbers();
  if (rows.length !== count || weights.length !== count * inputsPerNeuron) {
    throw new Error(`${block.path}: expected ${count}×${inputsPerNeuron} weights, got ${weights.length}`);
  }
  if (biases.length !== count || scales.length !== count) throw new Error(`${block.path}: expected ${count} neurons`);
  return {
    count,
    inputsPerNeuron,
    weights: Float32Array.from(weights),
    biases: Float32Array.from(biases, (bias) => -bias),
    scales: Float32Array.from(scales),
    activation,
  };
}

function readBanks(layer: JsonField): GoldenLayerBanks {
  const neurons = (key: string): readonly GoldenNeuron[] | null => {
    if (!layer.has(key)) return null;
    const block = layer.get(key);
    return block.has("binary") ? readNeurons(block) : null;
  };
  return { bise: neurons("bise"), lui: neurons("lui") };
}

function readNeurons(block: JsonField): GoldenNeuron[] {
  const binary = block.get("binary");
  const activated = block.get("learned").get("activated").items();
  const operations = binary.get("op").items();
  const members = binary.get("S").items();
  const complements = binary.get("complement").items();
  const zeroScales = binary.get("zero_P").items();
  return activated.map((_, neuron) => {
    const operation = item(operations, neuron).text();
    if (operation !== "erosion" && operation !== "dilation") {
      throw new Error(`${binary.path}: unknown operation ${operation}`);
    }
    return {
      activated: item(activated, neuron).boolean(),
      binary: {
        operation,
        members: [...item(members, neuron).text()].map((digit) => digit === "1"),
        complemented: item(complements, neuron).boolean(),
        zeroScale: item(zeroScales, neuron).boolean(),
      },
    };
  });
}

function item(fields: readonly JsonField[], index: number): JsonField {
  const field = fields[index];
  if (field === undefined) throw new Error(`${fields[0]?.path ?? "a list"}: no entry ${index}`);
  return field;
}

function readImage(
  image: JsonField,
  entries: readonly Pick<GoldenFloatLayer, "layer" | "what">[],
  readout: boolean,
): GoldenImage {
  const floatLayers = image.has("float_layers") ? image.get("float_layers").items() : [];
  return {
    picture: pictureOf(readImages(image.get("input"))),
    expected: image.has("binary_out")
      ? { kind: "images", images: readImages(image.get("binary_out")) }
      : vectorOutcome(image.get("binary_out_values").numbers(), readout),
    floatLayers: readFloatLayers(floatLayers, entries),
  };
}

const RECORDED_AS: Readonly<Record<Layer["kind"], GoldenFloatLayer["what"]>> = {
  bisel: "bise",
  "max-pool": "maxpool",
  flatten: "flatten",
  "dense-lui": "dense_lui",
  readout: "dense_lui",
};

/** What is recorded of each layer, in order; the recorded `layer` counts these entries, not the layers. */
function recordedEntries(
  layers: readonly Layer[],
  flattenRecorded: boolean,
): Pick<GoldenFloatLayer, "layer" | "what">[] {
  return layers.flatMap((layer, index) => {
    if (layer.kind === "flatten" && !flattenRecorded) return [];
    const entry = { layer: index, what: RECORDED_AS[layer.kind] };
    return layer.kind === "bisel" && layer.lui !== null ? [entry, { layer: index, what: "lui" }] : [entry];
  });
}

function readFloatLayers(
  recorded: readonly JsonField[],
  entries: readonly Pick<GoldenFloatLayer, "layer" | "what">[],
): GoldenFloatLayer[] {
  return recorded.map((field, index) => {
    const entry = entries[index];
    const what = field.get("what").text();
    if (entry?.what !== what) throw new Error(`${field.path}: expected ${entry?.what ?? "nothing"}, got ${what}`);
    const bytes = Buffer.from(field.get("f32").text(), "base64");
    const values = Float32Array.from({ length: bytes.length / 4 }, (_, value) => bytes.readFloatLE(4 * value));
    return { layer: entry.layer, what: entry.what, shape: field.get("shape").numbers(), values };
  });
}

/** Test pictures are packed without padding between them, as are their outputs. */
function readTests(test: JsonField, readout: boolean): GoldenTest[] {
  const count = test.get("n").number();
  const [channels, height, width] = readShape(test.get("shape"));
  const pixels = height * width;
  const inputs = unpackBits(test.get("inputs_bits"));
  if (inputs.length < count * channels * pixels) throw new Error(`${test.path}: too few input bits`);
  const expected = test.has("binary_bits") ? testImages(test, count, height, width) : testVectors(test, count, readout);
  return expected.map((outcome, index) => ({
    picture: pictureOf(sliceImages(inputs, index * channels * pixels, channels, height, width)),
    expected: outcome,
  }));
}

function testImages(test: JsonField, count: number, height: number, width: number): GoldenOutcome[] {
  const bits = unpackBits(test.get("binary_bits"));
  const pixels = height * width;
  // The last byte is padded, so that a few bits more than the images' may be there.
  const channels = Math.floor(bits.length / (count * pixels));
  if (channels < 1) throw new Error(`${test.path}: too few output bits`);
  return Array.from({ length: count }, (_, index) => ({
    kind: "images",
    images: sliceImages(bits, index * channels * pixels, channels, height, width),
  }));
}

/** Scores were recorded for the first pictures only. */
function testVectors(test: JsonField, count: number, readout: boolean): GoldenOutcome[] {
  const scores = test.get("binary_scores").items();
  const classes = test.get("binary_class").numbers();
  if (classes.length !== count) throw new Error(`${test.path}: expected ${count} classes`);
  return classes.map((recorded, index) => {
    const row = scores[index];
    if (row === undefined) return { kind: "class", class: recorded };
    const outcome = vectorOutcome(row.numbers(), readout);
    if (outcome.class !== recorded) throw new Error(`${row.path}: the class is not the first arg max`);
    return outcome;
  });
}

function vectorOutcome(values: readonly number[], readout: boolean): GoldenOutcome & { readonly class: number } {
  const firstArgMax = values.indexOf(Math.max(...values));
  if (readout) return { kind: "scores", scores: values, class: firstArgMax };
  return { kind: "bits", bits: Uint8Array.from(values), class: firstArgMax };
}

function readShape(shape: JsonField): [number, number, number] {
  const [channels, height, width, ...rest] = shape.numbers();
  if (channels === undefined || height === undefined || width === undefined || rest.length > 0) {
    throw new Error(`${shape.path}: expected [channels, height, width]`);
  }
  return [channels, height, width];
}

/** Images of one string per row. */
function readImages(images: JsonField): BitImage[] {
  return images.items().map((image) => {
    const rows = image.items().map((row) => row.text());
    const width = rows[0]?.length ?? 0;
    if (rows.some((row) => row.length !== width || /[^01]/.test(row))) throw new Error(`${image.path}: not an image`);
    return buildBitImage(rows.length, width, (row, column) => rows[row]?.[column] === "1");
  });
}

function sliceImages(bits: Uint8Array, start: number, channels: number, height: number, width: number): BitImage[] {
  return Array.from({ length: channels }, (_, channel) => {
    const origin = start + channel * height * width;
    return buildBitImage(height, width, (row, column) => bits[origin + row * width + column] === 1);
  });
}

function pictureOf(channels: readonly BitImage[]): Picture {
  const [first] = channels;
  return { kind: "bits", height: first?.height ?? 0, width: first?.width ?? 0, channels };
}

/** One entry per bit of a base64 text, most significant first. */
function unpackBits(text: JsonField): Uint8Array {
  const bytes = Buffer.from(text.text(), "base64");
  return Uint8Array.from(
    { length: 8 * bytes.length },
    (_, index) => ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1,
  );
}
