import { run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { gemmInto } from '../dense/gemm.ts'
import { qrOf } from '../dense/qr.ts'
import { svdOf } from '../dense/svd.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import type { Answer } from './answer.ts'
import { conditionOf } from './condition.ts'
import type { Problem } from './problem.ts'
import { cutoff, isFullRank } from './rank.ts'
import { refine } from './refine.ts'
import { explicit } from './triangle.ts'

/**
 * Fewer equations than unknowns: the solution of least norm from A^T = Q R, x = Q R^-T b, or from the singular values of R where
 * its rank is less. 4 n m^2 flops. Workspace: 2 m n.
 */
export function* byRows(problem: Problem): Steps<Answer | undefined> {
  const { m, n, s, A, B } = problem
  const T = float64(m * n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) T[j * m + i] = A.values[i * n + j]!
    if (i % 64 === 63) yield tick
  }
  const [Q, R] = [float64(n * m), float64(m * m)]
  if (m > 0) yield* run(qrOf, T, n, m, Q, R, int32(0))
  const condition = yield* conditionOf(R, m)
  if (isFullRank(condition, m)) {
    const inverse = float64(m * m)
    for (let i = 0; i < m; i++) inverse[i * m + i] = 1
    yield* run(solveTriangularIn, R, m, inverse, m, false, true, false)
    const P = float64(n * m)
    if (m > 0) yield* run(gemmInto, 1, Q, false, inverse, false, 0, P, n, m, m)
    const basis = explicit(P, n, m)
    return { ...(yield* refine(problem, basis, yield* basis.apply(B, s), undefined)), method: 'qr', condition, rank: m }
  }
  const [U, S, V] = [float64(m * m), float64(m), float64(m * m)]
  yield* svdOf(R, m, m, U, S, V)
  const rank = S.filter(value => value > cutoff(n) * S[0]!).length
  for (let i = 0; i < m; i++) for (let j = 0; j < rank; j++) U[i * m + j]! /= S[j]!
  const P = float64(n * rank)
  const left = columns(U, m, rank)
  if (rank > 0) yield* run(gemmInto, 1, Q, false, left, false, 0, P, n, rank, m)
  const basis = explicit(P, n, rank)
  const start = yield* explicit(columns(V, m, rank), m, rank).adjoint(B, s)
  const found = yield* refine(problem, basis, yield* basis.apply(start, s), undefined)
  return { ...found, method: 'svd', condition: Number.POSITIVE_INFINITY, rank }
}

/** The first `rank` columns of a square matrix. */
function columns(U: Float64Array, m: number, rank: number): Float64Array {
  const left = float64(m * rank)
  for (let i = 0; i < m; i++) left.set(U.subarray(i * m, i * m + rank), i * rank)
  return left
}
