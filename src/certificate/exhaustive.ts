/** The proof by all patterns, tried again: a float neuron against the values of MorphIR that are claimed to be its bits. */
import type { MorphModule, ValueId } from "../ir/node.js";
import { activate } from "../model/activation.js";
import { type BiselLayer, type Model, neuronWeights } from "../model/types.js";
import { elementOffsets } from "../morph/structuring-element.js";
import { toUnits } from "./exact.js";
import { LEAST_ARGUMENT, LEAST_NORMAL, OVERFLOW, UNIT_ROUND_OFF } from "./float32.js";
import type { Arithmetic } from "./format.js";
import type { Extremes, TriedBit } from "./neuron.js";
import { createReach, type Definition, enumerate, type Ranges, type Sum } from "./patterns.js";
import { dependentBits, framesOf, impossiblePatterns, isImpossible, type Plane, planesOf } from "./pictures.js";

export interface ExhaustiveQuestion {
  readonly model: Model;
  readonly module: MorphModule;
  readonly arithmetic: Arithmetic;
  readonly layer: number;
  readonly part: "bise" | "output";
  readonly neuron: number;
  readonly bits: readonly TriedBit[];
  /** Called with the share that is done, 0 … 1. */
  readonly onProgress: (share: number) => void;
}

const MOST_PATTERNS = 2 ** 27;

/** What is wrong with the bits; null if each is [value > cut], and its values within the bounds, on every picture. */
export function patternsComplaint(question: ExhaustiveQuestion): string | null {
  const { model, module, layer, part, neuron } = question;
  if (model.layers.slice(0, layer + 1).some(({ kind }) => kind !== "bisel")) {
    return "cannot be checked: patterns are tried only where all layers before are BiSELs";
  }
  const sources = new Sources(question);
  const define = (source: string): Definition => sources.define(source);
  const root = `${layer} ${part} ${neuron}`;
  const judged = sources.rootOf(root);
  if (judged === null) return "cannot be checked: the value reads what is not a neighbourhood";
  // A sum over all patterns of true bits says enough, unless it counts some that no picture shows.
  const bits = question.bits.filter((bit) => bit.extremes === null || judged.judge(bit, bit.extremes) !== null);
  if (bits.length === 0) return null;
  const roots = [ROOT, ...bits.map(({ value }) => `bit ${value}`)];
  const all = (source: string): Definition => (source === ROOT ? judged.sum : define(source));
  try {
    const frames = framesOf(roots.map(createReach(all)), module.input);
    if (frames === null) return "cannot be checked: the edges can lie in too many ways";
    const enumerations = frames.map((frame) => enumerate(all, roots, frame, sources.planes.length));
    const tooLarge = enumerations.find((each) => typeof each === "string");
    if (tooLarge !== undefined) return `cannot be checked: ${tooLarge}`;
    const known = enumerations.filter((each) => typeof each !== "string");
    const total = known.reduce((sum, { variables }) => sum + 2 ** variables.length, 0);
    if (total > MOST_PATTERNS) return `cannot be checked: there are more than ${MOST_PATTERNS} patterns`;
    const extremes = bits.map(
      (): Mutable<Extremes> => ({ zero: Number.NEGATIVE_INFINITY, one: Number.POSITIVE_INFINITY }),
    );
    let done = 0;
    for (const { variables, run } of known) {
      const pairs = dependentBits(variables, sources.planes);
      const skips = (first: number, length: number): boolean => {
        done += length;
        const fixed = pairs.filter(([higher, lower]) => 2 ** Math.min(higher, lower) >= length);
        return fixed.some((pair) => isImpossible(pair, first));
      };
      run(skips, ([sums, ...found], first) => {
        if (sums === undefined) return;
        const { length } = sums.low;
        const impossible = pairs.length === 0 ? null : impossiblePatterns(pairs, first, length);
        found.forEach((ranges, bit) => {
          const extreme = extremes[bit];
          if (extreme !== undefined) widen(extreme, sums, ranges, impossible);
        });
        question.onProgress(done / total);
      });
    }
    const complaints = bits.map((bit, index) => {
      return judged.judge(bit, extremes[index] ?? { zero: 0, one: 0 });
    });
    return complaints.find((complaint) => complaint !== null) ?? null;
  } catch (error) {
    if (error instanceof NoNeighbourhood) return "cannot be checked: the value reads what is not a neighbourhood";
    throw error;
  }
}

const ROOT = "root";

class NoNeighbourhood extends Error {}

type Mutable<T> = { -readonly [field in keyof T]: T[field] };

function widen(extreme: Mutable<Extremes>, sums: Ranges, bits: Ranges, impossible: Uint8Array | null): void {
  let { zero, one } = extreme;
  for (let x = 0; x < sums.low.length; x++) {
    if (impossible !== null && impossible[x] === 1) continue;
    const [low, high] = [sums.low[x] ?? 0, sums.high[x] ?? 0];
    if (bits.low[x] === 0 && high > zero) zero = high;
    if (bits.high[x] === 1 && low < one) one = low;
  }
  extreme.zero = zero;
  extreme.one = one;
}

/** ξ is taken to be right within this, at most ½ up to 0, and above ½ from {@link LEAST_ARGUMENT} on. */
const ACTIVATION_ERROR: Readonly<Record<Arithmetic, number>> = { float32: 2 ** -20 + 2 ** -40, real: 2 ** -40 };
/** Of ξ in doubles, a small part of the error that is allowed for. */
const EVALUATION_ERROR = 2 ** -44;
/** Values may exceed 1 by ξ's error, and the bounds of errors are rounded. */
const ROOM = 1 + 2 ** -18;

interface Judged {
  readonly sum: Sum;
  /** What is wrong. */
  readonly judge: (bit: TriedBit, extremes: Extremes) => string | null;
}

class Sources {
  readonly planes: readonly Plane[];
  readonly #question: ExhaustiveQuestion;
  readonly #known = new Map<string, Definition>();
  /** For each input of the first layer its plane, or null for all ones or zeros, and whether it is complemented. */
  readonly #inputs: readonly { readonly plane: Plane; readonly complemented: boolean }[];

  constructor(question: ExhaustiveQuestion) {
    this.#question = question;
    const own = planesOf(question.model.input);
    this.planes = own;
    const plain = own.map((plane) => ({ plane, complemented: false }));
    const others = question.model.input.complements ? own.map((plane) => ({ plane, complemented: true })) : [];
    this.#inputs = [...plain, ...others];
  }

  define(source: string): Definition {
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    const [first = "", part = "", index = ""] = source.split(" ");
    const made =
      first === "bit" ? this.#value(Number(part)) : this.#neuron(Number(first), part, Number(index)).definition;
    this.#known.set(source, made);
    return made;
  }

  /** The neuron's sum, turned so that its value rises with it, and the judgement of its bits. */
  rootOf(source: string): Judged | null {
    const [layer = "", part = "", index = ""] = source.split(" ");
    const { definition, signError, valueError, rising, activation } = this.#neuron(Number(layer), part, Number(index));
    if ("plane" in definition) return null;
    const { arithmetic } = this.#question;
    const isStep = activation === "step";
    const error = ACTIVATION_ERROR[arithmetic];
    const valueOf = (sum: number): number =>
      isStep ? Number(sum > 0) : activate(activation, sum === 0 ? 0 : rising * sum);
    const judge = ({ cut, output }: TriedBit, { zero, one }: Extremes): string | null => {
      const isNever = { zero: zero === Number.NEGATIVE_INFINITY, one: one === Number.POSITIVE_INFINITY };
      const [nonPositive, least] = [rising === 0 || zero + signError <= 0, rising * (one - signError)];
      const isReal = isStep || arithmetic === "real";
      const positive = isReal ? rising > 0 && least > 0 : rising >= LEAST_NORMAL && least >= LEAST_ARGUMENT;
      const most = isStep ? Number(!nonPositive) : valueOf(zero + valueError) + error;
      const fewest = isStep ? Number(positive) : valueOf(one - valueError) - error;
      const zeroHolds = isNever.zero || (cut >= 0.5 && nonPositive) || (cut !== 0.5 && most <= cut);
      const oneHolds = isNever.one || (cut <= 0.5 && positive) || (cut !== 0.5 && fewest > cut);
      if (!zeroHolds) return `a pattern with bit 0 has a value of up to ${most}, above or too near the cut ${cut}`;
      if (!oneHolds) return `a pattern with bit 1 has a value from ${fewest} on, not above or too near the cut ${cut}`;
      const [upper, lower] = [isNever.zero ? 0 : Math.min(most, cut), isNever.one ? 1 : Math.max(fewest, cut)];
      const sound = output.zeroUpper >= upper - EVALUATION_ERROR && output.oneLower <= lower + EVALUATION_ERROR;
      if (sound && output.zeroUpper <= cut && output.oneLower >= cut) return null;
      return `the values lie in [0, ${upper}] or [${lower}, 1]`;
    };
    return { sum: { ...definition, error: 0, finish: keep, isExact: true }, judge };
  }

  #neuron(
    index: number,
    part: string,
    neuron: number,
  ): {
    readonly definition: Definition;
    readonly signError: number;
    readonly valueError: number;
    readonly rising: number;
    readonly activation: BiselLayer["bise"]["activation"];
  } {
    const { model, arithmetic } = this.#question;
    const layer = model.layers[index];
    if (layer?.kind !== "bisel") return { ...NO_NEURON, definition: this.#input(neuron) };
    const isLui = part === "output" && layer.lui !== null;
    const bank = isLui && layer.lui !== null ? layer.lui : layer.bise;
    const scale = bank.scales[neuron] ?? 0;
    const sign = Math.sign(scale);
    const terms = [...neuronWeights(bank, neuron).entries()]
      .filter(([, weight]) => weight !== 0 && sign !== 0)
      .map(([position, weight]) => {
        const own = { weight: sign * weight };
        if (isLui)
          return { ...own, source: `${index} bise ${position * layer.outChannels + neuron}`, row: 0, column: 0 };
        const { kernelWidth, kernelHeight } = layer;
        return {
          ...own,
          source: `${index - 1} output ${Math.floor(neuron / layer.outChannels)}`,
          row: Math.floor(position / kernelWidth) - Math.floor(kernelHeight / 2),
          column: (position % kernelWidth) - Math.floor(kernelWidth / 2),
        };
      });
    const constant = sign === 0 ? 0 : -sign * (bank.biases[neuron] ?? 0);
    const before = isLui ? layer.bise : this.#bankBefore(index);
    const readsBits = before === null || before.activation === "step";
    const { activation } = bank;
    const isStep = activation === "step";
    const errors = sumErrors(terms, constant, readsBits, isStep ? "real" : arithmetic);
    const rising = Math.abs(scale);
    const error = ACTIVATION_ERROR[arithmetic];
    const finish = ({ low, high }: Ranges): void => {
      for (let x = 0; x < low.length; x++) {
        const [least, most] = [low[x] ?? 0, high[x] ?? 0];
        low[x] = isStep ? Number(least > 0) : Math.max(0, activate(activation, rising * least) - error);
        high[x] = isStep ? Number(most > 0) : Math.min(1, activate(activation, rising * most) + error);
      }
    };
    const definition: Sum = {
      terms,
      border: isLui ? "replicate" : layer.border,
      constant,
      error: isStep ? errors.signError : errors.valueError,
      finish,
      isExact: isStep && errors.signError === 0,
    };
    return { definition, ...errors, rising, activation };
  }

  #bankBefore(index: number): BiselLayer["bise"] | null {
    const layer = this.#question.model.layers[index - 1];
    return layer?.kind === "bisel" ? (layer.lui ?? layer.bise) : null;
  }

  /** What the first layer reads. */
  #input(index: number): Definition {
    const input = this.#inputs[index];
    if (input === undefined) throw new NoNeighbourhood();
    const place = this.planes.indexOf(input.plane);
    if (!input.complemented) return this.#plane(place);
    return { ...sumOfBits([{ source: `-1 output ${place}`, row: 0, column: 0, weight: -1 }], 1), finish: keep };
  }

  /** Level sets of every byte, or none, are constants. */
  #plane(place: number): Definition {
    const { threshold = 1 } = this.planes[place] ?? {};
    if (threshold > 0 && threshold <= 255) return { plane: place };
    return { ...sumOfBits([], threshold <= 0 ? 1 : 0), finish: keep };
  }

  #value(id: ValueId): Definition {
    const node = this.#question.module.values[id]?.node;
    const here = (value: ValueId, weight = 1): Sum["terms"][number] => ({
      source: `bit ${value}`,
      row: 0,
      column: 0,
      weight,
    });
    switch (node?.kind) {
      case "input":
      case "level-set": {
        const threshold = node.kind === "input" ? 1 : node.threshold;
        const own = this.planes.findIndex((plane) => plane.channel === node.channel && plane.threshold === threshold);
        if (own < 0) throw new NoNeighbourhood();
        return this.#plane(own);
      }
      case "constant":
        return sumOfBits([], node.value);
      case "complement":
        return sumOfBits([here(node.input, -1)], 1);
      case "union":
        return sumOfBits(
          node.inputs.map((input) => here(input)),
          0,
        );
      case "intersection":
        return sumOfBits(
          node.inputs.map((input) => here(input)),
          1 - node.inputs.length,
        );
      case "erosion": {
        const terms = elementOffsets(node.element).map((offset) => ({ ...here(node.input), ...offset }));
        return sumOfBits(terms, 1 - terms.length, node.border);
      }
      case "dilation": {
        const terms = elementOffsets(node.element).map(({ row, column }) => ({
          ...here(node.input),
          row: -row,
          column: -column,
        }));
        return sumOfBits(terms, 0, node.border);
      }
      case "threshold": {
        const terms = node.terms.map(({ input, offset, weight }) => ({ ...here(input, Number(weight)), ...offset }));
        return sumOfBits(terms, -Number(node.bound), node.border);
      }
      case "subsample":
      case "flatten":
      case "element":
      case "readout":
      case undefined:
        throw new NoNeighbourhood();
    }
  }
}

const NO_NEURON = { signError: 0, valueError: 0, rising: 0, activation: "step" } as const;

function keep(): void {
  // The sum is the value.
}

/** [constant + Σ > 0] in whole numbers; sums that are no doubles leave open what is too near 0. */
function sumOfBits(terms: Sum["terms"], constant: number, border: Sum["border"] = "replicate"): Sum {
  const magnitude = terms.reduce((sum, { weight }) => sum + Math.abs(weight), Math.abs(constant));
  const finish = ({ low, high }: Ranges): void => {
    for (let x = 0; x < low.length; x++) {
      low[x] = Number((low[x] ?? 0) > 0);
      high[x] = Number((high[x] ?? 0) > 0);
    }
  };
  const error = magnitude < 2 ** 53 ? 0 : (terms.length + 2) * 2 ** -52 * magnitude;
  return { terms, border, constant, error, finish, isExact: error === 0 };
}

/** How far a sum in doubles can lie from that of the network: as its sign is asked, and its value. */
function sumErrors(
  terms: Sum["terms"],
  constant: number,
  readsBits: boolean,
  arithmetic: Arithmetic,
): { readonly signError: number; readonly valueError: number } {
  const magnitude = terms.reduce((sum, { weight }) => sum + Math.abs(weight), Math.abs(constant));
  if (magnitude === 0) return { signError: 0, valueError: 0 };
  const { integers, exponent } = toUnits([...terms.map(({ weight }) => weight), constant]);
  const units = integers.reduce((sum, each) => sum + Number(each < 0n ? -each : each), 0);
  const relative = (roundings: number): number => (roundings / (1 - roundings)) * magnitude * ROOM;
  const inDoubles = readsBits && units <= 2 ** 53 ? 0 : relative((terms.length + 8) * 2 ** -53);
  if (arithmetic === "real") return { signError: inDoubles, valueError: inDoubles };
  const count = terms.length + 2;
  const inSingles =
    magnitude >= OVERFLOW || count >= 2 ** 23
      ? Number.POSITIVE_INFINITY
      : relative(count * UNIT_ROUND_OFF) + count * LEAST_NORMAL;
  const isExact = readsBits && units <= 2 ** 24 && exponent >= -126 && magnitude < OVERFLOW;
  return { signError: isExact ? 0 : inSingles + inDoubles, valueError: inSingles + inDoubles };
}
