import type { Csr } from '../sparse/csr.ts'

const ROWS = 64 // that are looked at: under a microsecond

/**
 * 1 - the mean over some rows of sum |a_ij| / |a_ii| off the diagonal, in [2^-12, 1]: what a matrix shows of its difficulty
 * without any work. For I + s L it moves as the gap of the Jacobi iteration does.
 */
export function dominance({ pattern: { rows, rowPointers, columnIndices }, values }: Csr): number {
  const step = Math.max(1, Math.floor(rows / ROWS))
  let sum = 0
  let count = 0
  for (let i = 0; i < rows; i += step, count++) {
    let off = 0
    let diagonal = 0
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++)
      if (columnIndices[k] === i) diagonal = Math.abs(values[k]!)
      else off += Math.abs(values[k]!)
    sum += off / diagonal
  }
  const weak = 1 - sum / Math.max(1, count)
  if (!(weak > WEAKEST)) return WEAKEST // an empty row has no diagonal to be weak against
  return weak
}

/** What is not dominant at all counts as this. */
export const WEAKEST = 2 ** -12
