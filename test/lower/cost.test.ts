/** The short cut past building code to count it: it may only say what counting would say. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import { straightCost } from "../../src/lower/cost.js";
import { schedule } from "../../src/lower/schedule.js";
import { FREE } from "./modules.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);

const node = fc.record({
  kind: fc.constantFrom("erosion", "dilation", "union", "intersection", "complement"),
  operands: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }),
  members: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
  shift: fc.integer({ min: -40, max: 40 }),
});

test(`a value said to cost more than a limit does, seed ${SEED}`, () => {
  let refused = 0;
  const property = fc.property(fc.array(node, { minLength: 1, maxLength: 8 }), fc.nat({ max: 60 }), (nodes, most) => {
    const builder = new ModuleBuilder("random", { ...FREE, channels: 2 });
    const values = [0, 1].map((channel) => builder.add({ kind: "input", channel }, "x"));
    for (const { kind, operands, members, shift } of nodes) {
      const inputs = operands.map((operand) => values[operand % values.length]!);
      const [input] = inputs;
      const element = { height: 4, width: 5, originRow: 1, originColumn: shift, members };
      if (kind === "erosion" || kind === "dilation") {
        values.push(builder.add({ kind, input: input!, element, border: "replicate" }, "y"));
      } else if (kind === "complement") values.push(builder.add({ kind, input: input! }, "y"));
      else values.push(builder.add({ kind, inputs }, "y"));
    }
    const plan = schedule(builder.finish([values.at(-1)!]));
    for (const value of plan.stages.flat()) {
      const counted = straightCost(plan, value, Number.POSITIVE_INFINITY);
      const cost = straightCost(plan, value, most);
      if (cost === Number.POSITIVE_INFINITY) {
        refused++;
        expect(counted).toBeGreaterThan(most);
      } else expect(cost).toBe(counted);
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 400 });
  expect(refused).toBeGreaterThan(0);
});
