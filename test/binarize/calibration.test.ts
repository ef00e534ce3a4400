/** Level codes: the compiled network is the float one with every hidden value replaced by its level's representative. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGoldenFolder } from "../../scripts/golden/format.js";
import { measureAgreement, shareOf } from "../../src/binarize/agreement.js";
import { binarize } from "../../src/binarize/binarize.js";
import { type Calibration, calibrate } from "../../src/binarize/calibration.js";
import { interpretModule } from "../../src/ir/interpret.js";
import { verifyModule } from "../../src/ir/verify.js";
import { activate } from "../../src/model/activation.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import type { Model } from "../../src/model/types.js";
import { getPixel } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { GOLDEN_FOLDER, HAS_GOLDEN } from "../golden/golden-networks.js";
import { nearBinaryModel, randomPicture } from "./near-binary-model.js";

/** Nearer to a cut than this, doubles may lie on its other side. */
const UNSURE = 1e-9;

function bitsOf(outcome: Outcome): number[] {
  if (outcome.kind === "scores") throw new Error("scores are no bits");
  if (outcome.kind === "bits") return [...outcome.bits];
  return outcome.images.flatMap((image) =>
    Array.from({ length: image.height * image.width }, (_, index) =>
      getPixel(image, Math.floor(index / image.width), index % image.width),
    ),
  );
}

/** The float network with coded hidden values; null where one of them is too near to a cut to tell. */
function codedValues(model: Model, picture: Picture, calibration: Calibration): Float64Array | null {
  let unsure = false;
  const hidden = calibration.layers.map(({ bise, output }) => ({ bise, output }));
  const last = model.layers.findLastIndex(({ kind }) => kind !== "max-pool" && kind !== "flatten");
  const layers = evaluateModel(model, picture, (layer, part, tensor) => {
    const codes = hidden[layer]![part];
    if (layer === last && part === "output") return tensor;
    const count = codes.length || 1;
    const values = tensor.values.map((value, index) => {
      const code = codes[Math.floor(index / (tensor.values.length / count))];
      const { cuts, representatives } = code ?? { cuts: [0.5], representatives: [0, 1] };
      if (cuts.some((cut) => Math.abs(value - cut) < UNSURE && value !== 0.5)) unsure = true;
      return representatives[cuts.filter((cut) => value > cut).length]!;
    });
    return { shape: tensor.shape, values };
  });
  return unsure ? null : layers.at(-1)!.output.values;
}

function outputCuts(model: Model, calibration: Calibration, values: Float64Array): number[] {
  const last = model.layers.findLastIndex(({ kind }) => kind !== "max-pool" && kind !== "flatten");
  const codes = calibration.layers[last]?.output ?? [];
  const each = values.length / (codes.length || 1);
  return Array.from(values, (_, index) => codes[Math.floor(index / each)]?.cuts[0] ?? 0.5);
}

test.each([1, 2, 5, 20])("with %d levels the compiled network is the float one on coded values", (levels) => {
  const counts = { networks: 0, answers: 0, severalBits: 0, skipped: 0 };
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const model = nearBinaryModel(seed);
      const pictures = Array.from({ length: 4 }, (_, index) => randomPicture(model.input, seed + index));
      const calibration = calibrate(model, pictures.slice(0, 2), levels);
      const { module, report } = binarize(model, { policy: "auto", prove: "bounds", arithmetic: "real", calibration });
      verifyModule(module);
      counts.networks++;
      if (report.layers.some(({ neurons }) => neurons.some(({ code }) => code.level > 0))) counts.severalBits++;
      for (const picture of pictures) {
        const values = codedValues(model, picture, calibration);
        if (values === null) {
          counts.skipped++;
          continue;
        }
        const outcome = interpretModule(module, picture);
        if (outcome.kind === "scores") {
          const node = module.values[module.outputs[0]!]!.node;
          if (node.kind !== "readout") throw new Error("scores without a read-out");
          outcome.scores.forEach((score, label) => {
            const value = activate(node.activation[label]!, Number(score) * 2 ** node.exponent);
            expect(value).toBeCloseTo(values[label]!, 8);
          });
          continue;
        }
        const cuts = outputCuts(model, calibration, values);
        bitsOf(outcome).forEach((bit, index) => {
          const [value, cut] = [values[index]!, cuts[index]!];
          if (Math.abs(value - cut) < UNSURE && value !== cut) return;
          counts.answers++;
          expect(bit, `answer ${index}: ${value} cut at ${cut}`).toBe(value > cut ? 1 : 0);
        });
      }
    }),
    { numRuns: 80 },
  );
  process.stdout.write(`  ${levels} levels: ${JSON.stringify(counts)}\n`);
  expect(counts.answers).toBeGreaterThan(2000);
  if (levels > 1) expect(counts.severalBits).toBeGreaterThan(15);
});

test("representatives rise, cuts lie between them, and zeros around a picture are coded as 0", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, levels) => {
      const model = nearBinaryModel(seed);
      const calibration = calibrate(model, [randomPicture(model.input, seed)], levels);
      calibration.layers.forEach(({ bise, output }, layer) => {
        for (const { cuts, representatives } of [...bise, ...output]) {
          expect(cuts.length).toBeLessThanOrEqual(levels);
          expect(representatives).toHaveLength(cuts.length + 1);
          expect(representatives).toEqual([...new Set(representatives)].sort((a, b) => a - b));
          expect(cuts).toEqual([...new Set(cuts)].sort((a, b) => a - b));
          expect(cuts.every((cut) => cut > 0 && cut < 1)).toBe(true);
          expect(representatives.every((value) => value >= 0 && value <= 1 && Number.isInteger(value * 4096))).toBe(
            true,
          );
        }
        const next = model.layers.slice(layer + 1).find(({ kind }) => kind !== "max-pool");
        if (next?.kind === "bisel" && next.border === "zeros") {
          for (const { representatives } of output) expect(representatives[0]).toBe(0);
        }
      });
    }),
    { numRuns: 100 },
  );
});

const SMALL = ["opening_dcross7_step100", "closing_disk7", "white_tophat_disk7", "dense_49_16_4", "noisti_small_dual"];

describe.skipIf(!HAS_GOLDEN)(
  HAS_GOLDEN ? "recorded networks, calibrated on every second picture" : `no recorded networks in ${GOLDEN_FOLDER}`,
  () => {
    test.each(SMALL)("%s", (name) => {
      const network = readGoldenFolder(GOLDEN_FOLDER).find(({ id }) => id === `trained/${name}`)!;
      const pictures = [...network.images, ...network.tests].map(({ picture }) => picture);
      const training = pictures.filter((_, index) => index % 2 === 0);
      const others = pictures.filter((_, index) => index % 2 === 1);
      const shareWith = (levels: number): number => {
        const calibration = calibrate(network.model, training, levels);
        const { module } = binarize(network.model, { policy: "auto", prove: "bounds", calibration });
        return shareOf(measureAgreement(network.model, module, others));
      };
      expect(shareWith(1)).toBeGreaterThanOrEqual(0.93);
      expect(shareWith(8)).toBeGreaterThanOrEqual(0.99);
    });
  },
);
