import { expect } from 'vitest'
import { type Dense, normal, qrSync, svdSync } from '../../src/index.ts'

/** A^T (transposed) or A times x, by rows. */
export function times({ rows, columns, values }: Dense, x: Float64Array, transposed = false): Float64Array {
  const y = new Float64Array(transposed ? columns : rows)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      if (transposed) y[j]! += values[i * columns + j]! * x[i]!
      else y[i]! += values[i * columns + j]! * x[j]!
  return y
}

export const residualOf = (A: Dense, x: Float64Array, b: Float64Array): Float64Array => {
  const y = times(A, x)
  return b.map((value, i) => value - y[i]!)
}

export const gaussianMatrix = (rows: number, columns: number, seed: number): Dense => ({
  rows,
  columns,
  values: normal(seed, rows * columns),
})

/** Orthonormal columns, from a QR factorization of normals. */
export const haar = (rows: number, columns: number, seed: number): Dense =>
  qrSync(gaussianMatrix(rows, columns, seed)).q

/** Problems of one m x n family: A = U diag(logspace(-log10 kappa, 0)) V^T and b = A x + residual u, ||x|| = ||u|| = 1, A^T u = 0. */
export function family(m: number, n: number, seed: number): (kappa: number, residual: number) => LeastSquares {
  const U = haar(m, n + 1, seed)
  const V = haar(n, n, seed + 1)
  const direction = normal(seed + 2, n)
  const size = Math.hypot(...direction)
  const x = direction.map(value => value / size)
  const made = new Map<number, Dense>()
  const matrix = (kappa: number): Dense => {
    const values = new Float64Array(m * n)
    const scales = Array.from({ length: n }, (_, j) => kappa ** (j / (n - 1) - 1))
    for (let i = 0; i < m; i++)
      for (let q = 0; q < n; q++) {
        const u = U.values[i * (n + 1) + q]! * scales[q]!
        for (let j = 0; j < n; j++) values[i * n + j]! += u * V.values[j * n + q]!
      }
    return { rows: m, columns: n, values }
  }
  return (kappa, residual) => {
    const A = made.get(kappa) ?? matrix(kappa)
    made.set(kappa, A)
    const b = times(A, x).map((value, i) => value + residual * U.values[i * (n + 1) + n]!)
    return { A, b, x }
  }
}

/** A problem whose solution is x but for rounding in b. */
export interface LeastSquares {
  readonly A: Dense
  readonly b: Float64Array
  readonly x: Float64Array
}

/** ||A||_F, and the backward error of a least-squares solution over it. */
export interface Judge {
  readonly norm: number
  readonly backwardError: (x: Float64Array, b: Float64Array) => number
}

/**
 * Karlson and Walden with theta = infinity from the singular value decomposition of A:
 * ||(Sigma^2 + phi^2)^(-1/2) V^T A^T r|| / ||x||, phi = ||r|| / ||x||.
 */
export function judgeOf(A: Dense): Judge {
  const { s, v } = svdSync(A)
  const norm = Math.hypot(...s)
  const backwardError = (x: Float64Array, b: Float64Array): number => {
    const r = residualOf(A, x, b)
    const y = times(v, times(A, r, true), true)
    const size = Math.hypot(...x)
    const residual = Math.sqrt(r.reduce((sum, value) => sum + value * value, 0))
    if (size === 0) return Math.hypot(...y) / residual / norm // the limit
    const phi = residual / size
    return Math.hypot(...y.map((value, j) => value / Math.hypot(s[j]!, phi))) / size / norm
  }
  return { norm, backwardError }
}

/** ||got - wanted|| <= tolerance ||wanted||. */
export function expectClose(got: Float64Array, wanted: Float64Array, tolerance: number): void {
  expect(Math.hypot(...got.map((value, i) => value - wanted[i]!))).toBeLessThanOrEqual(
    tolerance * Math.hypot(...wanted),
  )
}
/** The solution of least norm, from the singular value decomposition of a small matrix of known rank. */
export function pseudo(A: Dense, b: Float64Array, rank: number): Float64Array {
  const { u, s, v } = svdSync(A)
  const c = times(u, b, true).map((value, j) => (j < rank ? value / s[j]! : 0))
  return times(v, c)
}

/** A Gaussian matrix of this rank. */
export function ofRank(m: number, n: number, rank: number): Dense {
  const [left, right] = [gaussianMatrix(m, rank, 5), gaussianMatrix(rank, n, 6)]
  const values = new Float64Array(m * n)
  for (let i = 0; i < m; i++)
    for (let q = 0; q < rank; q++)
      for (let j = 0; j < n; j++) values[i * n + j]! += left.values[i * rank + q]! * right.values[q * n + j]!
  return { rows: m, columns: n, values }
}
