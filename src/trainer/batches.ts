/** Samples in the order of the training: a function of the seed and the step alone. */
import { type SampleSet, sampleSizes } from "../data/sample-set.js";
import { createRandom } from "../morph/random.js";

/** Bytes of some samples, one after the other; see {@link SampleSet.read} for the layout of one. */
export interface Batch {
  readonly count: number;
  readonly inputs: Uint8Array;
  readonly targets: Uint8Array;
}

/** Odd numbers that keep the seeds of different purposes apart. */
const EPOCH_STRIDE = 0x9e3779b1;
const SHIFT_STRIDE = 0x85ebca77;

export class Batches {
  readonly #set: SampleSet;
  readonly #size: number;
  readonly #seed: number;
  readonly #shift: number;
  #epoch = -1;
  #order = new Uint32Array(0);

  /** @param shift pixels by which pictures are moved at most, in both directions */
  constructor(set: SampleSet, size: number, seed: number, shift = 0) {
    this.#set = set;
    this.#size = set.count === null ? size : Math.min(size, set.count);
    this.#seed = seed;
    this.#shift = shift;
  }

  /** The batch of a step; a finite set is gone through in another order each time. */
  read(step: number): Batch {
    const { count } = this.#set;
    const first = step * this.#size;
    const indices = Array.from({ length: this.#size }, (_, position) => {
      if (count === null) return first + position;
      // Whole batches only: what is left of an epoch is not seen in it.
      const batchesPerEpoch = Math.floor(count / this.#size);
      this.#shuffle(Math.floor(step / batchesPerEpoch), count);
      return this.#order[(step % batchesPerEpoch) * this.#size + position] ?? 0;
    });
    const batch = readSamples(this.#set, indices);
    if (this.#shift > 0) this.#move(batch, step);
    return batch;
  }

  /** Fisher–Yates. */
  #shuffle(epoch: number, count: number): void {
    if (epoch === this.#epoch) return;
    const random = createRandom(this.#seed + Math.imul(epoch + 1, EPOCH_STRIDE));
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = random.below(last + 1);
      const kept = order[last] ?? 0;
      order[last] = order[other] ?? 0;
      order[other] = kept;
    }
    this.#order = order;
    this.#epoch = epoch;
  }

  #move(batch: Batch, step: number): void {
    const random = createRandom(this.#seed + Math.imul(step + 1, SHIFT_STRIDE));
    const { shape } = this.#set;
    const sizes = sampleSizes(shape);
    for (let sample = 0; sample < batch.count; sample++) {
      const rows = random.below(2 * this.#shift + 1) - this.#shift;
      const columns = random.below(2 * this.#shift + 1) - this.#shift;
      const { height, width } = shape;
      movePlanes(batch.inputs.subarray(sample * sizes.input, (sample + 1) * sizes.input), height, width, rows, columns);
      if (shape.target.kind === "images") {
        const target = batch.targets.subarray(sample * sizes.target, (sample + 1) * sizes.target);
        movePlanes(target, height, width, rows, columns);
      }
    }
  }
}

/** The samples of these indices. */
export function readSamples(set: SampleSet, indices: readonly number[]): Batch {
  const sizes = sampleSizes(set.shape);
  const inputs = new Uint8Array(indices.length * sizes.input);
  const targets = new Uint8Array(indices.length * sizes.target);
  indices.forEach((index, position) => {
    set.read(
      index,
      inputs.subarray(position * sizes.input, (position + 1) * sizes.input),
      targets.subarray(position * sizes.target, (position + 1) * sizes.target),
    );
  });
  return { count: indices.length, inputs, targets };
}

/** Moves every plane down by `rows` and right by `columns`; what enters is 0. */
function movePlanes(planes: Uint8Array, height: number, width: number, rows: number, columns: number): void {
  if (rows === 0 && columns === 0) return;
  const source = planes.slice();
  planes.fill(0);
  const pixels = height * width;
  const firstColumn = Math.max(0, columns);
  const length = width - Math.abs(columns);
  if (length <= 0) return;
  for (let plane = 0; plane < source.length; plane += pixels) {
    for (let row = Math.max(0, rows); row < height + Math.min(0, rows); row++) {
      const from = plane + (row - rows) * width + firstColumn - columns;
      planes.set(source.subarray(from, from + length), plane + row * width + firstColumn);
    }
  }
}
