import { run } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gemmInto } from '../dense/gemm.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { tsqr } from '../dense/tsqr.ts'

/** A change of basis P, n x rank, such that the columns of A P are nearly orthonormal. */
export interface Basis {
  readonly rank: number
  /** (1 + e) / (1 - e) bounds the condition of A P: 0 but for rounding, unless P comes from a sketch. */
  readonly distortion: number
  /** P Z, n x s. */
  readonly apply: (Z: Float64Array, s: number) => Steps<Float64Array>
  /** P^T Y, rank x s. */
  readonly adjoint: (Y: Float64Array, s: number) => Steps<Float64Array>
}

/** P = R^-1, R upper triangular, n x n. */
export function inverseOf(R: Float64Array, n: number, distortion = 0): Basis {
  const solve = (transpose: boolean) =>
    function* (given: Float64Array, s: number): Steps<Float64Array> {
      const X = copied(given)
      yield* run(solveTriangularIn, R, n, X, s, false, transpose, false)
      return X
    }
  return { rank: n, distortion, apply: solve(false), adjoint: solve(true) }
}

/** P, n x rank, as it is. */
export function explicit(P: Float64Array, n: number, rank: number): Basis {
  const multiply = (transpose: boolean, rows: number, inner: number) =>
    function* (X: Float64Array, s: number): Steps<Float64Array> {
      const Y = float64(rows * s)
      if (Y.length > 0) yield* run(gemmInto, 1, P, transpose, X, false, 0, Y, rows, s, inner)
      return Y
    }
  return { rank, distortion: 0, apply: multiply(false, n, rank), adjoint: multiply(true, rank, n) }
}

/** Rows [from, from + rows) and columns [first, first + columns) of a square matrix of this order. */
export function blockOf(
  R: Float64Array,
  order: number,
  from: number,
  rows: number,
  first: number,
  columns: number,
): Float64Array {
  const block = float64(rows * columns)
  for (let i = 0; i < rows; i++)
    block.set(R.subarray((from + i) * order + first, (from + i) * order + first + columns), i * columns)
  return block
}

/** R, (n + s) x (n + s), becomes the triangle of [R; factor I 0]. */
export function* addMultipleOfIdentity(R: Float64Array, n: number, s: number, factor: number): Steps<void> {
  const rows = float64(n * n)
  for (let j = 0; j < n; j++) rows[j * n + j] = factor
  yield* run(tsqr, rows, n, float64(n * s), s, R)
}
