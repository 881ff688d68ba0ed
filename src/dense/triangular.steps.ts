import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/**
 * X = op(T)^-1 X in place: T n x n triangular, X n x s, by rows; the other triangle of T is not read, nor its diagonal where
 * `unit`. By substitution (Golub and Van Loan, section 3.1), n^2 s flops.
 */
export function* solveTriangularSteps(
  k: Kernels,
  T: Float64Array,
  n: number,
  X: Float64Array,
  s: number,
  lower: boolean,
  transpose: boolean,
  unit: boolean,
): Steps<void> {
  const down = lower !== transpose
  const [row, column] = transpose ? [1, n] : [n, 1]
  for (let step = 0, work = 0; step < n; step++) {
    const i = down ? step : n - 1 - step
    const [from, to] = down ? [0, i] : [i + 1, n]
    for (let p = from; p < to; p++) {
      const t = T[i * row + p * column]!
      for (let c = 0; c < s; c++) X[i * s + c]! -= t * X[p * s + c]!
    }
    if (!unit) for (let c = 0; c < s; c++) X[i * s + c]! /= T[i * n + i]!
    work += (to - from) * s
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

/**
 * X = A[:, columns] T^-1: T n x n triangular, A and X m x n, by rows; in place where A is X and the columns are left out.
 * m n^2 flops.
 */
export function* solveTriangularRightSteps(
  k: Kernels,
  T: Float64Array,
  n: number,
  A: Float64Array,
  columns: Int32Array,
  X: Float64Array,
  lower: boolean,
): Steps<void> {
  if (columns.length === 0) X.set(A)
  for (let row = 0, work = 0; row < X.length; row += n) {
    columns.forEach((column, j) => {
      X[row + j] = A[row + column]!
    })
    for (let step = 0; step < n; step++) {
      const p = lower ? n - 1 - step : step
      X[row + p]! /= T[p * n + p]!
      const x = X[row + p]!
      for (let j = lower ? 0 : p + 1, end = lower ? p : n; j < end; j++) X[row + j]! -= x * T[p * n + j]!
    }
    work += (n * n) / 2
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}
