import type { Csr } from '../sparse/csr.ts'

const [PLACES, ROWS] = [2, 4] // places that are looked at, and rows at each: a few lines of the cache

/**
 * 1 - the mean over some rows of sum |a_ij| / |a_ii| off the diagonal, in [2^-12, 1]: what a matrix shows of its difficulty
 * without any work. For I + s L it moves as the gap of the Jacobi iteration does.
 */
export function dominance({ pattern: { rows, rowPointers, columnIndices }, values }: Csr): number {
  const each = Math.min(ROWS, rows)
  let sum = 0
  for (let k = 0; k < PLACES * each; k++) {
    const place = Math.floor(k / each)
    const i = Math.min(rows - each, Math.floor(((place + 0.5) * rows) / PLACES)) + (k % each)
    let off = 0
    let diagonal = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
      if (columnIndices[at] === i) diagonal = Math.abs(values[at]!)
      else off += Math.abs(values[at]!)
    sum += off / diagonal
  }
  const weak = 1 - sum / Math.max(1, PLACES * each)
  if (!(weak > WEAKEST)) return WEAKEST // an empty row has no diagonal to be weak against
  return weak
}

/** What is not dominant at all counts as this. */
export const WEAKEST = 2 ** -12
