/** The closest operation of every neuron of the recorded networks (field `closest` of a bank), by every method. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApproximationMethod } from "../../src/binarize/closest/closest.js";
import { hasExactSums, type Neuron, sumOf, sumTolerance } from "./authors-rules.js";
import { checkBounds, checkConstant, checkSolved, type RecordedClosest } from "./closest.js";
import { type Findings, noFindings } from "./findings.js";
import { type Json, JsonField } from "./json-field.js";

export interface NetworkClosest {
  readonly network: string;
  readonly neurons: number;
  readonly findings: Findings;
}

/** Every network of the files `nets_*.json` of a folder. */
export function checkNetworkClosest(folder: string): NetworkClosest[] {
  const files = readdirSync(folder).filter((name) => /^nets_.*\.json$/.test(name));
  return files.sort().flatMap((name) => {
    const file = new JsonField(JSON.parse(readFileSync(join(folder, name), "utf8")) as Json, name);
    return file.get("nets").items().map(checkNetwork);
  });
}

function checkNetwork(network: JsonField): NetworkClosest {
  const findings = noFindings();
  let neurons = 0;
  for (const layer of network.get("layers").items()) {
    for (const key of ["bise", "lui"]) {
      // An identity LUI has no neurons, and layers without neurons have neither.
      if (!layer.has(key) || !layer.get(key).has("closest")) continue;
      neurons += checkBank(findings, layer.get(key));
    }
  }
  return { network: network.get("name").text(), neurons, findings };
}

const METHODS: readonly (readonly [ApproximationMethod, string])[] = [
  ["constant", "cst_exact"],
  ["uniform", "cst_uniform"],
  ["normal", "cst_normal"],
  ["activated", "activated_qp"],
  ["bounds", "min_dist_bounds"],
];

/** @returns how many neurons it has */
function checkBank(findings: Findings, bank: JsonField): number {
  const biases = bank.get("bias").numbers();
  const neurons = bank
    .get("weight")
    .items()
    .map((row, index): Neuron => {
      return { weights: Float32Array.from(row.numbers()), bias: -Math.fround(biases[index] ?? Number.NaN) };
    });
  for (const [method, key] of METHODS) {
    // Not every method was run on every bank.
    if (!bank.get("closest").has(key)) continue;
    const field = bank.get("closest").get(key);
    const operations = field.get("op").items();
    const sets = field.get("S").items();
    const distances = field.get("dist").items();
    neurons.forEach((neuron, index) => {
      const [operation, set, distance] = [operations[index], sets[index], distances[index]];
      if (operation === undefined || set === undefined || distance === undefined) {
        throw new Error(`${field.path}: no entry ${index}`);
      }
      checkNeuron(findings, method, neuron, {
        operation: operation.text(),
        set: set.text(),
        distance: distance.extendedNumber(),
      });
    });
  }
  return neurons.length;
}

function checkNeuron(findings: Findings, method: ApproximationMethod, neuron: Neuron, recorded: RecordedClosest): void {
  switch (method) {
    case "constant":
    case "uniform":
    case "normal": {
      const fromHalf = Math.abs(sumOf(neuron.weights) / 2 - neuron.bias);
      checkConstant(findings, method, neuron, recorded, hasExactSums(neuron) || fromHalf > sumTolerance(neuron));
      return;
    }
    case "activated":
      checkSolved(findings, neuron, recorded);
      return;
    case "bounds":
      checkBounds(findings, neuron, recorded);
  }
}
