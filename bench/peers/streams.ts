/** Networks worked through in tiles, against the same layers compiled one by one, each over the whole picture. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fourChannels } from "../../scripts/fixtures/hand-made.js";
import { compile } from "../../src/compile.js";
import type { BiselLayer, Model } from "../../src/model/types.js";
import { MEMCPY_CONTENDER, MEMCPY_SOURCE } from "../../src/run/timing/c-contenders.js";
import { vectorFlags } from "../../src/run/timing/machine.js";
import { type BuildPeers, COMPILER, type NamedTarget, preset } from "../c-program.js";
import type { BenchCase } from "../cases.js";
import { chainCase } from "./elements.js";

/** An opening and a closing, and two layers with four channels between them. */
export function streamCases(side: number): readonly BenchCase[] {
  const chain = chainCase(side);
  return [chain, { ...chain, title: "two layers, four channels between them", model: fourChannels() }];
}

export function layersLabel(target: string): string {
  return `${target}, layer by layer`;
}

/** For each target, the layers as programs of their own; and memcpy. */
export function layersOf({ model }: BenchCase): BuildPeers {
  return async (folder, targets) => {
    const objects: string[] = [];
    const sources: string[] = [];
    for (const target of targets) {
      const layers = layerModels(model, target.name);
      for (const layer of layers) objects.push(await compileLayer(layer, target, folder));
      sources.push(...layers.map(({ name }) => `#include "${name}.h"`), ...runLayers(layers, target));
    }
    return {
      source: ["#include <string.h>", MEMCPY_SOURCE, ...sources].join("\n"),
      contenders: [
        { ...MEMCPY_CONTENDER, margin: Number.POSITIVE_INFINITY },
        ...targets.map(({ label, name }) => ({
          kind: "functions" as const,
          label: layersLabel(label),
          run: `run_layers_${name}`,
          prepare: `prepare_layers_${name}`,
          finish: null,
          isBytes: false,
          margin: 0,
        })),
      ],
      objects,
      linkerFlags: [],
    };
  };
}

interface LayerModel extends Model {
  readonly channels: { readonly input: number; readonly output: number };
}

function layerModels({ input, layers, provenance }: Model, prefix: string): LayerModel[] {
  return layers.map((layer, index) => {
    const { inChannels, outChannels } = layer as BiselLayer;
    return {
      name: `${prefix}_layer${index}`,
      input: { ...input, channels: inChannels },
      layers: [layer],
      provenance,
      channels: { input: inChannels, output: outChannels },
    };
  });
}

async function compileLayer(model: LayerModel, { label }: NamedTarget, folder: string): Promise<string> {
  const target = preset(label);
  const { artifacts } = await compile(model, { target, policy: "auto", modelSha256: "0".repeat(64) });
  for (const { path, content } of artifacts) writeFileSync(join(folder, path), content);
  const object = join(folder, `${model.name}.o`);
  const flags = ["-std=c99", "-O2", ...vectorFlags(target.lanes)];
  execFileSync(COMPILER, [...flags, "-c", "-o", object, join(folder, `${model.name}.c`)], { stdio: "inherit" });
  return object;
}

/** The layers in turn, from one of two buffers to the other; all of them use the same scratch memory. */
function runLayers(layers: readonly LayerModel[], { name }: NamedTarget): string[] {
  const most = layers.reduce((widest, { channels }) => Math.max(widest, channels.output), 1);
  const buffer = (index: number): string =>
    `(uint32_t *)job->own + ${index % 2} * ${most} * input_words(job->height, job->width, 1)`;
  const scratch = layers.map((layer) => `${layer.name.toUpperCase()}_SCRATCH_WORDS(job->height, job->width)`);
  const calls = layers.map((layer, index) => {
    const from = index === 0 ? "job->input" : buffer(index - 1);
    const to = index === layers.length - 1 ? "job->words" : buffer(index);
    return `    ${layer.name}_run(${from}, job->height, job->width, ${to}, job->scratch);`;
  });
  return [
    `static void prepare_layers_${name}(struct job *job)`,
    "{",
    `    job->own = reserve(2 * ${most} * input_words(job->height, job->width, 1), sizeof(uint32_t));`,
    "    job->words = reserve(output_words(job->height, job->width, 1), sizeof(uint32_t));",
    `    job->scratch = reserve(${scratch.join(" + ")}, sizeof(uint32_t));`,
    "}",
    `static void run_layers_${name}(const struct job *job)`,
    "{",
    ...calls,
    "}",
  ];
}
