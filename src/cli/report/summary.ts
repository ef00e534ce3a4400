/** What binarization found, counted for people: by layer, what is nearest to failing, and what fails. */
import type {
  Arithmetic,
  BinarizationPolicy,
  BinarizationReport,
  LayerReport,
  NeuronOperation,
  NeuronReport,
  ProofMethod,
} from "../../binarize/report.js";
import type { Grade } from "../../ir/node.js";
import type { Model, NeuronBank } from "../../model/types.js";

export interface LayerSummary {
  /** `layers[0]` */
  readonly path: string;
  readonly kind: LayerReport["kind"];
  /** Bits of neurons, and scores; one-channel LUIs, which are left out, do not count. */
  readonly bits: number;
  readonly grades: readonly { readonly grade: Grade; readonly proof: ProofMethod | null; readonly bits: number }[];
  readonly operations: readonly { readonly operation: NeuronOperation; readonly bits: number }[];
  /** Of exact bits, see {@link marginOf}; null where none has one. */
  readonly leastMargin: number | null;
  readonly medianMargin: number | null;
  readonly greatestDistance: number | null;
  readonly greatestWeightError: number | null;
}

/** A bit that is exact. */
export interface NearBit {
  readonly path: string;
  /** Of MorphIR. */
  readonly value: string;
  readonly operation: NeuronOperation;
  readonly proof: ProofMethod | null;
  readonly margin: number;
}

/** A bit that is not. */
export interface FailingBit {
  readonly path: string;
  readonly value: string;
  readonly operation: NeuronOperation;
  readonly grade: Grade;
  readonly reason: string;
}

export interface ReportSummary {
  readonly name: string;
  readonly grade: Grade;
  readonly policy: BinarizationPolicy;
  readonly arithmetic: Arithmetic;
  readonly layers: readonly LayerSummary[];
  /** Smallest margins first. */
  readonly nearest: readonly NearBit[];
  readonly failing: {
    readonly bits: number;
    /** Most frequent first. */
    readonly reasons: readonly { readonly reason: string; readonly bits: number }[];
    /** The first of them, in the order of the layers. */
    readonly first: readonly FailingBit[];
  };
}

const MOST_LISTED = 10;

export function summarize(model: Model, report: BinarizationReport): ReportSummary {
  const banks = banksOf(model);
  const layers = report.layers.map((layer) => ({ ...layer, neurons: layer.neurons.filter(isComputed) }));
  const neurons = layers.flatMap((layer) => layer.neurons);
  const failing = failingBits(report);
  const { grade, policy, arithmetic } = report;
  return {
    name: model.name,
    grade,
    policy,
    arithmetic,
    layers: layers.filter((layer) => layer.neurons.length > 0).map((layer) => summarizeLayer(layer, banks)),
    nearest: nearestBits(neurons, banks),
    failing: {
      bits: failing.length,
      reasons: countBy(failing, ({ reason }) => reasonKind(reason))
        .map(([reason, bits]) => ({ reason, bits }))
        .toSorted((a, b) => b.bits - a.bits),
      first: failing.slice(0, MOST_LISTED),
    },
  };
}

/** Left-out LUIs say nothing about the network. */
function isComputed({ operation }: NeuronReport): boolean {
  return operation !== "identity";
}

/** Every bit that is not exact. */
export function failingBits({ layers }: BinarizationReport): readonly FailingBit[] {
  return layers
    .flatMap((layer) => layer.neurons)
    .filter((neuron) => isComputed(neuron) && neuron.grade !== "exact")
    .map(({ path, value, operation, grade, reason }) => ({ path, value, operation, grade, reason: reason ?? "" }));
}

/** Found by trying patterns: on that picture the answer is another one, or too near to tell. */
const PLACE = / at row \d+, column \d+ of the picture .*$/;

/** A proof that failed at a certain picture: no other proof can succeed. */
export function isRefuted({ reason }: FailingBit): boolean {
  return PLACE.test(reason);
}

/** A reason without its numbers, for counting. */
function reasonKind(reason: string): string {
  return reason.replace(PLACE, " on some picture").replaceAll(/: \d+ of \d+| \([\d.e+-]+\)/g, "");
}

interface Bank {
  readonly bank: NeuronBank;
  readonly index: number;
}

/** By the path of each neuron; scores have no inequality. */
function banksOf({ layers }: Model): ReadonlyMap<string, Bank> {
  const banks = new Map<string, Bank>();
  const add = (path: string, bank: NeuronBank | null): void => {
    if (bank !== null) for (let index = 0; index < bank.count; index++) banks.set(`${path}[${index}]`, { bank, index });
  };
  layers.forEach((layer, index) => {
    if (layer.kind === "bisel") add(`layers[${index}].bise`, layer.bise);
    if (layer.kind === "bisel" || layer.kind === "dense-lui") add(`layers[${index}].lui`, layer.lui);
  });
  return banks;
}

/**
 * How far the sums of an exact neuron stay from the bound, in the argument of ξ: |P| · min(B − lower, upper − B). Null where
 * it is not known, and where it does not matter: for the activation `step`.
 */
function marginOf({ path, grade, inequality }: NeuronReport, banks: ReadonlyMap<string, Bank>): number | null {
  const found = banks.get(path);
  if (grade !== "exact" || inequality === null || found === undefined || found.bank.activation === "step") return null;
  const { lower, bias, upper } = inequality;
  const margin = Math.min(bias - lower, upper - bias);
  return margin === Number.POSITIVE_INFINITY ? null : margin * Math.abs(found.bank.scales[found.index] ?? 0);
}

function summarizeLayer({ path, kind, neurons }: LayerReport, banks: ReadonlyMap<string, Bank>): LayerSummary {
  const margins = neurons
    .map((neuron) => marginOf(neuron, banks))
    .filter((margin) => margin !== null)
    .toSorted((a, b) => a - b);
  return {
    path,
    kind,
    bits: neurons.length,
    grades: gradesOf(neurons),
    operations: countBy(neurons, ({ operation }) => operation).map(([operation, bits]) => ({ operation, bits })),
    leastMargin: margins[0] ?? null,
    medianMargin: margins[Math.floor((margins.length - 1) / 2)] ?? null,
    greatestDistance: greatest(neurons.map(({ distance }) => distance)),
    greatestWeightError: greatest(neurons.map(({ weightError }) => weightError)),
  };
}

function gradesOf(neurons: readonly NeuronReport[]): LayerSummary["grades"] {
  const found: { grade: Grade; proof: ProofMethod | null; bits: number }[] = [];
  for (const { grade, proof } of neurons) {
    const same = found.find((each) => each.grade === grade && each.proof === proof);
    if (same === undefined) found.push({ grade, proof, bits: 1 });
    else same.bits++;
  }
  return found;
}

/** In the order in which they come first. */
function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): readonly (readonly [key: K, count: number])[] {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts];
}

function greatest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
}

function nearestBits(neurons: readonly NeuronReport[], banks: ReadonlyMap<string, Bank>): readonly NearBit[] {
  return neurons
    .flatMap((neuron): readonly NearBit[] => {
      const { path, value, operation, proof } = neuron;
      const margin = marginOf(neuron, banks);
      return margin === null ? [] : [{ path, value, operation, proof, margin }];
    })
    .toSorted((a, b) => a.margin - b.margin)
    .slice(0, MOST_LISTED);
}
