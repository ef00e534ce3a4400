/**
 * The independent check of a certificate: from the model's own numbers and MorphIR as it is compiled, without anything of the
 * binarization that made the claims. docs/certificate.md has the mathematics.
 */
import { DiagnosticError, unreachable } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import { verifyModule } from "../ir/verify.js";
import { levelThreshold } from "../model/level-sets.js";
import type { BiselLayer, DenseLuiLayer, NeuronBank, ReadoutLayer } from "../model/types.js";
import { createReads, type Read } from "./bit-function.js";
import { patternsComplaint } from "./exhaustive.js";
import { type Certificate, type Claim, decodeCertificate, type Finding } from "./format.js";
import { type CertificateInput, headFindings } from "./head.js";
import { BIT, checkNeuron, isTrueBit, type NeuronPlace, type Signal, type TriedBit, UNKNOWN, worst } from "./neuron.js";
import { indexNodes, type NodeIndex } from "./nodes.js";
import { readoutComplaint } from "./readout.js";

export type { Finding } from "./format.js";
export type { CertificateInput, CertifiedFile } from "./head.js";

export interface CertificateVerdict {
  /** Empty when everything is accepted. */
  readonly findings: readonly Finding[];
  /** The claims, one for each bit; null where the text is no certificate. */
  readonly certificate: Certificate | null;
}

export function checkCertificate(input: CertificateInput): CertificateVerdict {
  const certificate = decodeCertificate(input.certificate);
  if (!("layers" in certificate)) return { findings: certificate, certificate: null };
  const findings: Finding[] = [...headFindings(certificate, input)];
  try {
    verifyModule(input.module);
    new Walk(input, certificate, findings).run();
  } catch (error) {
    if (error instanceof DiagnosticError) {
      findings.push(
        ...error.diagnostics.map(({ message, path = "" }) => ({ path: `MorphIR ${path}`.trim(), message })),
      );
    } else if (error instanceof Stop) findings.push(error.finding);
    else throw error;
  }
  return { findings, certificate };
}

/** What follows cannot be checked. */
class Stop extends Error {
  readonly finding: Finding;

  constructor(path: string, message: string) {
    super(message);
    this.finding = { path, message };
  }
}

const SQUARE = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };

/** Goes through the layers of the model, the certificate and MorphIR at once. */
class Walk {
  readonly #input: CertificateInput;
  readonly #certificate: Certificate;
  readonly #findings: Finding[];
  readonly #nodes: NodeIndex;
  readonly #neurons: number;
  #done = 0;

  constructor(input: CertificateInput, certificate: Certificate, findings: Finding[]) {
    this.#input = input;
    this.#certificate = certificate;
    this.#findings = findings;
    this.#nodes = indexNodes(input.module);
    this.#neurons = certificate.layers.reduce((total, { neurons }) => total + neurons.length, 0);
  }

  run(): void {
    const { model, module } = this.#input;
    const { layers } = this.#certificate;
    if (layers.length !== model.layers.length) {
      throw new Stop("layers", `there are ${layers.length} layers, the model has ${model.layers.length}`);
    }
    let stage = this.#inputStage();
    let halvings = 0;
    for (const [index, layer] of model.layers.entries()) {
      const path = `layers[${index}]`;
      const claimed = layers[index];
      if (claimed?.path !== path || claimed.kind !== layer.kind)
        throw new Stop(path, `it is the ${layer.kind} layer ${path}`);
      const claims = new Claims(claimed.neurons);
      switch (layer.kind) {
        case "bisel":
          stage = this.#bisel(layer, index, stage, claims);
          break;
        case "dense-lui":
          stage = this.#dense(layer, index, stage, claims);
          break;
        case "max-pool":
          stage = stage.map((signal) => ({ ...signal, bits: signal.bits.map((bit) => this.#pool(bit, path)) }));
          halvings++;
          break;
        case "flatten":
          stage = this.#flatten(stage, imageSize(module.input, halvings), path);
          break;
        case "readout":
          stage = this.#readout(layer, path, stage, claims);
          break;
        default:
          unreachable(layer);
      }
      const next = claims.next();
      if (next !== undefined) throw new Stop(next.path, "the model has no such neuron here, or it is claimed twice");
    }
    this.#outputs(stage);
  }

  #report(path: string, message: string): void {
    this.#findings.push({ path, message });
  }

  /** A value that must be there. */
  #take(node: Parameters<NodeIndex["take"]>[0], path: string): ValueId {
    const id = this.#nodes.take(node);
    if (id === undefined) throw new Stop(path, `MorphIR has no ${node.kind} for it`);
    return id;
  }

  #inputStage(): readonly Signal[] {
    const { input } = this.#input.model;
    const { encoding, channels, complements } = input;
    const { module } = this.#input;
    const samples = encoding.kind === "binary" ? "bits" : "bytes";
    if (module.input.channels !== channels || module.input.samples !== samples) {
      throw new Stop("input", `MorphIR does not read ${channels} channels of ${samples}`);
    }
    const planes = Array.from({ length: channels }, (_, channel) =>
      encoding.kind === "binary"
        ? [this.#take({ kind: "input", channel }, "input")]
        : (encoding.values[channel] ?? []).map((__, level) => {
            const threshold = levelThreshold(encoding, channel, level);
            return this.#take({ kind: "level-set", channel, threshold }, "input");
          }),
    ).flat();
    const others = complements ? planes.map((plane) => this.#take({ kind: "complement", input: plane }, "input")) : [];
    return [...planes, ...others].map((bit) => ({
      bits: [bit],
      representatives: [0, 1],
      bounds: BIT,
      first: BIT,
      grade: "exact",
    }));
  }

  #bisel(layer: BiselLayer, index: number, stage: readonly Signal[], claims: Claims): readonly Signal[] {
    const { kernelHeight, kernelWidth, inChannels, outChannels, border, bise, lui } = layer;
    const windows = stage.map((signal) => {
      const reads = Array.from({ length: kernelHeight * kernelWidth }, (_, position): Read[] =>
        signal.bits.map((value) => ({
          value,
          row: Math.floor(position / kernelWidth) - Math.floor(kernelHeight / 2),
          column: (position % kernelWidth) - Math.floor(kernelWidth / 2),
        })),
      );
      return createReads(reads.flat(), border);
    });
    const joined = Array.from({ length: bise.count }, (_, neuron): Signal => {
      const channel = Math.floor(neuron / outChannels);
      const [input, reads] = [stage[channel], windows[channel]];
      const path = `layers[${index}].bise[${neuron}]`;
      if (input === undefined || reads === undefined) throw new Stop(path, "there is no channel for it");
      const shape = [kernelHeight, kernelWidth] as const;
      const inputs = Array.from({ length: kernelHeight * kernelWidth }, () => input);
      const place: NeuronPlace = { path, words: "kernel", shape, bank: bise, index: neuron, inputs, reads };
      return this.#neuron(place, index, lui === null ? "output" : "bise", claims);
    });
    return Array.from({ length: outChannels }, (_, output): Signal => {
      const path = `layers[${index}].lui[${output}]`;
      if (lui !== null) {
        const inputs = Array.from({ length: inChannels }, (__, input) => joined[input * outChannels + output]);
        return this.#lui(
          lui,
          index,
          output,
          inputs.filter((signal) => signal !== undefined),
          claims,
        );
      }
      const only = joined[output];
      if (only === undefined) throw new Stop(path, "there is no channel for it");
      this.#identity(claims.take(path), only);
      return only;
    });
  }

  #dense(layer: DenseLuiLayer, index: number, stage: readonly Signal[], claims: Claims): readonly Signal[] {
    return Array.from({ length: layer.outFeatures }, (_, output) => this.#lui(layer.lui, index, output, stage, claims));
  }

  #lui(bank: NeuronBank, index: number, neuron: number, inputs: readonly Signal[], claims: Claims): Signal {
    const path = `layers[${index}].lui[${neuron}]`;
    if (inputs.length !== bank.inputsPerNeuron) throw new Stop(path, `it reads ${inputs.length} inputs`);
    const reads = this.#pointReads(inputs);
    const place: NeuronPlace = { path, words: "inputs", shape: [1, inputs.length], bank, index: neuron, inputs, reads };
    return this.#neuron(place, index, "output", claims);
  }

  readonly #knownReads = new WeakMap<readonly Signal[], ReturnType<typeof createReads>>();

  #pointReads(inputs: readonly Signal[]): ReturnType<typeof createReads> {
    const known = this.#knownReads.get(inputs);
    if (known !== undefined) return known;
    const made = createReads(
      inputs.flatMap(({ bits }) => bits.map((value): Read => ({ value, row: 0, column: 0 }))),
      null,
    );
    this.#knownReads.set(inputs, made);
    return made;
  }

  #neuron(place: NeuronPlace, layer: number, part: "bise" | "output", claims: Claims): Signal {
    const { path, index: neuron } = place;
    const { model, module, onProgress } = this.#input;
    const { arithmetic } = this.#certificate;
    const own = claims.take(path);
    // Two inputs in one value would be one input of MorphIR.
    if (place.reads.indices.size !== place.reads.count)
      throw new Stop(path, "two of its inputs are one value of MorphIR");
    // The network's answer is [y > ½] wherever its bit is cut.
    const endsNetwork = model.layers.slice(layer + 1).every(({ kind }) => kind === "max-pool" || kind === "flatten");
    const claimedAt = (bit: TriedBit): TriedBit => (endsNetwork && part === "output" ? { ...bit, cut: 0.5 } : bit);
    const onShare = (share: number): void => onProgress?.(path, (this.#done + share) / this.#neurons);
    const signal = checkNeuron(own, place, {
      certificate: this.#certificate,
      module,
      valueOf: (name) => this.#nodes.byName(name),
      report: (message) => this.#report(path, message),
      tryPatterns: (tried) => {
        const bits = tried.map(claimedAt);
        return patternsComplaint({ model, module, arithmetic, layer, part, neuron, bits, onProgress: onShare });
      },
    });
    this.#done += own.length;
    onShare(0);
    if (signal.bits.includes(-1)) throw new Stop(path, "what reads it cannot be checked");
    return signal;
  }

  /** The LUI of a one-channel BiSEL hands its only input on. */
  #identity([claim, ...others]: readonly Claim[], only: Signal): void {
    if (claim === undefined) return;
    const { path, value, output } = claim;
    if (others.length > 0) this.#report(path, "an identity is claimed once");
    const name = this.#input.module.values[only.bits[0] ?? -1]?.name;
    if (value !== name) this.#report(path, `it is the value ${name}, not ${value}`);
    if (!isBare(claim) || claim.operation !== "identity" || claim.grade !== "exact" || claim.shape.join() !== "1,1") {
      this.#report(path, "the LUI of a one-channel layer is an exact identity of one input, and nothing else");
    }
    const sameBounds = output.zeroUpper === only.first.zeroUpper && output.oneLower === only.first.oneLower;
    if (!sameBounds) this.#report(path, "its bounds are not those of its input");
    this.#done++;
  }

  /** 2×2 pixels, then every second one. */
  #pool(bit: ValueId, path: string): ValueId {
    const widened = this.#take({ kind: "dilation", input: bit, element: SQUARE, border: "replicate" }, path);
    return this.#take({ kind: "subsample", input: widened }, path);
  }

  #flatten(
    stage: readonly Signal[],
    { height, width }: { readonly height: number | null; readonly width: number | null },
    path: string,
  ): readonly Signal[] {
    if (height === null || width === null) throw new Stop(path, "a vector needs a fixed size");
    const vector = this.#take({ kind: "flatten", inputs: stage.flatMap(({ bits }) => bits) }, path);
    const pixels = height * width;
    let plane = 0;
    return stage.flatMap((signal) => {
      const first = plane;
      plane += signal.bits.length;
      return Array.from({ length: pixels }, (_, pixel): Signal => {
        const bits = signal.bits.map((__, level) =>
          this.#take({ kind: "element", input: vector, index: (first + level) * pixels + pixel }, path),
        );
        return { ...signal, bits };
      });
    });
  }

  #readout(layer: ReadoutLayer, path: string, stage: readonly Signal[], claims: Claims): readonly Signal[] {
    const vector = this.#take({ kind: "flatten", inputs: stage.flatMap(({ bits }) => bits) }, path);
    const isExact = stage.every(isTrueBit);
    const values = new Set<string>();
    const grades = Array.from({ length: layer.classes }, (_, label): Claim["grade"] => {
      const own = `${path}.bank[${label}]`;
      const [claim, ...others] = claims.take(own);
      if (claim === undefined || others.length > 0) throw new Stop(own, "a class is claimed once");
      values.add(claim.value);
      const { operation, shape, grade, output } = claim;
      if (!isBare(claim) || operation !== "score" || shape.join() !== `1,${layer.inFeatures}`) {
        this.#report(own, `a class is a score of ${layer.inFeatures} features, and nothing else`);
      }
      if (output.zeroUpper !== 1 || output.oneLower !== 0) this.#report(own, "a score is no bit, and has no bounds");
      if (grade === "approximate" || (grade === "exact" && !isExact)) {
        this.#report(own, `it is ${isExact ? "exact" : "hardened"}, not ${grade}`);
      }
      this.#done++;
      return grade;
    });
    const [name = "", ...rest] = values;
    const id = this.#nodes.byName(name);
    const node = id === undefined ? undefined : this.#input.module.values[id]?.node;
    if (id === undefined || rest.length > 0 || node?.kind !== "readout" || node.input !== vector) {
      throw new Stop(path, "MorphIR has no read-out of these features by this name");
    }
    const complaint = readoutComplaint(layer, stage, node);
    if (complaint !== null) this.#report(path, complaint);
    const grade = worst(grades);
    return [{ bits: [id], representatives: [0, 1], bounds: UNKNOWN, first: UNKNOWN, grade }];
  }

  #outputs(stage: readonly Signal[]): void {
    const { model, module } = this.#input;
    const last = model.layers.at(-1)?.kind;
    const bits = stage.flatMap((signal) => signal.bits);
    const expected =
      last === "dense-lui" || last === "flatten" ? [this.#take({ kind: "flatten", inputs: bits }, "outputs")] : bits;
    if (expected.join() !== module.outputs.join()) {
      const names = (ids: readonly ValueId[]): string => ids.map((id) => module.values[id]?.name).join(", ");
      this.#report("outputs", `MorphIR puts out ${names(module.outputs)}, the model ${names(expected)}`);
    }
    const { grade, layers, policy } = this.#certificate;
    const all = worst(layers.flatMap((layer) => layer.neurons.map((claim) => claim.grade)));
    const actual = stage.every((signal) => signal.grade === "exact") ? "exact" : all;
    if (grade !== actual) this.#report("grade", `it says ${grade}, its neurons are ${actual}`);
    if (policy === "exact" && grade !== "exact") this.#report("policy", "the policy exact allows no other grade");
  }
}

/** Holds nothing but where it is, how good it is and its bounds. */
function isBare(claim: Claim): boolean {
  const { code, complemented, proof, members, sets, constant, threshold, inequality, distance, weightError } = claim;
  const others = [proof, members, sets, constant, threshold, inequality, distance, weightError];
  const { level, cut, shift, low, high } = code;
  const plain = level === 0 && cut === 0.5 && shift === 0 && low === 0 && high === 1;
  return plain && !complemented && others.every((each) => each === undefined);
}

/** The claims of a layer, in order. */
class Claims {
  readonly #claims: readonly Claim[];
  #position = 0;

  constructor(claims: readonly Claim[]) {
    this.#claims = claims;
  }

  next(): Claim | undefined {
    return this.#claims[this.#position];
  }

  /** Those of a neuron: one for each of its bits. */
  take(path: string): readonly Claim[] {
    const first = this.#position;
    while (this.next()?.path === path) this.#position++;
    if (this.#position === first) throw new Stop(path, "it is not claimed, or not in its place");
    return this.#claims.slice(first, this.#position);
  }
}
