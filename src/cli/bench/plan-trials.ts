import { interpretModule } from "../../ir/interpret.js";
import type { MorphModule } from "../../ir/node.js";
import type { Extent, ProgramInterface } from "../../run/exchange.js";
import { benchInput, picturesIn, smallExtent } from "./bench-input.js";
import type { Trial } from "./measure-targets.js";

/** Pictures for the interpreter, then those that are timed; they may be the same. */
export function planTrials(
  module: MorphModule,
  contract: ProgramInterface,
  extent: Extent,
  interpretedSteps: number,
): readonly Trial[] {
  const small = smallExtent(module, contract, extent, interpretedSteps);
  const timed: Trial = { extent, input: benchInput(contract, extent), expected: null };
  if (small === null) return [timed];
  const input = benchInput(contract, small);
  const expected = picturesIn(contract, small, input).map((picture) => interpretModule(module, picture));
  const judged: Trial = { extent: small, input, expected };
  const isSame = small.height === extent.height && small.width === extent.width && small.count === extent.count;
  return isSame ? [judged] : [judged, timed];
}
