import { float64 } from '../core/shared.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'

/** Some columns of a matrix, dense. */
export function columnsAt(A: Dense | CsrData, indices: Int32Array): Dense {
  const { rows } = isDense(A) ? A : A.pattern
  const k = indices.length
  const values = float64(rows * k)
  if (isDense(A)) {
    for (let i = 0; i < rows; i++)
      for (let c = 0; c < k; c++) values[i * k + c] = A.values[i * A.columns + indices[c]!]!
    return { rows, columns: k, values }
  }
  const place = new Int32Array(A.pattern.columns).fill(-1)
  indices.forEach((j, c) => {
    place[j] = c
  })
  const { rowPointers, columnIndices } = A.pattern
  for (let i = 0; i < rows; i++)
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const c = place[columnIndices[e]!]!
      if (c >= 0) values[i * k + c] = A.values[e]!
    }
  return { rows, columns: k, values }
}

/** Some rows of a matrix, dense. */
export function rowsAt(A: Dense | CsrData, indices: Int32Array): Dense {
  const { columns: n } = isDense(A) ? A : A.pattern
  const values = float64(indices.length * n)
  indices.forEach((i, r) => {
    if (isDense(A)) values.set(A.values.subarray(i * n, (i + 1) * n), r * n)
    else
      for (let e = A.pattern.rowPointers[i]!; e < A.pattern.rowPointers[i + 1]!; e++)
        values[r * n + A.pattern.columnIndices[e]!] = A.values[e]!
  })
  return { rows: indices.length, columns: n, values }
}

/** The diagonal of a square matrix. */
export function diagonalOf(A: Dense | CsrData): Float64Array {
  if (isDense(A)) return Float64Array.from({ length: A.rows }, (_, i) => A.values[i * (A.columns + 1)]!)
  const { rows, rowPointers, columnIndices } = A.pattern
  const diagonal = new Float64Array(rows)
  for (let i = 0; i < rows; i++)
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) if (columnIndices[e] === i) diagonal[i] = A.values[e]!
  return diagonal
}
