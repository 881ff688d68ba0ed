import { run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gemmInto } from '../dense/gemm.ts'
import { qrOf } from '../dense/qr.ts'
import { svdOf } from '../dense/svd.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import type { Answer } from './answer.ts'
import { columnScales } from './condition.ts'
import type { Problem } from './problem.ts'
import { cutoff } from './rank.ts'
import { refine } from './refine.ts'
import { blockOf, explicit } from './triangle.ts'

/** The singular values of a triangle whose columns are scaled to unit norm, and what is needed to solve with it. */
interface Spectrum {
  readonly rank: number
  readonly condition: number
  /** n x rank: (R P)^T (R P) = I, and P's columns span what has the least norm. */
  readonly P: Float64Array
  /** rank x s: (R P)^T C. */
  readonly start: Float64Array
}

/**
 * By the singular values of R: A of whatever rank, and of all solutions that of least norm. Rank is judged with columns scaled to unit
 * norm, least norm in the unknowns as they are. 2 m n^2 flops and some 30 n^3; reads A some three times.
 */
export function* bySingularValues(problem: Problem): Steps<Answer | undefined> {
  const { n, s } = problem
  const whole = yield* problem.triangle()
  const R = blockOf(whole, n + s, 0, n, 0, n)
  const { rank, condition, P, start } = yield* spectrumOf(R, n, blockOf(whole, n + s, 0, n, n, s), s)
  const basis = explicit(P, n, rank)
  const found = yield* refine(problem, basis, yield* basis.apply(start, s), R)
  return { ...found, method: 'svd', condition, rank }
}

/** R D = U S V^T with D the inverse column norms, cut off at the numerical rank; P = K (V^T D^-1 K)^-1 S^-1, K a basis of D^-1 V. */
export function* spectrumOf(R: Float64Array, n: number, C: Float64Array, s: number): Steps<Spectrum> {
  const scales = columnScales(R, n)
  const scaled = float64(n * n)
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) scaled[i * n + j] = R[i * n + j]! / scales[j]!
  const [U, S, V] = [float64(n * n), float64(n), float64(n * n)]
  yield* svdOf(scaled, n, n, U, S, V)
  const least = cutoff(n) * (S[0] ?? 0)
  const rank = S.filter(value => value > least).length
  const condition = rank === n && n > 0 ? S[0]! / S[n - 1]! : n === 0 ? 1 : Number.POSITIVE_INFINITY
  const T = float64(n * rank)
  for (let i = 0; i < n; i++) for (let j = 0; j < rank; j++) T[i * rank + j] = V[i * n + j]! * scales[i]!
  const [K, L] = [float64(n * rank), float64(rank * rank)]
  if (rank > 0) yield* run(qrOf, T, n, rank, K, L, int32(0))
  // P^T = S^-1 L^-1 K^T
  const Pt = float64(rank * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < rank; j++) Pt[j * n + i] = K[i * rank + j]!
  if (rank > 0) yield* run(solveTriangularIn, L, rank, Pt, n, false, false, false)
  const P = float64(n * rank)
  for (let i = 0; i < n; i++) for (let j = 0; j < rank; j++) P[i * rank + j] = Pt[j * n + i]! / S[j]!
  const whole = float64(n * s)
  if (whole.length > 0) yield* run(gemmInto, 1, U, true, C, false, 0, whole, n, s, n)
  return { rank, condition, P, start: whole.subarray(0, rank * s) }
}
