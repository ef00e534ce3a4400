/** One neuron of a layer as MorphIR values: one for each bit of its level code. */
import { InternalError, unreachable } from "../diagnostics.js";
import { worstGrade } from "../ir/grade.js";
import type { NodeOrigin, ValueId } from "../ir/node.js";
import type { NeuronBank } from "../model/types.js";
import { asThreshold, type BitFunction } from "./bit-function.js";
import type { LayerContext, NeuronPart } from "./context.js";
import { PLAIN_CUT } from "./level-code.js";
import { UNKNOWN } from "./literals.js";
import { type BinarizedNeuron, binarizeNeuron } from "./neuron.js";
import { type NeuronPlace, reportOf } from "./neuron-report.js";
import type { NodeMaker } from "./nodes.js";
import { readLevels } from "./read-levels.js";
import type { BitCode, NeuronReport } from "./report.js";
import type { Signal } from "./stage.js";

/** @param inputs the signal behind each weight of the neuron */
export function addNeuron(
  bank: NeuronBank,
  part: NeuronPart,
  inputs: readonly Signal[],
  place: NeuronPlace,
  nodes: NodeMaker,
  context: LayerContext,
): [Signal, NeuronReport[]] {
  const code = context.codeOf(part);
  const reader = readLevels(bank, part.neuron, inputs);
  const severalBits = inputs.some((signal) => signal.bits.length > 1);
  const bits = code.cuts.map((cut, level): CompiledBit => {
    const { shift, ...parameters } = reader.cutAt(cut);
    const found = binarizeNeuron(parameters, reader.bounds, context.settings);
    const neuron = severalBits ? { ...found, function: asThreshold(found.function) } : found;
    const name = code.cuts.length === 1 ? place.name : `${place.name}_level${level}`;
    const first = context.builder.values.length;
    const value = addBit(neuron, { ...place, name }, nodes, context);
    const [low, high] = code.representatives.slice(level, level + 2);
    if (low === undefined || high === undefined) throw new InternalError("a code without a value for its bit");
    return { neuron, first, value, code: { level, cut, shift, low, high } };
  });
  const proved = tryEveryPattern(bits, part, context);
  for (const [index, bit] of proved.entries()) {
    const grade = bit.neuron.grade;
    if (grade !== bits[index]?.neuron.grade) context.builder.regrade(bit.first, bit.value, grade);
  }
  context.neuronDone();
  const reports = proved.map((bit) => reportOf(bit.neuron, place, context.builder.nameOf(bit.value), bit.code));
  const signal: Signal = {
    bits: bits.map((bit) => bit.value),
    representatives: code.representatives,
    bounds: reports[0]?.output ?? UNKNOWN,
    grade: worstGrade(reports.map((report) => report.grade)),
  };
  return [signal, reports];
}

interface CompiledBit {
  readonly neuron: BinarizedNeuron;
  /** The values from `first` to `value`, which holds the bit, are made for it. */
  readonly first: ValueId;
  readonly value: ValueId;
  readonly code: BitCode;
}

/**
 * Bits that bounds do not prove may be proved by trying every pattern. A hidden bit is to be [y > cut], which is how it is
 * read; an output of the network is to be [y > ½] wherever it is cut.
 */
function tryEveryPattern(
  bits: readonly CompiledBit[],
  part: NeuronPart,
  context: LayerContext,
): readonly CompiledBit[] {
  if (bits.every(({ neuron }) => neuron.grade === "exact")) return bits;
  const isOutput = part.part === "output" && context.endsNetwork;
  const verdict = context.tryEveryPattern(
    part,
    bits.map(({ value, code: { cut } }) => ({ value, cut: isOutput ? PLAIN_CUT : cut })),
  );
  if (verdict === null) return bits;
  return bits.map((bit, level): CompiledBit => {
    const { neuron } = bit;
    if (neuron.grade === "exact") return bit;
    if (verdict.kind === "unproved") {
      // What was done to an approximate neuron says more than that it shows.
      return neuron.grade === "approximate" ? bit : { ...bit, neuron: { ...neuron, reason: verdict.reason } };
    }
    const output = verdict.bounds[level] ?? neuron.output;
    const proof = { grade: "exact", proof: "exhaustive", inequality: null, output, reason: null } as const;
    return { ...bit, neuron: { ...neuron, ...proof } };
  });
}

function addBit(neuron: BinarizedNeuron, place: NeuronPlace, nodes: NodeMaker, context: LayerContext): ValueId {
  const { builder } = context;
  const { path, name } = place;
  const origin = { path, grade: neuron.grade };
  if (!neuron.complemented) return addFunction(neuron.function, name, origin, nodes, context);
  const positive = addFunction(neuron.function, `${name}_positive`, origin, nodes, context);
  return builder.add({ kind: "complement", input: positive }, name, origin);
}

function addFunction(
  bits: BitFunction,
  name: string,
  origin: NodeOrigin,
  nodes: NodeMaker,
  { builder }: LayerContext,
): ValueId {
  switch (bits.kind) {
    case "constant":
      return builder.add({ kind: "constant", like: nodes.first, value: bits.value }, name, origin);
    case "erosion":
    case "dilation":
      return builder.add(nodes.setNode(bits.kind, bits.members), name, origin);
    case "threshold":
      return builder.add(nodes.thresholdNode(bits.weights, bits.bound), name, origin);
    case "union-of-erosions": {
      const inputs = bits.sets.map((set, index) =>
        builder.add(nodes.setNode("erosion", set), `${name}_set${index}`, origin),
      );
      return builder.add({ kind: "union", inputs }, name, origin);
    }
    default:
      return unreachable(bits);
  }
}
