/** How pictures are shared out among threads. */
import { availableParallelism } from "node:os";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "../../../src/cli/context.js";
import { parseJobs, shareOut } from "../../../src/cli/run/jobs.js";

test("turns are the pictures in order, none is empty, and enough of them keep every thread busy", () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.integer({ min: 1, max: 256 }), fc.boolean(), (count, jobs, answersImages) => {
      const items = Array.from({ length: count }, (_, index) => index);
      const turns = shareOut(items, jobs, answersImages);
      expect(turns.flat()).toEqual(items);
      expect(turns.every((turn) => turn.length > 0 && turn.length <= 256)).toBe(true);
      if (answersImages) expect(turns.length).toBeGreaterThanOrEqual(Math.min(jobs, count / 2));
      // A word of samples costs what one sample costs.
      if (!answersImages) expect(turns.slice(0, -1).every((turn) => turn.length >= 32)).toBe(true);
    }),
  );
});

test("--jobs", () => {
  expect(parseJobs("1", 100)).toBe(1);
  expect(parseJobs("256", 1)).toBe(256);
  expect(parseJobs("auto", 10_000)).toBe(availableParallelism());
  expect(parseJobs("auto", 0)).toBe(1);
  expect(parseJobs("auto", 15)).toBe(1);
  for (const text of ["0", "257", "-1", "2.5", "", "two", "1e1", " 2", "AUTO"]) {
    expect(() => parseJobs(text, 9), text).toThrow(UsageError);
  }
});
