import type { CsrData } from '../core/types.ts'

/** y = A x on rows [from, to). Traffic: 12 nnz + 12 rows + 8 columns bytes. */
export function spmvCsr(A: CsrData, x: Float64Array, y: Float64Array, from: number, to: number): void {
  const { rowPointers, columnIndices } = A.pattern
  const { values } = A
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    let sum = 0
    for (const end = rowPointers[i + 1]!; k < end; k++) sum += values[k]! * x[columnIndices[k]!]!
    y[i] = sum
  }
}
