/**
 * The exhaustive proof: a neuron's compiled bits against its float value, for every picture.
 *
 * The value at a pixel depends on the pixels within its reach, and on the edges of the picture as far as they are within reach. So it
 * is enough to try, for each way in which the edges can lie (frames.ts), all patterns of the input bits that the float neuron or
 * the compiled bits depend on there. Of all patterns only those matter at which the float sum is largest while the bit is 0, and
 * smallest while it is 1: if these two are right with room for rounding (rounding.ts, decision.ts), all are.
 */
import type { BiselLayer, Model } from "../../model/types.js";
import { BitNodes, UnsupportedValue } from "./bit-nodes.js";
import { FloatNodes } from "./float-nodes.js";
import { Graph } from "./graph.js";
import { planEnumeration } from "./plan.js";
import { Planes } from "./planes.js";
import type { ExhaustiveAnswer, ExhaustiveQuestion } from "./question.js";
import { tryPlan } from "./try-plan.js";

export type { ExhaustiveAnswer, ExhaustiveQuestion, UnprovedBit } from "./question.js";

const MOST_PATTERNS = 2 ** 26;

export function tryAllPatterns(question: ExhaustiveQuestion): ExhaustiveAnswer {
  const { model, values, layer, part, neuron, bits, arithmetic } = question;
  const layers = biselsUpTo(model, layer);
  if (layers === null) return { kind: "unsupported", reason: "there is another layer than BiSELs on the way" };
  if (bits.some(({ cut }) => !(cut > 0 && cut < 1)))
    return { kind: "unsupported", reason: "a cut is not inside ]0, 1[" };

  const graph = new Graph();
  const planes = new Planes(graph);
  const float = new FloatNodes(model, layers, arithmetic, graph, planes).neuron(layer, part, neuron);
  const bitNodes = new BitNodes(values, graph, planes);
  const rising = { activation: float.bank.activation, steepness: float.steepness, arithmetic };
  try {
    const roots = [float.node, ...bits.map(({ value }) => bitNodes.node(value))];
    const size = { height: question.height, width: question.width };
    const plan = planEnumeration(graph, roots, size, question.mostPatterns ?? MOST_PATTERNS);
    if (typeof plan === "string") return { kind: "unsupported", reason: plan };
    const cuts = bits.map(({ cut }) => cut);
    return tryPlan({ graph, planes, input: model.input, neuron: rising, cuts }, plan, question.onProgress);
  } catch (error) {
    if (error instanceof UnsupportedValue) return { kind: "unsupported", reason: error.message };
    throw error;
  }
}

/** The layers up to and with `index`, if all of them are BiSELs of neurons that end between 0 and 1. */
function biselsUpTo(model: Model, index: number): readonly BiselLayer[] | null {
  const layers: BiselLayer[] = [];
  for (const layer of model.layers.slice(0, index + 1)) {
    if (layer.kind !== "bisel") return null;
    layers.push(layer);
  }
  return layers;
}
