import { type Steps, tick } from '../core/steps.ts'

const DEPENDENT = 1e-12 // share of a column that is left when it counts as a combination of those before it

/** A = Q R of a small matrix, column by column: those that depend on earlier ones are left out. */
export interface ThinQr {
  /** Columns of A that Q spans, ascending. */
  readonly kept: readonly number[]
  /** rows x kept.length, by columns. */
  readonly Q: Float64Array
  /** kept.length square, upper triangular, by columns. */
  readonly R: Float64Array
}

/**
 * Gram-Schmidt twice over (Giraud, Langou and Rozloznik 2005). A: rows x columns, by columns, as are the results.
 * Work: 4 rows columns^2.
 */
export function* thinQr(A: Float64Array, rows: number, columns: number): Steps<ThinQr> {
  const Q = new Float64Array(rows * columns)
  const R = new Float64Array(columns * columns)
  const kept: number[] = []
  for (let j = 0; j < columns; j++) {
    const c = kept.length
    const q = Q.subarray(c * rows, (c + 1) * rows)
    q.set(A.subarray(j * rows, (j + 1) * rows))
    const size = norm(q)
    const r = R.subarray(c * columns, (c + 1) * columns)
    r.fill(0)
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < c; i++) {
        let dot = 0
        for (let k = 0; k < rows; k++) dot += Q[i * rows + k]! * q[k]!
        for (let k = 0; k < rows; k++) q[k]! -= dot * Q[i * rows + k]!
        r[i]! += dot
      }
    const left = norm(q)
    if (!(left > DEPENDENT * size)) continue
    r[c] = left
    for (let k = 0; k < rows; k++) q[k]! /= left
    kept.push(j)
    yield tick
  }
  const count = kept.length
  const square = new Float64Array(count * count)
  for (let c = 0; c < count; c++) square.set(R.subarray(c * columns, c * columns + count), c * count)
  return { kept, Q: Q.slice(0, rows * count), R: square }
}

function norm(v: Float64Array): number {
  let sum = 0
  for (const x of v) sum += x * x
  return Math.sqrt(sum)
}

/** X = R^-1 X: R upper triangular, n x n, by columns; X n x count, by columns. */
export function solveUpper(R: Float64Array, n: number, X: Float64Array): void {
  for (let from = 0; from < X.length; from += n)
    for (let j = n - 1; j >= 0; j--) {
      X[from + j]! /= R[j * n + j]!
      const x = X[from + j]!
      for (let i = 0; i < j; i++) X[from + i]! -= R[j * n + i]! * x
    }
}

/** X = X R^-1: X count x n, by columns. */
export function solveUpperFromRight(R: Float64Array, n: number, X: Float64Array): void {
  const count = n === 0 ? 0 : X.length / n
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) for (let k = 0; k < count; k++) X[j * count + k]! -= X[i * count + k]! * R[j * n + i]!
    for (let k = 0; k < count; k++) X[j * count + k]! /= R[j * n + j]!
  }
}
