import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkDecisions, readNeurons } from "../../scripts/golden/neurons.js";
import { GOLDEN_FOLDER } from "../golden/golden-networks.js";

const PATH = join(GOLDEN_FOLDER, "neurons.json");

test.skipIf(!existsSync(PATH))(`decisions about recorded neurons (skipped where there is no ${PATH})`, () => {
  const neurons = readNeurons(PATH);
  expect(neurons).toHaveLength(984);
  const differences = neurons.flatMap((neuron) =>
    checkDecisions(neuron).differences.map((difference) => `${neuron.id}: ${difference}`),
  );
  expect(differences).toEqual([]);
});
