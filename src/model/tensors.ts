/** Tensors and neuron banks of the format, checked against the sizes that their layer announces. */
import type { NeuronBank as BankMessage, RawParameters as RawMessage, Tensor } from "../gen/model.js";
import type { Findings } from "./findings.js";
import type { NeuronBank, RawParameters } from "./types.js";
import { float32FromBytes, NUMBER_OF_ACTIVATION, wordOf } from "./wire.js";

/** What a bank must hold. */
export interface BankSizes {
  readonly count: number;
  /** Weights of one neuron: [height, width] of a kernel, or [inputs]. */
  readonly neuronShape: readonly number[];
  readonly identityAllowed: boolean;
}

interface ExpectedTensor {
  readonly shape: readonly number[];
  /** For instance `25 weights for a 5×5 kernel`. */
  readonly description: string;
  /** For instance `weight`. */
  readonly element: string;
  readonly hint?: string;
}

/** The bank of a message, or null where it is not valid. */
export function readBank(
  bank: BankMessage | null | undefined,
  sizes: BankSizes,
  path: string,
  findings: Findings,
): NeuronBank | null {
  if (bank === null || bank === undefined) {
    findings.add("BMN0203", "the neurons are missing", path);
    return null;
  }
  const { count, neuronShape } = sizes;
  const activation = readActivation(bank.activation ?? 0, sizes.identityAllowed, `${path}.activation`, findings);
  const weights = readTensor(bank.weights, expectedWeights(sizes), `${path}.weights`, findings);
  const biases = readTensor(bank.biases, expectedVector(count, "bias", "biases"), `${path}.biases`, findings);
  const scales = readTensor(bank.scales, expectedVector(count, "scale", "scales"), `${path}.scales`, findings);
  const raw = readRaw(bank.raw, sizes, `${path}.raw`, findings);
  if (activation === null || weights === null || biases === null || scales === null) return null;
  const inputsPerNeuron = product(neuronShape);
  return { count, inputsPerNeuron, weights, biases, scales, activation, ...(raw === null ? {} : { raw }) };
}

function readActivation(
  number: number,
  identityAllowed: boolean,
  path: string,
  findings: Findings,
): NeuronBank["activation"] | null {
  const activation = wordOf(NUMBER_OF_ACTIVATION, number);
  const known = Object.keys(NUMBER_OF_ACTIVATION).filter((name) => identityAllowed || name !== "identity");
  const hint = `supported activations: ${known.join(", ")}`;
  if (activation === "identity" && !identityAllowed) {
    findings.add("BMN0206", "the activation identity is for read-outs only", path, hint);
    return null;
  }
  if (activation === null) {
    findings.add("BMN0206", number === 0 ? "the activation is not given" : `unknown activation ${number}`, path, hint);
  }
  return activation;
}

function readRaw(
  raw: RawMessage | null | undefined,
  sizes: BankSizes,
  path: string,
  findings: Findings,
): RawParameters | null {
  if (raw === null || raw === undefined) return null;
  const weights = readTensor(raw.weights, expectedWeights(sizes), `${path}.weights`, findings);
  const biases = readTensor(raw.biases, expectedVector(sizes.count, "bias", "biases"), `${path}.biases`, findings);
  const weightFactor = raw.weightFactor ?? 0;
  const biasOffset = raw.biasOffset ?? 0;
  if (!Number.isFinite(weightFactor)) findings.add("BMN0204", `the factor is ${weightFactor}`, `${path}.weightFactor`);
  if (!Number.isFinite(biasOffset)) findings.add("BMN0204", `the offset is ${biasOffset}`, `${path}.biasOffset`);
  if (weights === null || biases === null) return null;
  return {
    weightParametrisation: raw.weightParametrisation ?? "",
    biasParametrisation: raw.biasParametrisation ?? "",
    weightFactor,
    biasOffset,
    weights,
    biases,
  };
}

function expectedWeights({ count, neuronShape }: BankSizes): ExpectedTensor {
  const shape = [count, ...neuronShape];
  const weights = plural(product(shape), "weight", "weights");
  const [height, width] = neuronShape;
  if (width === undefined) {
    const inputs = plural(height ?? 0, "input", "inputs");
    return {
      shape,
      element: "weight",
      description: `${weights} for ${plural(count, "neuron", "neurons")} of ${inputs}`,
    };
  }
  const kernels = count === 1 ? `a ${height}×${width} kernel` : `${count} kernels of ${height}×${width}`;
  const hint = "kernels are row-major, height × width";
  return { shape, element: "weight", description: `${weights} for ${kernels}`, hint };
}

function expectedVector(count: number, element: string, elements: string): ExpectedTensor {
  return { shape: [count], element, description: plural(count, element, elements) };
}

function readTensor(
  tensor: Tensor | null | undefined,
  expected: ExpectedTensor,
  path: string,
  findings: Findings,
): Float32Array | null {
  const data = tensor?.data ?? new Uint8Array();
  const listed = tensor?.values ?? [];
  const shape = tensor?.shape ?? [];
  if (data.length > 0 && listed.length > 0) {
    findings.add("BMN0203", "the values are given twice, as data and one by one", path);
    return null;
  }
  if (data.length % 4 !== 0) {
    findings.add("BMN0203", `${data.length} bytes are no whole number of float32`, `${path}.data`);
    return null;
  }
  const length = data.length === 0 ? listed.length : data.length / 4;
  if (length !== product(expected.shape)) {
    findings.add("BMN0203", `expected ${expected.description}, got ${length}`, path, expected.hint);
    return null;
  }
  if (shape.length > 0 && (shape.length !== expected.shape.length || shape.some((n, i) => n !== expected.shape[i]))) {
    const got = shape.length > 4 ? `${shape.length} dimensions` : shape.join("×");
    findings.add("BMN0203", `expected the shape ${expected.shape.join("×")}, got ${got}`, `${path}.shape`);
    return null;
  }
  const values = data.length === 0 ? Float32Array.from(listed) : float32FromBytes(data);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return values;
  findings.add("BMN0204", `the ${expected.element} is ${listed[bad] ?? values[bad]}`, `${path}[${bad}]`);
  return null;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
