/** Singular values below this share of the largest count as zero: what rounding alone makes of them. */
export const cutoff = (n: number): number => Number.EPSILON * Math.max(8, Math.sqrt(n))

/** Whether a matrix of n columns with an estimated condition has its full rank, to rounding. */
export const isFullRank = (condition: number, n: number): boolean => condition * cutoff(n) < 1
