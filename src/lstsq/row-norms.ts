import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { gemmInto } from '../dense/gemm.ts'

const ENTRIES = 1 << 18 // of a block of rows: what fits into a cache beside P

/** ||a_i P||^2 for each row of A: P n x r, by rows. 2 m n r flops. Workspace: a block of rows. */
export function* squaredRowNorms(A: Dense | CsrData, P: Float64Array, r: number): Steps<Float64Array> {
  const { rows: m, columns: n } = isDense(A) ? A : A.pattern
  const norms = float64(m)
  const height = Math.max(1, Math.min(m, Math.floor(ENTRIES / Math.max(1, r))))
  const Q = float64(height * r)
  for (let from = 0; from < m && r > 0; from += height) {
    const rows = Math.min(height, m - from)
    const block = Q.subarray(0, rows * r)
    if (isDense(A)) {
      const part = A.values.subarray(from * n, (from + rows) * n)
      yield* run(gemmInto, 1, part, false, P, false, 0, block, rows, r, n)
    } else multiply(A, from, rows, P, r, block)
    for (let i = 0; i < rows; i++) {
      let sum = 0
      for (let at = i * r; at < (i + 1) * r; at++) sum += Q[at]! * Q[at]!
      norms[from + i] = sum
    }
    yield tick
  }
  return norms
}

/** Q = rows [from, from + rows) of A, times P. */
function multiply(A: CsrData, from: number, rows: number, P: Float64Array, r: number, Q: Float64Array): void {
  const { rowPointers, columnIndices } = A.pattern
  Q.fill(0)
  for (let i = 0; i < rows; i++)
    for (let at = rowPointers[from + i]!; at < rowPointers[from + i + 1]!; at++) {
      const p = columnIndices[at]! * r
      for (let c = 0; c < r; c++) Q[i * r + c]! += A.values[at]! * P[p + c]!
    }
}
