import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse as fromYaml, stringify as toYaml } from "yaml";
import { DIAGNOSTIC_CODES } from "../../src/diagnostics.js";
import { decodeCheckpoint } from "../../src/trainer/checkpoint.js";
import { decodeConfig } from "../../src/trainer/decode-config.js";
import { checkFit } from "../../src/trainer/fit.js";
import { recipeFor, TASKS } from "../../src/trainer/recipes/recipes.js";
import { readErrorCases, renderFailure } from "../support/error-cases.js";

const least = {
  name: "least",
  data: { kind: "noisy-sticks" },
  network: { layers: [{ kind: "bisel" }] },
  training: { loss: "dice", phases: [{ name: "all", steps: 1, learningRate: 0.1 }] },
};

describe("a configuration", () => {
  test("says everything once its defaults are filled in", () => {
    const config = decodeConfig(least);
    const bank = {
      form: "threshold",
      weights: "softplus",
      bias: "softplus",
      activation: "tanh",
      scale: 1,
      learnedScale: true,
      initialisation: { method: "uniform", total: null, place: null, members: 8 },
    };
    expect(config).toEqual({
      name: "least",
      seed: 0,
      data: {
        kind: "noisy-sticks",
        generator: { height: 70, width: 70, sticks: 30, shortest: 13, longest: 16, angles: [0, 45, 90], noise: 0.1 },
        counts: { validation: 200, test: 1000 },
        seed: 0,
      },
      networks: [
        {
          input: { levels: null, complements: false },
          layers: [{ kind: "bisel", channels: 1, kernel: [7, 7], border: "replicate", bise: bank, lui: bank }],
        },
      ],
      training: {
        loss: "dice",
        batchSize: 32,
        regularisation: null,
        evaluateEvery: 100,
        plateau: null,
        earlyStopping: null,
        shift: 0,
        trials: 1,
        trialSteps: 200,
        phases: [
          {
            name: "all",
            steps: 1,
            learningRate: 0.1,
            sharpness: 1,
            surrogate: 1,
            shrink: 0,
            harden: [],
            freeze: [],
            grid: null,
          },
        ],
      },
    });
  });

  test("may name one network or several", () => {
    const { network, ...rest } = least;
    expect(decodeConfig({ ...rest, networks: [network] })).toEqual(decodeConfig(least));
    expect(decodeConfig({ ...rest, networks: [network, network] }).networks).toHaveLength(2);
  });

  test("has defaults that follow from what a bank is", () => {
    const bank = (bise: object) => {
      const phases = [{ name: "all", steps: 1, learningRate: 0.1, harden: [0] }];
      const { networks } = decodeConfig({
        ...least,
        network: { layers: [{ kind: "bisel", kernel: [3, 4], bise }] },
        training: { loss: "dice", phases },
      });
      const layer = networks[0]?.layers[0];
      if (layer?.kind !== "bisel") throw new Error("no BiSEL");
      expect(layer.kernel).toEqual([3, 4]);
      return layer.bise;
    };
    expect(bank({ form: "erosion" }).learnedScale).toBe(false);
    expect(bank({ weights: "raw" })).toMatchObject({ bias: "raw", initialisation: { method: "signed" } });
    expect(bank({ weights: "raw", bias: "share" }).bias).toBe("share");
    expect(bank({ form: "erosion", weights: "literals" }).initialisation.method).toBe("sample");
    expect(bank({ initialisation: { method: "sparse" } }).initialisation).toEqual({
      method: "sparse",
      total: null,
      place: null,
      members: 8,
    });
  });

  const recipes = TASKS.map(
    (task) => [task, recipeFor(task, { element: "disk7", folder: "data", classes: 3 })] as const,
  );

  test.each(recipes)("is the recipe for %s, which decoding changes no further", (_, recipe) => {
    const config = decodeConfig(recipe);
    // To the order of its fields: a checkpoint knows its training by this text.
    expect(JSON.stringify(decodeConfig(JSON.parse(JSON.stringify(config))))).toBe(JSON.stringify(config));
    expect(JSON.stringify(decodeConfig(fromYaml(toYaml(config))))).toBe(JSON.stringify(config));
    expect(JSON.stringify(decodeConfig(fromYaml(toYaml(recipe))))).toBe(JSON.stringify(config));
  });
});

/** Checks what a case holds: `config`, and with it `fit` to samples or a `checkpoint`. */
function check(file: string, text: string): void {
  const value: unknown = fromYaml(text);
  if (file.startsWith("checkpoint")) {
    decodeCheckpoint(Buffer.from(String(value), "latin1"), decodeConfig(least));
    return;
  }
  const config = decodeConfig(value);
  if (!file.startsWith("fit")) return;
  const target =
    config.data.kind === "idx"
      ? ({ kind: "classes", names: ["a", "b", "c"] } as const)
      : ({ kind: "images", channels: 1 } as const);
  checkFit(config, { channels: 1, height: 8, width: 8, samples: "bits", target });
}

const FILES = readdirSync(new URL("../cases/train/", import.meta.url)).sort();

describe.each(FILES)("%s: what is said", (file) => {
  test.each(readErrorCases(`train/${file}`).map((each) => [each.title, each] as const))("%s", (_, each) => {
    expect(renderFailure(() => check(file, each.text))).toBe(each.expected);
  });
});

test("every code of a training but that of divergence has a case", () => {
  const said = FILES.flatMap((file) => readErrorCases(`train/${file}`).map(({ expected }) => expected)).join("\n");
  const codes = Object.keys(DIAGNOSTIC_CODES).filter((code) => code.startsWith("BMN09"));
  expect(codes.filter((code) => !said.includes(code))).toEqual(["BMN0904"]);
});
