/** `bimonnc train` from end to end on a task of seconds: files, answers, interruption and resumption. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { binarize } from "../../src/binarize/binarize.js";
import { decodeModel } from "../../src/model/decode.js";
import { namedElement } from "../../src/morph/named-element.js";
import { enterFolder, run } from "./harness.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
});
afterAll(() => leave());

/** An erosion by a cross of 3×3 pixels, on small pictures. */
const SMALL = [
  "training.phases[0].steps=160",
  "training.trialSteps=30",
  "training.evaluateEvery=20",
  "training.phases[0].learningRate.from=0.1",
  "data.pictures.generator.height=16",
  "data.pictures.generator.width=16",
  "data.pictures.generator.largestShape=12",
  "data.pictures.counts.test=50",
  "data.pictures.counts.validation=50",
].flatMap((assignment) => ["--set", assignment]);
const TRAIN = ["train", "--task", "erosion", "--element", "scross3", ...SMALL];

describe("a training", () => {
  test("writes a model, its curves and its metrics, and answers with scores", async () => {
    const { status, stdout } = await run([...TRAIN, "-o", "cross.pb", "--json"]);
    expect(status).toBe(0);
    const answer = JSON.parse(stdout) as {
      test: Record<string, number>;
      files: string[];
      grade: string;
      steps: number;
    };
    expect(answer.files.every((file) => existsSync(file))).toBe(true);
    expect(answer.grade).toBe("exact");
    expect(answer.test["compiled"]).toBe(1);
    expect(existsSync("cross.checkpoint")).toBe(false);

    const model = decodeModel(readFileSync("cross.pb"));
    const { module } = binarize(model, { policy: "exact" });
    const erosions = module.values.flatMap(({ node }) => (node.kind === "erosion" ? [node.element.members] : []));
    expect(erosions).toEqual([namedElement("scross3").members]);
    expect(model.provenance?.metrics.at(-1)).toEqual({ name: "test DICE, compiled", value: 1 });

    const records = readFileSync("cross.metrics.jsonl", "utf8").trimEnd().split("\n");
    const steps = records.map((line) => (JSON.parse(line) as { step: number }).step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps.at(-1)).toBe(answer.steps);
    expect(readFileSync("cross.svg", "utf8")).toMatch(/^<svg[\s\S]*erosion_scross3[\s\S]*<\/svg>\s*$/);
  });

  test("by the printed configuration is the same", async () => {
    const printed = await run([...TRAIN, "--print-config"]);
    expect(parseYaml(printed.stdout)).toMatchObject({ name: "erosion_scross3", training: { trialSteps: 30 } });
    writeFileSync("mine.yaml", printed.stdout);
    expect((await run(["train", "mine.yaml", "-o", "mine.pb", "--quiet"])).status).toBe(0);
    expect(readFileSync("mine.pb").equals(readFileSync("cross.pb"))).toBe(true);
  });

  test.each([
    ["the trials", 0],
    ["a phase", 2],
  ])("that Ctrl-C interrupts in %s goes on to the same result", async (_, looks) => {
    const name = `cut${looks}`;
    const child = spawn(process.execPath, ["--import", TSX, MAIN, ...TRAIN, "-o", `${name}.pb`], { stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    const looked = (): boolean =>
      existsSync(`${name}.metrics.jsonl`) && readFileSync(`${name}.metrics.jsonl`, "utf8").split("\n").length > looks;
    while (!looked()) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(existsSync(`${name}.pb`)).toBe(false);
    expect(existsSync(`${name}.checkpoint`)).toBe(true);

    expect((await run(["train", "--resume", "-o", `${name}.pb`, "--quiet"])).status).toBe(0);
    expect(readFileSync(`${name}.pb`).equals(readFileSync("cross.pb"))).toBe(true);
    const withoutTime = (file: string): string => readFileSync(file, "utf8").replaceAll(/,"seconds":[\d.]+/g, "");
    expect(withoutTime(`${name}.metrics.jsonl`)).toBe(withoutTime("cross.metrics.jsonl"));
  });

  test("of another configuration is not resumed", async () => {
    const controlled = await run([...TRAIN, "-o", "other.pb", "--resume"]);
    expect(controlled.status).toBe(3);
    expect(controlled.stderr).toContain("BMN0101");
  });
});
