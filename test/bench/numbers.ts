/** The few sums the figures are made of. Times in ms. */

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

/** Events per second between the 10th and the 90th percentile: how it starts and how it ends is left out. */
export function middleRate(times: readonly number[]): number {
  return (0.8 * times.length) / ((percentile(times, 90) - percentile(times, 10)) / 1_000);
}
