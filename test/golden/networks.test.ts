/**
 * Every recorded network, compiled, against what it should answer: the recorded binary outputs under the papers'
 * approximate policy, the hard-threshold semantics under `auto`. `npm run golden` does the same on more targets.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differencesFromExact, differencesFromRecorded } from "../../scripts/golden/compare.js";
import { type Engine, openEngine } from "../../scripts/golden/compiled.js";
import type { GoldenNetwork } from "../../scripts/golden/format.js";
import { type HardOutcome, hardThreshold } from "../../scripts/golden/hard-threshold.js";
import type { BinarizationPolicy } from "../../src/binarize/report.js";
import { compile } from "../../src/compile.js";
import type { Outcome } from "../../src/morph/picture.js";
import { findCompiler } from "../../src/run/run-c.js";
import { findPreset } from "../../src/target/presets.js";
import type { WordProgram } from "../../src/word/node.js";
import { type BatchNetwork, type CBatch, openCBatch } from "../differential/c-batch.js";
import { GOLDEN_FOLDER, goldenNetworks, HAS_GOLDEN } from "./golden-networks.js";

const POLICIES = ["approximate-constant", "auto"] as const;

const ENGINES: readonly Engine[] = [
  { label: "MorphIR", target: "js", interpreter: "morph" },
  { label: "wasm", target: "wasm" },
  { label: "js", target: "js" },
];

interface Case {
  readonly label: string;
  /** Unique, for one C program of all networks. */
  readonly name: string;
  readonly network: GoldenNetwork;
  readonly policy: BinarizationPolicy;
}

const CASES: readonly Case[] = POLICIES.flatMap((policy, group) =>
  goldenNetworks().map((network, index) => ({
    label: `${network.id}, ${policy}`,
    name: `golden${group}_${index}`,
    network,
    policy,
  })),
);

const HAS_GCC = findCompiler("gcc") !== null;

function compileC({ name, network, policy }: Case): Promise<BatchNetwork> {
  const target = findPreset("c")!;
  return compile({ ...network.model, name }, { target, policy, modelSha256: "0".repeat(64) });
}

/** What each network should answer under `auto`, once for all engines. */
const exactOutcomes = new Map<string, HardOutcome[]>();

function exactOf({ network }: Case): HardOutcome[] {
  const cases = [...network.images, ...network.tests];
  const known = exactOutcomes.get(network.id) ?? cases.map(({ picture }) => hardThreshold(network.model, picture));
  exactOutcomes.set(network.id, known);
  return known;
}

/** Differences of all the network's pictures. */
function countDifferences(each: Case, program: WordProgram, outcomes: readonly Outcome[]): number {
  const { interface: contract } = program;
  const scores = contract.kind === "samples" && contract.output.kind === "scores" ? contract.output : null;
  const cases = [...each.network.images, ...each.network.tests];
  expect(outcomes).toHaveLength(cases.length);
  const exact = each.policy === "auto" ? exactOf(each) : null;
  return outcomes.reduce((sum, actual, index) => {
    const differences =
      exact === null
        ? differencesFromRecorded(actual, cases[index]!.expected, scores)
        : differencesFromExact(actual, exact[index]!, scores);
    return sum + differences;
  }, 0);
}

describe(HAS_GOLDEN ? "recorded networks" : `one recorded network, as there is no ${GOLDEN_FOLDER}`, () => {
  test.each(CASES.map((each) => [each.label, each] as const))("%s", async (_, each) => {
    const { network, policy } = each;
    const pictures = [...network.images, ...network.tests].map(({ picture }) => picture);
    for (const engine of ENGINES) {
      const { program, runner } = await openEngine(network.model, policy, engine);
      const outcomes = await runner.run(pictures);
      await runner.close();
      expect(countDifferences(each, program, outcomes), engine.label).toBe(0);
    }
  });
});

describe.skipIf(!HAS_GCC)(HAS_GCC ? "the same in one C program" : "the same in C, but there is no gcc", () => {
  let networks: BatchNetwork[] = [];
  let batch: CBatch | undefined;

  beforeAll(async () => {
    networks = await Promise.all(CASES.map(compileC));
    batch = openCBatch(networks, { compiler: "gcc", flags: ["-O1"] });
  });
  afterAll(() => batch?.close());

  test.each(CASES.map((each, index) => [each.label, each, index] as const))("%s", (_, each, index) => {
    const pictures = [...each.network.images, ...each.network.tests].map(({ picture }) => picture);
    const outcomes = batch!.run(index, pictures);
    expect(countDifferences(each, networks[index]!.program, outcomes)).toBe(0);
  });
});
