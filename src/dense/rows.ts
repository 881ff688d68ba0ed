import { float64 } from '../core/shared.ts'

/*
 * Rows of matrices by rows.
 */

/** Rows i and j of X, n columns, become c x_i - s x_j and s x_i + c x_j. */
export function rotateRows(X: Float64Array, n: number, i: number, j: number, c: number, s: number): void {
  for (let p = i * n, q = j * n, end = p + n; p < end; p++, q++) {
    const x = X[p]!
    X[p] = c * x - s * X[q]!
    X[q] = s * x + c * X[q]!
  }
}

/** Exchanges rows i and j of X, n columns. */
export function exchangeRows(X: Float64Array | Int32Array, n: number, i: number, j: number): void {
  if (i === j) return
  const row = X.slice(i * n, (i + 1) * n)
  X.copyWithin(i * n, j * n, (j + 1) * n)
  X.set(row, j * n)
}

/** ||x_i||_2 of row i of X, n columns, without squares that leave the range of doubles. */
export function rowNorm(X: Float64Array, n: number, i: number): number {
  let largest = 0
  for (let p = i * n; p < (i + 1) * n; p++) largest = Math.max(largest, Math.abs(X[p]!))
  if (largest === 0) return 0
  let sum = 0
  for (let p = i * n; p < (i + 1) * n; p++) sum += (X[p]! / largest) ** 2
  return largest * Math.sqrt(sum)
}

/** The columns of A, m x n, as rows. */
export function transposed(A: Float64Array, m: number, n: number): Float64Array {
  const T = float64(A.length)
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) T[j * m + i] = A[i * n + j]!
  return T
}
