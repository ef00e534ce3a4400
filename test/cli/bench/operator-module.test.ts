/** Operators as networks, against operators on images. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { operatorModule } from "../../../src/cli/bench/operator-module.js";
import { interpretModule } from "../../../src/ir/interpret.js";
import { verifyModule } from "../../../src/ir/verify.js";
import { bitImageToRows, buildBitImage } from "../../../src/morph/bit-image.js";
import { applyOperator, MORPHOLOGICAL_OPERATORS } from "../../../src/morph/operators.js";
import { createRandom } from "../../../src/morph/random.js";

const elements = fc
  .record({
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 4 }),
    originRow: fc.integer({ min: -2, max: 5 }),
    originColumn: fc.integer({ min: -2, max: 5 }),
  })
  .chain((window) =>
    fc
      .array(fc.boolean(), { minLength: window.height * window.width, maxLength: window.height * window.width })
      .map((members) => ({ ...window, members })),
  );

test.each(MORPHOLOGICAL_OPERATORS)("%s", (operator) => {
  fc.assert(
    fc.property(elements, fc.constantFrom("replicate", "zeros"), fc.nat(), (element, border, seed) => {
      const random = createRandom(seed);
      const image = buildBitImage(9, 35, () => random.below(4) > 0);
      const module = operatorModule(operator, element, border);
      verifyModule(module);
      const answer = interpretModule(module, { kind: "bits", height: 9, width: 35, channels: [image] });
      const expected = applyOperator(operator, image, element, border);
      expect(answer.kind === "images" && answer.images.map(bitImageToRows)).toEqual([bitImageToRows(expected)]);
    }),
    { numRuns: 60 },
  );
});
