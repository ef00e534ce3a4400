/** Recorded networks that are called exact withstand pictures that climb towards a difference; the same search finds one in others. */
import { describe, expect, test } from "vitest";
import { findDifference } from "../../scripts/golden/attack.js";
import { binarize } from "../../src/binarize/binarize.js";
import { GOLDEN_FOLDER, goldenNetworks, HAS_GOLDEN } from "./golden-networks.js";

const NETWORKS = goldenNetworks();

describe(HAS_GOLDEN ? "recorded networks" : `one recorded network, as there is no ${GOLDEN_FOLDER}`, () => {
  test("exact ones differ on no picture, most others on some", { timeout: 120_000 }, () => {
    const counts = { exact: 0, tried: 0, unproved: 0, refuted: 0 };
    for (const { id, model, images, tests } of NETWORKS) {
      const { module, report } = binarize(model, { policy: "auto" });
      const starts = [...images, ...tests].slice(0, 6).map(({ picture }) => picture);
      const attack = findDifference(model, module, starts);
      if (report.grade === "exact") {
        expect(attack.found, id).toBeNull();
        counts.exact++;
        counts.tried += attack.tried;
      } else {
        counts.unproved++;
        if (attack.found !== null) counts.refuted++;
      }
    }
    process.stdout.write(`  ${JSON.stringify(counts)}\n`);
    if (!HAS_GOLDEN) return;
    expect(counts.exact).toBeGreaterThan(15);
    expect(counts.refuted).toBeGreaterThan(10);
  });
});
