import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkDecisions } from "../../scripts/golden/decisions.js";
import { checkNetworkClosest } from "../../scripts/golden/network-closest.js";
import { readNeurons } from "../../scripts/golden/neurons.js";
import { GOLDEN_FOLDER, HAS_GOLDEN } from "../golden/golden-networks.js";

const PATH = join(GOLDEN_FOLDER, "neurons.json");

test.skipIf(!existsSync(PATH))(`every field of the recorded neurons (skipped where there is no ${PATH})`, () => {
  const neurons = readNeurons(PATH);
  expect(neurons).toHaveLength(984);
  const checked = neurons.map((neuron) => ({ id: neuron.id, ...checkDecisions(neuron) }));
  expect(checked.flatMap(({ id, differences }) => differences.map((each) => `${id}: ${each}`))).toEqual([]);
  const undecided = checked.reduce((sum, each) => sum + each.undecided, 0);
  // Two sets at the same distance but for rounding, or a sum that rounds across a limit.
  expect(undecided).toBeLessThanOrEqual(10);
});

test.skipIf(!HAS_GOLDEN)(`closest operations of networks' neurons (skipped where there is no ${GOLDEN_FOLDER})`, () => {
  for (const { network, neurons, findings } of checkNetworkClosest(GOLDEN_FOLDER)) {
    expect(neurons, network).toBeGreaterThan(0);
    expect(findings.compared, network).toBeGreaterThan(10 * neurons);
    expect(findings.differences, network).toEqual([]);
  }
});
