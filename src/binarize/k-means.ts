/**
 * k-means in one dimension, exactly: values y are seen in bins (of themselves, or of what stands for them), and the best partition
 * into runs of bins is found by dynamic programming over the number of runs, each step by divide and conquer.
 * @see Wang & Song, Ckmeans.1d.dp: optimal k-means clustering in one dimension, The R Journal 3/2 (2011)
 */

/** How many values were seen in each bin, with their sums and sums of squares. */
export interface Moments {
  readonly weight: Float64Array;
  readonly sum: Float64Array;
  readonly square: Float64Array;
}

/** A run of bins. */
export interface Cluster {
  /** First and last bin that hold anything. */
  readonly first: number;
  readonly last: number;
  /** Mean of the values. */
  readonly mean: number;
}

/**
 * The partition into at most `most` clusters with the least sum of squared distances to their means; fewer where there are
 * fewer bins, none without values.
 */
export function clusterBins(moments: Moments, most: number): readonly Cluster[] {
  const bins = [...moments.weight.keys()].filter((bin) => (moments.weight[bin] ?? 0) > 0);
  const count = bins.length;
  if (count === 0) return [];
  const sums = prefixSums(bins, moments);
  const clusters = Math.min(most, count);
  let cost = Float64Array.from({ length: count + 1 }, (_, end) => (end === 0 ? 0 : spread(sums, 0, end)));
  const starts: Int32Array[] = [new Int32Array(count + 1)];
  for (let used = 1; used < clusters; used++) {
    const next = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
    const start = new Int32Array(count + 1);
    fillLayer({ sums, cost, next, start }, used + 1, count, used, count - 1);
    cost = next;
    starts.push(start);
  }
  const found: Cluster[] = [];
  let end = count;
  for (const start of starts.toReversed()) {
    const begin = start[end] ?? 0;
    const mean = between(sums.sum, begin, end) / between(sums.weight, begin, end);
    found.push({ first: bins[begin] ?? 0, last: bins[end - 1] ?? 0, mean });
    end = begin;
  }
  return found.toReversed();
}

function prefixSums(bins: readonly number[], moments: Moments): Moments {
  const accumulate = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(bins.length + 1);
    bins.forEach((bin, index) => {
      sums[index + 1] = (sums[index] ?? 0) + (values[bin] ?? 0);
    });
    return sums;
  };
  return {
    weight: accumulate(moments.weight),
    sum: accumulate(moments.sum),
    square: accumulate(moments.square),
  };
}

function between(sums: Float64Array, begin: number, end: number): number {
  return (sums[end] ?? 0) - (sums[begin] ?? 0);
}

/** Sum of squared distances of the values in the bins begin … end − 1 to their mean. */
function spread({ weight, sum, square }: Moments, begin: number, end: number): number {
  return Math.max(0, between(square, begin, end) - between(sum, begin, end) ** 2 / between(weight, begin, end));
}

interface Layer {
  readonly sums: Moments;
  /** Cost of the best partition of the first `end` bins into one cluster less. */
  readonly cost: Float64Array;
  readonly next: Float64Array;
  readonly start: Int32Array;
}

/** Fills `next` and `start` for the ends low … high, whose last clusters begin within from … to. */
function fillLayer(layer: Layer, low: number, high: number, from: number, to: number): void {
  if (low > high) return;
  const { sums, cost, next, start } = layer;
  const end = (low + high) >> 1;
  let [best, least] = [from, Number.POSITIVE_INFINITY];
  for (let begin = from; begin <= Math.min(to, end - 1); begin++) {
    const total = (cost[begin] ?? 0) + spread(sums, begin, end);
    if (total < least) [best, least] = [begin, total];
  }
  next[end] = least;
  start[end] = best;
  fillLayer(layer, low, end - 1, from, best);
  fillLayer(layer, end + 1, high, best, to);
}
