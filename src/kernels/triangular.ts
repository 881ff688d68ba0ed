import type { CsrData } from '../core/types.ts'

/*
 * Triangular solves with one array for both: row i of `upper` is column i of L. L z = r scatters down the columns in
 * ascending order, L^T z = z gathers along the same rows in descending order. Half the memory of keeping L as well.
 * Traffic of either: 12 nnz + 28 rows bytes.
 */

export function forwardSolve(
  upper: CsrData,
  inverse: Float64Array,
  r: Float64Array,
  z: Float64Array,
  from: number,
  to: number,
): void {
  const { rowPointers, columnIndices } = upper.pattern
  const { values } = upper
  if (from === 0) z.set(r)
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    const zi = z[i]! * inverse[i]!
    z[i] = zi
    for (const end = rowPointers[i + 1]!; k < end; k++) z[columnIndices[k]!]! -= values[k]! * zi
  }
}

export function backwardSolve(upper: CsrData, inverse: Float64Array, z: Float64Array, from: number, to: number): void {
  const { rowPointers, columnIndices } = upper.pattern
  const { values } = upper
  for (let i = to - 1; i >= from; i--) {
    let sum = z[i]!
    for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++) sum -= values[k]! * z[columnIndices[k]!]!
    z[i] = sum * inverse[i]!
  }
}
