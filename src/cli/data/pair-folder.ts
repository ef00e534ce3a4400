/** Pairs of pictures in folders: `input/NAME.png` and `target/NAME.png`, in parts or not. */
import { join } from "node:path";
import type { PairsData } from "../../data/description.js";
import type { SplitName } from "../../data/drawn.js";
import { readGrayPicture } from "../../data/gray-pictures.js";
import { createCropSet, createPairSet, type PicturePair, type PicturePairs } from "../../data/picture-pairs.js";
import type { SampleSet, SampleSplits } from "../../data/sample-set.js";
import { fail, withSource } from "../../diagnostics.js";
import type { Context } from "../context.js";
import { pictureNames, readFolder, stemOf } from "../folders.js";
import { MemoryBudget } from "../memory-budget.js";
import type { Raster } from "../pictures/raster.js";
import { listParts, partFolders, splitParts } from "./parts.js";
import { channelsOf, joinSamples, readRasters } from "./read-rasters.js";

/** @throws DiagnosticError BMN0101, BMN0103, BMN0601 … BMN0605, BMN0801, BMN0803, BMN0804, BMN0807 */
export async function openPairSplits(data: PairsData, context: Context): Promise<SampleSplits> {
  const parts = partFolders(data.folder);
  const { files, counts } = listParts(parts, listPairs);
  const splits = withSource(data.folder, () => splitParts(counts, data.fractions, data.seed));
  const pairs = await readPairs(files, data, context);
  const createSet = (split: SplitName): SampleSet => setOf(pairs, splits[split], split, data);
  return withSource(data.folder, () => {
    if (data.crop === null) refuseManySizes(pairs);
    return { training: createSet("training"), validation: createSet("validation"), test: createSet("test") };
  });
}

/** A network may be trained for one size only, so that no split may have another. @throws DiagnosticError BMN0804 */
function refuseManySizes(pairs: PicturePairs): void {
  createPairSet("all", pairs, Uint32Array.from(pairs.pairs.keys()));
}

/** Pieces are drawn without end for training, and are a fixed number per picture elsewhere. */
function setOf(pairs: PicturePairs, indices: Uint32Array, split: SplitName, data: PairsData): SampleSet {
  const { crop, cropsPerPicture, seed } = data;
  if (crop === null) return createPairSet(`${pairs.pairs.length} pairs of pictures`, pairs, indices);
  const name = `pieces of ${crop.height}×${crop.width} pixels of ${pairs.pairs.length} pairs of pictures`;
  const count = split === "training" ? null : indices.length * cropsPerPicture;
  return createCropSet(name, pairs, indices, crop, { seed, split, count });
}

/** Files of one pair. */
interface PairFiles {
  readonly input: string;
  readonly target: string;
}

/** @throws DiagnosticError BMN0101, BMN0803 */
function listPairs(folder: string): readonly PairFiles[] {
  const { folders } = readFolder(folder);
  for (const name of ["input", "target"]) {
    if (folders.includes(name)) continue;
    fail("BMN0803", `there is no folder named ${name}`, {
      source: folder,
      hint: "pairs are input/NAME.png and target/NAME.png",
    });
  }
  const inputs = filesByStem(join(folder, "input"));
  const targets = filesByStem(join(folder, "target"));
  refuseLonely(inputs, targets, "target");
  refuseLonely(targets, inputs, "input");
  if (inputs.size === 0) fail("BMN0803", "there are no pictures in input and target", { source: folder });
  return Array.from(inputs, ([stem, input]) => ({ input, target: targets.get(stem) ?? input }));
}

/** @throws DiagnosticError BMN0803 for two files that differ in nothing but their endings */
function filesByStem(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const name of pictureNames(folder)) {
    const stem = stemOf(name);
    if (files.has(stem)) {
      fail("BMN0803", `there are two pictures named ${stem}`, {
        source: folder,
        hint: "names must differ in more than their endings",
      });
    }
    files.set(stem, join(folder, name));
  }
  return files;
}

function refuseLonely(these: ReadonlyMap<string, string>, those: ReadonlyMap<string, string>, missing: string): void {
  for (const [stem, source] of these) {
    if (those.has(stem)) continue;
    fail("BMN0803", `the picture has no partner ${stem} in the folder ${missing}`, {
      source,
      hint: "pairs have one name in both folders: input/NAME.png and target/NAME.png",
    });
  }
}

async function readPairs(files: readonly PairFiles[], data: PairsData, context: Context): Promise<PicturePairs> {
  const rasters = await readRasters(
    files.flatMap(({ input, target }) => [input, target]),
    new MemoryBudget(),
    context,
  );
  const inputs = rasters.filter((_, index) => index % 2 === 0);
  const targets = rasters.filter((_, index) => index % 2 === 1);
  const [inputChannels, targetChannels] = [channelsOf(inputs), channelsOf(targets)];
  const bits = { kind: "bits", threshold: data.targetThreshold } as const;
  const pairs = inputs.map((input, index): PicturePair => {
    const target = targets[index] ?? input;
    const { input: name = "", target: other = "" } = files[index] ?? {};
    const { height, width } = input;
    if (target.height !== height || target.width !== width) {
      fail("BMN0804", `the picture has ${target.height}×${target.width} pixels, its partner ${height}×${width}`, {
        source: other,
        hint: `input and target of a pair have one size; the partner is ${name}`,
      });
    }
    return {
      name,
      height,
      width,
      input: encode(input, inputChannels, data.encoding, data.invert),
      target: encode(target, targetChannels, bits, data.invert),
    };
  });
  return { pairs, inputChannels, targetChannels, samples: data.encoding.kind };
}

function encode(raster: Raster, channels: number, encoding: PairsData["encoding"], invert: boolean): Uint8Array {
  const { height, width } = raster;
  const samples = joinSamples(raster, channels);
  readGrayPicture({ count: 1, channels, height, width, samples }, 0, { encoding, invert }, samples);
  return samples;
}
