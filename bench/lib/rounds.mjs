/**
 * Measures alternatives in turn, so that what else the machine does meets all of them, and tells them apart by the medians of what each round says.
 *
 * @template T
 * @param {Record<string, () => Promise<T>>} alternatives
 * @param {number} rounds
 * @returns {Promise<Record<string, T[]>>} the results of each, by round
 */
export async function interleaved(alternatives, rounds) {
  const results = Object.fromEntries(Object.keys(alternatives).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(alternatives)) results[name].push(await measure());
  }
  return results;
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of a figure over the rounds. */
export function medianOf(rounds, figure) {
  return median(rounds.map((round) => round[figure]));
}

/** The median of the ratios within each round: a slow minute of the machine is in both. */
export function ratio(rounds, base, figure) {
  return median(rounds.map((round, index) => round[figure] / base[index][figure]));
}
