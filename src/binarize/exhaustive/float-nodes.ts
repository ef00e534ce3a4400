/** Neurons of the float network as nodes. */
import { InternalError } from "../../diagnostics.js";
import { type BiselLayer, type Model, type NeuronBank, neuronWeights } from "../../model/types.js";
import type { BorderRule } from "../../morph/border.js";
import { ACTIVATION_ERROR } from "../float32.js";
import type { Arithmetic } from "../report.js";
import type { Graph, NodeId, SumNode, Tap } from "./graph.js";
import { inputPlane, type Planes } from "./planes.js";
import { neuronRounding } from "./rounding.js";

/** The neuron that a proof is about, its sum turned so that the value rises with it: z = ±(Σ W·x − B), value ξ(|P|·z). */
export interface FloatNeuron {
  readonly node: NodeId;
  readonly bank: NeuronBank;
  readonly steepness: number;
}

interface Source {
  readonly node: NodeId;
  readonly row: number;
  readonly column: number;
}

/** Makes the nodes of a model's neurons, each of them once. All layers up to those asked for are BiSELs. */
export class FloatNodes {
  readonly #model: Model;
  readonly #layers: readonly BiselLayer[];
  readonly #arithmetic: Arithmetic;
  readonly #graph: Graph;
  readonly #planes: Planes;
  readonly #nodes = new Map<string, NodeId>();

  constructor(model: Model, layers: readonly BiselLayer[], arithmetic: Arithmetic, graph: Graph, planes: Planes) {
    this.#model = model;
    this.#layers = layers;
    this.#arithmetic = arithmetic;
    this.#graph = graph;
    this.#planes = planes;
  }

  neuron(index: number, part: "bise" | "output", neuron: number): FloatNeuron {
    const layer = this.#layer(index);
    const lui = part === "output" ? layer.lui : null;
    const bank = lui ?? layer.bise;
    const scale = bank.scales[neuron];
    if (scale === undefined) throw new InternalError(`layers[${index}]: no neuron ${neuron}`);
    const node = lui === null ? this.#bise(index, neuron) : this.#output(index, neuron);
    return { node, bank, steepness: Math.abs(scale) };
  }

  #layer(index: number): BiselLayer {
    const layer = this.#layers[index];
    if (layer === undefined) throw new InternalError(`no layer ${index}`);
    return layer;
  }

  /** Channel `channel` after layer `index`; before the first layer, an input plane. */
  #output(index: number, channel: number): NodeId {
    return this.#once(`${index}:output:${channel}`, () => {
      if (index < 0) return inputPlane(this.#model.input, channel, this.#planes, this.#graph);
      const layer = this.#layer(index);
      const { lui } = layer;
      if (lui === null) return this.#bise(index, channel);
      const source = (input: number): Source => ({
        node: this.#bise(index, input * layer.outChannels + channel),
        row: 0,
        column: 0,
      });
      const readsBits = layer.bise.activation === "step";
      return this.#graph.add(() => this.#neuronNode(lui, channel, readsBits, "replicate", source));
    });
  }

  #bise(index: number, neuron: number): NodeId {
    return this.#once(`${index}:bise:${neuron}`, () => {
      const layer = this.#layer(index);
      const { kernelHeight, kernelWidth, border } = layer;
      const channel = Math.floor(neuron / layer.outChannels);
      const source = (position: number): Source => ({
        node: this.#output(index - 1, channel),
        row: Math.floor(position / kernelWidth) - Math.floor(kernelHeight / 2),
        column: (position % kernelWidth) - Math.floor(kernelWidth / 2),
      });
      const before = this.#layers[index - 1];
      const readsBits = before === undefined || (before.lui ?? before.bise).activation === "step";
      return this.#graph.add(() => this.#neuronNode(layer.bise, neuron, readsBits, border, source));
    });
  }

  #neuronNode(
    bank: NeuronBank,
    neuron: number,
    readsBits: boolean,
    border: BorderRule,
    source: (position: number) => Source,
  ): SumNode {
    const { activation } = bank;
    const scale = bank.scales[neuron] ?? 0;
    const sign = Math.sign(scale);
    // With P = 0 nothing is read: the sum counts for nothing, and the value is ξ(0).
    const taps = [...neuronWeights(bank, neuron).entries()]
      .filter(([, weight]) => weight !== 0 && sign !== 0)
      .map(([position, weight]): Tap => ({ ...source(position), weight: sign * weight }));
    const constant = sign === 0 ? 0 : -sign * (bank.biases[neuron] ?? 0);
    const weights = taps.map((tap) => tap.weight);
    const arithmetic = activation === "step" ? "real" : this.#arithmetic;
    return {
      kind: "sum",
      taps,
      border,
      constant,
      finish: activation === "step" ? { kind: "sign" } : { kind: "activation", activation, steepness: Math.abs(scale) },
      ...neuronRounding(weights, constant, readsBits, arithmetic),
      finishError: activation === "step" ? 0 : ACTIVATION_ERROR[this.#arithmetic],
    };
  }

  #once(key: string, make: () => NodeId): NodeId {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = make();
    this.#nodes.set(key, node);
    return node;
  }
}
