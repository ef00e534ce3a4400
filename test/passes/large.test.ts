/** Networks of many layers and channels: what is done for them grows with their size, and no faster. */
import { expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import type { MorphModule, ValueId } from "../../src/ir/node.js";
import { verifyModule } from "../../src/ir/verify.js";
import type { StructuringElement } from "../../src/morph/structuring-element.js";
import { bitOperations } from "../../src/passes/cost.js";
import { optimize } from "../../src/passes/pipeline.js";
import { randomNumbers } from "../lower/modules.js";
import { targetWithLanes } from "../lower/targets.js";

/** Every channel of a layer joins an erosion or dilation of every channel before it, by an element of its own. */
function network(layers: number, channels: number): MorphModule {
  const random = randomNumbers(7);
  const builder = new ModuleBuilder("large", { channels, height: null, width: null, samples: "bits" });
  const element = (): StructuringElement => ({
    height: 3,
    width: 3,
    originRow: 1,
    originColumn: 1,
    members: Array.from({ length: 9 }, (_, index) => index === 4 || random() < 0.5),
  });
  let stage = Array.from({ length: channels }, (_, channel) => builder.add({ kind: "input", channel }, "x"));
  for (let layer = 0; layer < layers; layer++) {
    const before = stage;
    stage = before.map((_, channel): ValueId => {
      const inputs = before.map((input) => {
        const kind = random() < 0.5 ? "erosion" : "dilation";
        return builder.add({ kind, input, element: element(), border: "replicate" }, `bise${layer}_${channel}`);
      });
      const joined = builder.add({ kind: random() < 0.5 ? "union" : "intersection", inputs }, `lui${layer}_${channel}`);
      return random() < 0.3 ? builder.add({ kind: "complement", input: joined }, `not${layer}_${channel}`) : joined;
    });
  }
  return builder.finish(stage);
}

/** Milliseconds of this thread, the least of some runs: other work on the machine only adds. */
function timeOf(action: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 2; run++) {
    const start = performance.now();
    action();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

test("16 layers of 32 channels", () => {
  const module = network(16, 32);
  expect(module.values.length).toBeGreaterThan(16_000);
  const { module: optimized } = optimize(module, targetWithLanes(4), 2);
  verifyModule(optimized);
  expect(bitOperations(optimized)).toBeLessThanOrEqual(bitOperations(module));
});

test("four times the layers take about four times as long", () => {
  const [small, large] = [network(2, 24), network(8, 24)];
  const time = (module: MorphModule): number =>
    // A copy, since figures of a module are remembered.
    timeOf(() => optimize({ ...module }, targetWithLanes(4), 2));
  time(small);
  expect(time(large) / time(small)).toBeLessThan(4 * 4);
});

test("a union of thousands of erosions, and of thousands of unions", () => {
  const random = randomNumbers(3);
  const builder = new ModuleBuilder("wide", { channels: 1, height: null, width: null, samples: "bits" });
  const x = builder.add({ kind: "input", channel: 0 }, "x");
  const inputs = Array.from({ length: 4000 }, () => {
    const members = Array.from({ length: 49 }, () => random() < 0.3);
    const element = { height: 7, width: 7, originRow: 3, originColumn: 3, members };
    return builder.add({ kind: "erosion", input: x, element, border: "zeros" }, "set");
  });
  const joins = Array.from({ length: 2000 }, (_, index) =>
    builder.add({ kind: "union", inputs: [inputs[index] ?? x, inputs[2 * index] ?? x, x] }, "join"),
  );
  const module = builder.finish([builder.add({ kind: "intersection", inputs: [...inputs, ...joins] }, "y")]);
  verifyModule(module);
  const { report } = optimize(module, targetWithLanes(4), 3);
  expect(report.operationsPerPixel.after).toBeLessThanOrEqual(report.operationsPerPixel.before);
});
