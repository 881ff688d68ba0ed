import type { CsrData } from '../core/types.ts'

/*
 * Triangular solves with one array for both: L y = r gathers along the rows of L, L^T z = y scatters along the same
 * rows in descending order. Half the memory of keeping L^T as well. Traffic of either: 12 nnz(L) + 28 rows bytes.
 */

/** Solves L y = r for rows [from, to) in order; y may be r. */
export function lowerSolve(
  factor: CsrData,
  inverse: Float64Array,
  r: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
): void {
  const { rowPointers, columnIndices } = factor.pattern
  const { values } = factor
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    let sum = r[i]!
    for (const end = rowPointers[i + 1]!; k < end; k++) sum -= values[k]! * y[columnIndices[k]!]!
    y[i] = sum * inverse[i]!
  }
}

/** Solves L^T z = z in place for rows [from, to) in descending order. */
export function upperSolve(factor: CsrData, inverse: Float64Array, z: Float64Array, from: number, to: number): void {
  const { rowPointers, columnIndices } = factor.pattern
  const { values } = factor
  for (let i = to - 1; i >= from; i--) {
    const zi = z[i]! * inverse[i]!
    z[i] = zi
    for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++) z[columnIndices[k]!]! -= values[k]! * zi
  }
}
