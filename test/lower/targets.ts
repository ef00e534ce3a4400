import { DEFAULT_TILE, type Target } from "../../src/target/target.js";

/** A target of which lowering sees no more than the lanes; the widest vectors move theirs, like those of AVX-512. */
export function targetWithLanes(lanes: Target["lanes"]): Target {
  return {
    name: `test-${lanes}`,
    description: "",
    backend: "c",
    lanes,
    tile: DEFAULT_TILE,
    hasFunnelShift: false,
    movesLanes: lanes === 16,
  };
}
