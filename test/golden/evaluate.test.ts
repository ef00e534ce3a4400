/** The float network in double precision against the recorded float32 layers of the authors' code. */
import { describe, expect, test } from "vitest";
import type { GoldenNetwork } from "../../scripts/golden/format.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import { GOLDEN_FOLDER, goldenNetworks, HAS_GOLDEN } from "./golden-networks.js";

/** Float32 rounding, made larger by steep scales; the worst seen is 7·10⁻⁵. */
const TOLERANCE = 1e-4;

/** Compares every recorded layer; returns how many there are. */
function checkFloatLayers(network: GoldenNetwork): number {
  let compared = 0;
  for (const [index, image] of network.images.entries()) {
    if (image.floatLayers.length === 0) continue;
    const layers = evaluateModel(network.model, image.picture);
    for (const recorded of image.floatLayers) {
      const evaluated = layers[recorded.layer]!;
      const tensor = recorded.what === "bise" ? evaluated.bise! : evaluated.output;
      const place = `image ${index}, layer ${recorded.layer}, ${recorded.what}`;
      expect(tensor.shape, place).toEqual(recorded.shape);
      expect(tensor.values.length, place).toBe(recorded.values.length);
      const worst = tensor.values.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - recorded.values[at]!)),
        0,
      );
      expect(worst, place).toBeLessThan(TOLERANCE);
      compared++;
    }
  }
  return compared;
}

describe("float layers", () => {
  test.each(goldenNetworks().map((network) => [network.id, network] as const))("%s", (_, network) => {
    expect(checkFloatLayers(network)).toBeGreaterThan(0);
  });

  test.skipIf(HAS_GOLDEN)(`only the small set: no folder ${GOLDEN_FOLDER} (set BIMONN_GOLDEN)`, () => {});
});
