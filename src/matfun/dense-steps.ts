import { KrylovError } from '../core/errors.ts'
import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { type Cholesky, choleskyOf } from '../dense/cholesky.ts'
import { svdOf } from '../dense/svd.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { turned } from './blocks.ts'
import { eighBatch } from './spectral.ts'
import { symmetrised } from './square.ts'

/* What the geometries are made of: square matrices by rows, n x n. */

/** A = L L^T, or undefined where A is not positive definite. */
export function* cholesky(A: Float64Array, n: number): Steps<Float64Array | undefined> {
  const lower = float64(n * n)
  lower.set(A)
  const F: Cholesky = yield* choleskyOf({ rows: n, columns: n, values: A }, lower)
  return F.failed < 0 ? lower : undefined
}

/** L^-1 X, or L^-T X. */
export function* lowerSolved(L: Float64Array, X: Float64Array, n: number, transpose: boolean): Steps<Float64Array> {
  const out = float64(n * n)
  out.set(X)
  yield* run(solveTriangularIn, L, n, out, n, true, transpose, false)
  return out
}

/** L^-T S L^-1. */
export function* congruent(L: Float64Array, S: Float64Array, n: number): Steps<Float64Array> {
  const half = yield* lowerSolved(L, S, n, true)
  return yield* lowerSolved(L, turned(half, n), n, true)
}

/** F with F F^T = A of a symmetric positive semidefinite A: Cholesky's, or by eigenvalues. */
export function* factorOf(method: string, name: string, A: Float64Array, n: number): Steps<Float64Array> {
  const lower = yield* cholesky(A, n)
  if (lower !== undefined) return lower
  const { vectors, eigenvalues } = yield* eighBatch(method, { n, count: 1, values: A })
  const most = eigenvalues.reduce((size, w) => Math.max(size, Math.abs(w)), 0)
  if (eigenvalues.some(w => w < -100 * n * Number.EPSILON * most))
    throw new KrylovError(
      'ERR_INDEFINITE',
      `${method}: ${name} must be positive semidefinite, has the eigenvalue ${eigenvalues[0]}`,
    )
  const F = float64(n * n)
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) F[r * n + c] = Math.sqrt(Math.max(eigenvalues[c]!, 0)) * vectors[c * n + r]!
  return F
}

/** Singular values of an m x n matrix: their sum. */
export function* nuclearNorm(M: Float64Array, m: number, n: number): Steps<number> {
  const s = float64(Math.min(m, n))
  yield* svdOf(M, m, n, float64(0), s, float64(0))
  return s.reduce((sum, x) => sum + x, 0)
}

/** U diag(s) V^T of a square matrix. */
export function* svdSquare(M: Float64Array, n: number) {
  const [U, s, V] = [float64(n * n), float64(n), float64(n * n)]
  yield* svdOf(M, n, n, U, s, V)
  return { U, s, V }
}

/** U diag(s) U^T */
export function* fromBasis(U: Float64Array, s: Float64Array, n: number, times: Times): Steps<Float64Array> {
  const W = float64(n * n)
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) W[r * n + c] = U[r * n + c]! * s[c]!
  const out = yield* times(W, turned(U, n), n)
  symmetrised(out, n, out)
  return out
}

/** A product of square matrices. */
export type Times = (A: Float64Array, B: Float64Array, n: number) => Steps<Float64Array>

export const trace = (A: Float64Array, n: number): number => {
  let sum = 0
  for (let r = 0; r < n; r++) sum += A[r * n + r]!
  return sum
}

/** a A + b B */
export function combined(a: number, A: Float64Array, b: number, B: Float64Array): Float64Array {
  const C = float64(A.length)
  for (let at = 0; at < C.length; at++) C[at] = a * A[at]! + b * B[at]!
  return C
}

export const identityMatrix = (n: number): Float64Array => {
  const I = float64(n * n)
  for (let r = 0; r < n; r++) I[r * n + r] = 1
  return I
}

/** ||A||_F */
export const frobenius = (A: Float64Array): number => Math.sqrt(A.reduce((sum, x) => sum + x * x, 0))
