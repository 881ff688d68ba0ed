import type { Csr } from '../sparse/csr.ts'

const ROWS = 8 // that are looked at: half a microsecond

/**
 * 1 - the mean over some rows of sum |a_ij| / |a_ii| off the diagonal, in [2^-12, 1]: what a matrix shows of its difficulty
 * without any work. For I + s L it moves as the gap of the Jacobi iteration does.
 */
export function dominance({ pattern: { rows, rowPointers, columnIndices }, values }: Csr): number {
  const count = Math.min(rows, ROWS)
  let sum = 0
  for (let k = 0; k < count; k++) {
    const i = Math.floor(((k + 0.5) * rows) / count)
    let off = 0
    let diagonal = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
      if (columnIndices[at] === i) diagonal = Math.abs(values[at]!)
      else off += Math.abs(values[at]!)
    sum += off / diagonal
  }
  const weak = 1 - sum / Math.max(1, count)
  if (!(weak > WEAKEST)) return WEAKEST // an empty row has no diagonal to be weak against
  return weak
}

/** What is not dominant at all counts as this. */
export const WEAKEST = 2 ** -12
