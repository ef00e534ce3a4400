/**
 * `npm run golden -- [FOLDER]`: every neuron and every network of a folder in the golden format (default
 * ../shared/golden), binarized and compiled for every target that this machine has, compared bit for bit.
 *
 * Of single neurons every recorded field is computed, and of networks' neurons the closest operations by every method.
 * Compiled networks under the papers' approximate policy must give the recorded binary outputs; under `auto` the network's
 * own hard-threshold semantics, computed independently. A line per network, a total; exit status 1 on any difference.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Model } from "../../src/model/types.js";
import { getPixel } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import type { ScoresOutput } from "../../src/word/node.js";
import { differencesFromExact, differencesFromRecorded } from "./compare.js";
import { type Engine, findEngines, openEngine } from "./compiled.js";
import { checkDecisions } from "./decisions.js";
import { addFindings, type Findings, noFindings } from "./findings.js";
import { type GoldenNetwork, readGoldenFolder } from "./format.js";
import { hardThreshold } from "./hard-threshold.js";
import { checkNetworkClosest } from "./network-closest.js";
import { denseModel, type RecordedNeuron, readNeurons, recordedBit, spatialModel } from "./neurons.js";

const DEFAULT_FOLDER = join(import.meta.dirname, "../../../shared/golden");
const POLICIES = ["approximate-constant", "auto"] as const;

interface Tally {
  checks: number;
  differences: number;
}

const total: Tally = { checks: 0, differences: 0 };

function report(name: string, detail: string, tally: Tally, where: readonly string[]): void {
  total.checks += tally.checks;
  total.differences += tally.differences;
  const verdict = tally.differences === 0 ? "equal" : `DIFFERS in ${tally.differences}: ${where.join(", ")}`;
  console.log(`${name.padEnd(44)} ${detail.padEnd(34)} ${verdict}`);
}

async function checkNetwork(network: GoldenNetwork, engines: readonly Engine[]): Promise<void> {
  for (const policy of POLICIES) {
    const cases = [...network.images, ...network.tests];
    const pictures = cases.map((each) => each.picture);
    const exact = policy === "auto" ? pictures.map((picture) => hardThreshold(network.model, picture)) : [];
    const tally: Tally = { checks: 0, differences: 0 };
    const where: string[] = [];
    for (const engine of engines) {
      const { program, runner } = await openEngine(network.model, policy, engine);
      const scores = scoresOf(program.interface);
      const outcomes = await runner.run(pictures);
      await runner.close();
      let differences = 0;
      outcomes.forEach((outcome, index) => {
        tally.checks++;
        const expected = exact[index];
        const recorded = cases[index]?.expected;
        if (expected !== undefined) differences += differencesFromExact(outcome, expected, scores);
        else if (recorded !== undefined) differences += differencesFromRecorded(outcome, recorded, scores);
      });
      if (differences > 0) where.push(`${engine.label} (${differences})`);
      tally.differences += differences;
    }
    const name = policy === "auto" ? "auto" : "approximate";
    report(network.id, `${name}, ${cases.length} pictures × ${engines.length}`, tally, where);
  }
}

function scoresOf(contract: {
  readonly kind: string;
  readonly output?: { readonly kind: string };
}): ScoresOutput | null {
  return contract.output?.kind === "scores" ? (contract.output as ScoresOutput) : null;
}

/** The closest operations of all the networks' neurons. */
function checkClosestOperations(folder: string): void {
  const all = noFindings();
  let count = 0;
  for (const { network, neurons, findings } of checkNetworkClosest(folder)) {
    count += neurons;
    addFindings(all, { ...findings, differences: findings.differences.map((each) => `${network}: ${each}`) });
  }
  reportFindings("networks: closest operations", `${count} neurons`, all);
}

function reportFindings(name: string, detail: string, { compared, differences, ties, undecided }: Findings): void {
  const tally = { checks: compared, differences: differences.length };
  report(name, `${detail}, ${ties} on a bound, ${undecided} undecided`, tally, differences);
}

/**
 * Every recorded field of each neuron; then the compiled neurons by the shape of their weights: as a dense layer, and those
 * of one channel as kernels too.
 */
async function checkNeurons(neurons: readonly RecordedNeuron[], engines: readonly Engine[]): Promise<void> {
  const all = noFindings();
  for (const neuron of neurons) {
    const { differences, ...findings } = checkDecisions(neuron);
    addFindings(all, { ...findings, differences: differences.map((each) => `${neuron.id}: ${each}`) });
  }
  reportFindings("neurons: every field", `${neurons.length} neurons`, all);

  const groups = new Map<string, RecordedNeuron[]>();
  for (const neuron of neurons) {
    const keys = [`dense ${neuron.weights.length}`];
    if (neuron.shape[0] === 1) keys.push(`kernel ${neuron.shape.slice(1).join("x")}`);
    for (const key of keys) groups.set(key, [...(groups.get(key) ?? []), neuron]);
  }
  for (const [key, group] of groups) {
    const isDense = key.startsWith("dense");
    const { model, pictures } = isDense ? denseModel(group) : spatialModel(group);
    await checkNeuronGroup(`neurons: ${key}`, group, model, pictures, isDense, engines);
  }
}

async function checkNeuronGroup(
  name: string,
  neurons: readonly RecordedNeuron[],
  model: Model,
  pictures: readonly Picture[],
  isDense: boolean,
  engines: readonly Engine[],
): Promise<void> {
  const expected = pictures.map((picture) => hardThreshold(model, picture));
  const tally: Tally = { checks: 0, differences: 0 };
  const where: string[] = [];
  const recordedDifferences = isDense ? againstRecords(neurons, pictures, expected) : 0;
  if (recordedDifferences > 0) where.push(`records (${recordedDifferences})`);
  tally.differences += recordedDifferences;
  for (const engine of engines) {
    const { runner } = await openEngine(model, "auto", engine);
    const outcomes = await runner.run(pictures);
    await runner.close();
    const differences = outcomes.reduce((sum, outcome, index) => {
      const exact = expected[index];
      return exact === undefined ? sum : sum + differencesFromExact(outcome, exact, null);
    }, 0);
    tally.checks += outcomes.length;
    tally.differences += differences;
    if (differences > 0) where.push(`${engine.label} (${differences})`);
  }
  report(name, `${neurons.length} × ${pictures.length} patterns × ${engines.length}`, tally, where);
}

/** Where an operation or truth table was recorded, the exact answer must be it. */
function againstRecords(
  neurons: readonly RecordedNeuron[],
  pictures: readonly Picture[],
  expected: readonly Outcome[],
): number {
  let differences = 0;
  pictures.forEach((picture, index) => {
    const outcome = expected[index];
    if (picture.kind !== "bits" || outcome?.kind !== "bits") return;
    const [image] = picture.channels;
    if (image === undefined) return;
    const pattern = Array.from({ length: image.width }, (_, column) => getPixel(image, 0, column));
    neurons.forEach((neuron, position) => {
      const bit = recordedBit(neuron, pattern);
      if (bit !== null && bit !== outcome.bits[position]) differences++;
    });
  });
  return differences;
}

async function main(): Promise<number> {
  const folder = resolve(process.argv[2] ?? DEFAULT_FOLDER);
  if (!existsSync(folder)) {
    console.error(`${folder} does not exist; give the folder of the reference values: npm run golden -- FOLDER`);
    return 2;
  }
  const { engines, missing } = findEngines();
  console.log(`${engines.length} ways of running: ${engines.map((engine) => engine.label).join(", ")}`);
  if (missing.length > 0) console.log(`skipped, as no compiler was found: ${missing.join(", ")}`);
  const neurons = join(folder, "neurons.json");
  if (existsSync(neurons)) await checkNeurons(readNeurons(neurons), engines);
  checkClosestOperations(folder);
  for (const network of readGoldenFolder(folder)) await checkNetwork(network, engines);
  console.log(`${total.checks} answers checked, ${total.differences} differences`);
  return total.differences === 0 ? 0 : 1;
}

process.exitCode = await main();
