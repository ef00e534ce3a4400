/**
 * A knapsack table over small weights: for every k, the largest total size of a set whose weights sum to k. Inputs of equal
 * weight are taken together, largest first, as only how many of them are taken matters.
 */

/** Inputs of one weight: `sums[j]` is the size of the j largest of them, concave in j. */
interface Group {
  readonly weight: number;
  readonly sums: Float64Array;
}

/** Few inputs are cheaper one by one than sorted into groups. */
const FEWEST_GROUPED = 20;

/** What a step of the divided search costs, in cells of the plain table. */
const SEARCH_COST = 4;

/** Operations that {@link largestSums} takes, about. */
export function tableCost(weights: Float64Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length < FEWEST_GROUPED) return weights.length * (total + 1);
  const counts = new Map<number, number>();
  for (const weight of weights) if (weight > 0) counts.set(weight, (counts.get(weight) ?? 0) + 1);
  let reach = 0;
  let cost = total + weights.length;
  for (const weight of [...counts.keys()].sort((a, b) => a - b)) {
    const count = counts.get(weight) ?? 0;
    reach += weight * count;
    cost += Math.min(plainCost(count, reach), dividedCost(weight, reach));
  }
  return cost;
}

function plainCost(count: number, reach: number): number {
  return count * reach;
}

function dividedCost(weight: number, reach: number): number {
  return SEARCH_COST * reach * Math.log2(reach / weight + 2);
}

/**
 * @param sizes integers whose sum is below 2^53
 * @param weights one per size, non-negative integers
 * @returns at k ≤ Σ weights, the largest `Σ_{i∈b} sizes[i]` over all b with `Σ_{i∈b} weights[i] = k`; −∞ if there is none
 */
export function largestSums(sizes: Float64Array, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Float64Array(total + 1).fill(Number.NEGATIVE_INFINITY);
  table[0] = sizes.reduce((sum, size, index) => (weights[index] === 0 ? sum + size : sum), 0);
  let reach = 0;
  if (weights.length < FEWEST_GROUPED) {
    for (let index = 0; index < weights.length; index++) {
      const weight = weights[index] ?? 0;
      if (weight === 0) continue;
      reach += weight;
      takeOne(table, reach, weight, sizes[index] ?? 0);
    }
    return table;
  }
  for (const group of groupByWeight(sizes, weights)) {
    const count = group.sums.length - 1;
    reach += group.weight * count;
    if (plainCost(count, reach) <= dividedCost(group.weight, reach)) {
      for (let taken = 1; taken <= count; taken++) {
        const size = (group.sums[taken] ?? 0) - (group.sums[taken - 1] ?? 0);
        takeOne(table, reach - group.weight * (count - taken), group.weight, size);
      }
    } else {
      takeGroup(table, reach, group);
    }
  }
  return table;
}

function groupByWeight(sizes: Float64Array, weights: Float64Array): Group[] {
  const bySize = new Map<number, number[]>();
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    const members = bySize.get(weight);
    if (members === undefined) bySize.set(weight, [sizes[index] ?? 0]);
    else members.push(sizes[index] ?? 0);
  }
  return [...bySize.keys()]
    .sort((a, b) => a - b)
    .map((weight) => {
      const members = Float64Array.from(bySize.get(weight) ?? []).sort();
      const sums = new Float64Array(members.length + 1);
      for (let taken = 1; taken < sums.length; taken++) {
        sums[taken] = (sums[taken - 1] ?? 0) + (members[members.length - taken] ?? 0);
      }
      return { weight, sums };
    });
}

function takeOne(table: Float64Array, reach: number, weight: number, size: number): void {
  for (let sum = reach; sum >= weight; sum--) {
    const taken = (table[sum - weight] ?? 0) + size;
    if (taken > (table[sum] ?? 0)) table[sum] = taken;
  }
}

/**
 * Within a residue class of the weight, new[j] = max_i old[i] + sums[j − i] over 0 ≤ j − i ≤ count. As `sums` is concave the
 * leftmost best i never falls as j grows (Aggarwal et al., "Geometric applications of a matrix-searching algorithm",
 * 1987), so that the best i of the middle j divides the search.
 */
function takeGroup(table: Float64Array, reach: number, { weight, sums }: Group): void {
  const count = sums.length - 1;
  const rows = Math.floor(reach / weight) + 1;
  const positions = new Int32Array(rows);
  const values = new Float64Array(rows);
  for (let residue = 0; residue < weight; residue++) {
    const length = Math.floor((reach - residue) / weight) + 1;
    let columns = 0;
    for (let position = 0; position < length; position++) {
      const value = table[residue + position * weight] ?? 0;
      if (value === Number.NEGATIVE_INFINITY) continue;
      positions[columns] = position;
      values[columns] = value;
      columns++;
    }
    if (columns === 0) continue;
    const search = (firstRow: number, lastRow: number, firstColumn: number, lastColumn: number): void => {
      if (firstRow > lastRow) return;
      const row = (firstRow + lastRow) >>> 1;
      let best = Number.NEGATIVE_INFINITY;
      // Where no column reaches the row, any split between the columns too far left and too far right will do.
      let split = firstColumn;
      let found = false;
      for (let column = firstColumn; column <= lastColumn; column++) {
        const taken = row - (positions[column] ?? 0);
        if (taken < 0) break;
        if (taken > count) {
          split = column;
          continue;
        }
        const value = (values[column] ?? 0) + (sums[taken] ?? 0);
        if (!found || value > best) {
          found = true;
          best = value;
          split = column;
        }
      }
      table[residue + row * weight] = best;
      search(firstRow, row - 1, firstColumn, split);
      search(row + 1, lastRow, split, lastColumn);
    };
    search(0, length - 1, 0, columns - 1);
  }
}
