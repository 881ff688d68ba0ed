/** The q-quantile of a sample, q in [0, 1]: an element of it. */
export function quantile(sample: readonly number[], q: number): number {
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5)

/** Largest / smallest - 1 */
export const spread = (sample: readonly number[]): number => Math.max(...sample) / Math.min(...sample) - 1
