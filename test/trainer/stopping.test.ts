import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PlateauConfig } from "../../src/trainer/config.js";
import type { TrainingState } from "../../src/trainer/progress.js";
import { decideAfterLook } from "../../src/trainer/stopping.js";

const START: TrainingState = {
  start: { network: 0, seed: 0 },
  phase: 0,
  phaseStep: 0,
  step: 0,
  rateFactor: 1,
  leastLoss: Number.MAX_VALUE,
  looksSince: 0,
  looksOnPlateau: 0,
  lossSum: 0,
  lossCount: 0,
  soft: null,
  best: null,
};

interface Options {
  readonly plateau: PlateauConfig | null;
  readonly earlyStopping: number | null;
}

/** Rate factors after each look, and the look at which the phase ends. */
function simulate(losses: readonly number[], options: Options): { rates: number[]; end: number | null } {
  let state = START;
  const rates: number[] = [];
  for (const [index, loss] of losses.entries()) {
    const decision = decideAfterLook(state, loss, options);
    state = decision.state;
    rates.push(state.rateFactor);
    if (decision.endPhase) return { rates, end: index };
  }
  return { rates, end: null };
}

/** The same from the whole list of losses at once: which looks improve, and how far back the last such look lies. */
function plain(
  losses: readonly number[],
  { plateau, earlyStopping }: Options,
): { rates: number[]; end: number | null } {
  const improves = losses.map((loss, index) => {
    // A record is kept only by looks that improved by a share of 10⁻⁴, so that creeping losses do not count.
    let record = Number.MAX_VALUE;
    for (const earlier of losses.slice(0, index)) if (earlier < record * 0.9999) record = earlier;
    return loss < record * 0.9999;
  });
  const rates: number[] = [];
  for (let index = 0; index < losses.length; index++) {
    const since = index - improves.lastIndexOf(true, index);
    const lastImproved = improves.lastIndexOf(true, index);
    let rate = 1;
    if (plateau !== null) {
      // Whole stretches of `patience` looks without improvement, before each improvement and up to now.
      let falls = 0;
      let stretch = 0;
      for (let look = 0; look <= index; look++) {
        stretch = improves[look] === true ? 0 : stretch + 1;
        if (stretch > 0 && stretch % plateau.patience === 0) falls++;
      }
      for (let fall = 0; fall < falls; fall++) rate = Math.max(plateau.least, rate * plateau.factor);
    }
    rates.push(rate);
    if (earlyStopping !== null && lastImproved < index && since >= earlyStopping) return { rates, end: index };
  }
  return { rates, end: null };
}

const lossValue = fc.oneof(
  fc.double({ min: 0.01, max: 1, noNaN: true }),
  fc.constantFrom(0.5, 0.50001, 0.49999, 0.4999, 0.499),
);

test("the rate falls and the phase ends as a second reading of the losses says", () => {
  fc.assert(
    fc.property(
      fc.array(lossValue, { minLength: 1, maxLength: 40 }),
      fc.option(
        fc.record({
          factor: fc.constantFrom(0.1, 0.5),
          patience: fc.integer({ min: 1, max: 4 }),
          least: fc.constantFrom(0.01, 0.3),
        }),
      ),
      fc.option(fc.integer({ min: 1, max: 8 })),
      (losses, plateau, earlyStopping) => {
        expect(simulate(losses, { plateau, earlyStopping })).toEqual(plain(losses, { plateau, earlyStopping }));
      },
    ),
    { numRuns: 1000 },
  );
});

test("a phase of ever lower losses goes on; one that stands still ends", () => {
  const both: Options = { plateau: { factor: 0.5, patience: 2, least: 0.2 }, earlyStopping: 5 };
  expect(simulate([5, 4, 3, 2, 1, 0.5, 0.2], both)).toEqual({ rates: [1, 1, 1, 1, 1, 1, 1], end: null });
  expect(simulate([1, 1, 1, 1, 1, 1, 1, 1], both)).toEqual({ rates: [1, 1, 0.5, 0.5, 0.25, 0.25], end: 5 });
  expect(simulate([1, 2, 2, 2, 2, 0.9, 1, 1], both)).toEqual({
    rates: [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2],
    end: null,
  });
});
