/** What lies where in scratch memory: the planes of one resolution after the other, then the slots of gates. */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { add, multiply } from "../word/build.js";
import type { Index, Statement } from "../word/node.js";
import { type Geometry, geometries, halvingsOf } from "./geometry.js";
import type { PlannedStage } from "./plan.js";
import type { Schedule } from "./schedule.js";
import { sizeStatements, sizesOutside } from "./sizes.js";
import type { Region, TilePlan } from "./tiles.js";

export class Layout {
  /** Where slots begin, in the entry point. */
  readonly slotsAt: Index;
  readonly #schedule: Schedule;
  readonly #lanes: number;
  readonly #geometries: ReadonlyMap<number, Geometry>;

  constructor(schedule: Schedule, stages: readonly PlannedStage[], lanes: number, tiles: TilePlan | null) {
    this.#schedule = schedule;
    this.#lanes = lanes;
    this.#geometries = geometries(schedule, stages, lanes, tiles);
    this.slotsAt = add(...this.#resolutions().map((each) => this.#wordsOf(each, sizesOutside(each).plane)));
  }

  geometryOf(value: ValueId): Geometry {
    const geometry = this.#geometries.get(halvingsOf(this.#schedule.types[value]));
    if (geometry === undefined) throw new InternalError("a resolution without planes");
    return geometry;
  }

  /** Where the planes of a resolution begin, in the entry point. */
  planesAt(geometry: Geometry): Index {
    const before = this.#resolutions().filter((each) => each.halvings < geometry.halvings);
    return add(...before.map((each) => this.#wordsOf(each, sizesOutside(each).plane)), geometry.lead);
  }

  /** The pixels of a region of the first plane of a resolution begin so far into the planes as those of the frame do here. */
  regionAt(geometry: Geometry, { rows, words }: Region): Index {
    return add(this.planesAt(geometry), multiply(rows.offset, sizesOutside(geometry).stride), words.offset);
  }

  /** Names the sizes that the entry point computes from its parameters. */
  sizeStatements(): Statement[] {
    return this.#resolutions().flatMap(sizeStatements);
  }

  /** Words of all planes and of `slots` slots, from the entry point's parameters. */
  scratchWords(slots: number): Index {
    const planes = this.#resolutions().map((each) => this.#wordsOf(each, each.plane));
    // A vector load at the end of the last plane reads on into what follows.
    const widest = this.#resolutions().reduce((most, each) => Math.max(most, each.rightWords), 0);
    // After the last turn, a pointer that goes down the rows of a plane may have gone one row too far (see plane-pointers.ts).
    const row = this.#resolutions().reduce((most, { stride }) => Math.max(most, knownOf(stride)), 0);
    return add(...planes, row, slots * this.#lanes, widest + this.#lanes + 1);
  }

  /** Words of the planes of a resolution, and what is left free before and behind them: a vector, or nothing. */
  #wordsOf({ slots, lead }: Geometry, plane: Index): Index {
    return add(multiply(plane, slots), lead === 0 ? 0 : this.#lanes);
  }

  /** At most one for each halving, largest pictures first. */
  #resolutions(): Geometry[] {
    return [...this.#geometries.values()];
  }
}

/** 0 where it is not known. */
function knownOf(index: Index): number {
  return index.kind === "constant" ? index.value : 0;
}
