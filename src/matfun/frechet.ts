import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { type Call, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { ownDense } from '../dense/own.ts'
import { symmetricCopy } from '../dense/symmetric.ts'
import { times } from '../dense/times.ts'
import { tsqr } from '../dense/tsqr.ts'
import { factorOf, nuclearNorm, trace } from './dense-steps.ts'

/** A normal distribution by its mean, d long, and its covariance, d x d. */
export interface Moments {
  readonly mean: ArrayLike<number>
  readonly covariance: Dense
}

/** What {@link frechetDistance} gives. */
export interface FrechetDistance {
  /** Squared, as the FID is quoted: ||m_x - m_y||^2 + tr C_x + tr C_y - 2 tr (C_x C_y)^(1/2). */
  readonly distance: number
  /** Its part by the means, and that by the covariances. */
  readonly means: number
  readonly covariances: number
}

/** A distribution: its mean, and F with F^T F the covariance, k x d by rows. */
interface Reduced {
  readonly mean: Float64Array
  readonly factor: Dense
  readonly variance: number
}

function* reduced(call: Call, name: string, given: Dense | Moments): Steps<Reduced> {
  if (isDense(given)) return yield* ofSamples(call, name, yield* ownDense(call, name, given))
  if (typeof given !== 'object' || given === null)
    throw refuse('ERR_TYPE', call.name, name, 'a dense matrix of samples, or { mean, covariance }', given)
  const covariance = yield* symmetricCopy(call.name, given.covariance)
  const d = given.covariance.rows
  const mean = float64(d)
  mean.set(checkVector(call.name, `${name}.mean`, given.mean, d))
  if (!mean.every(Number.isFinite)) throw refuse('ERR_NOT_FINITE', call.name, `${name}.mean`, 'finite', mean)
  const F = yield* factorOf(call.name, `${name}.covariance`, covariance, d)
  const factor = float64(d * d)
  for (let r = 0; r < d; r++) for (let c = 0; c < d; c++) factor[c * d + r] = F[r * d + c]!
  return { mean, factor: { rows: d, columns: d, values: factor }, variance: trace(covariance, d) }
}

/** Samples are rows; where there are more than dimensions, the triangle of their QR factorization does. */
function* ofSamples({ name: method }: Call, name: string, { rows: N, columns: d, values }: Dense): Steps<Reduced> {
  if (N < 2) throw refuse('ERR_SHAPE', method, name, 'at least two samples, one a row', `${N} x ${d}`)
  const mean = float64(d)
  for (let i = 0; i < N; i++) for (let j = 0; j < d; j++) mean[j]! += values[i * d + j]! / N
  const centred = float64(N * d)
  const scale = 1 / Math.sqrt(N - 1)
  let variance = 0
  for (let i = 0; i < N; i++)
    for (let j = 0; j < d; j++) {
      const x = (values[i * d + j]! - mean[j]!) * scale
      centred[i * d + j] = x
      variance += x * x
    }
  if (N <= d) return { mean, factor: { rows: N, columns: d, values: centred }, variance }
  const R = float64(d * d)
  yield* run(tsqr, centred, d, float64(0), 0, R)
  return { mean, factor: { rows: d, columns: d, values: R }, variance }
}

const { async, sync } = forms<[Dense | Moments, Dense | Moments, ControlOptions?], FrechetDistance>(
  'frechetDistance',
  2,
  [],
  function* (call, X, Y) {
    const x = yield* reduced(call, 'X', X)
    const y = yield* reduced(call, 'Y', Y)
    const d = x.mean.length
    if (y.mean.length !== d) throw refuse('ERR_SHAPE', call.name, 'Y', `of dimension ${d}, as X`, y.mean.length)
    const M = yield* times(y.factor, x.factor, 'B')
    const shared = yield* nuclearNorm(M.values, M.rows, M.columns)
    const covariances = Math.max(0, x.variance + y.variance - 2 * shared)
    const means = x.mean.reduce((sum, m, j) => sum + (m - y.mean[j]!) ** 2, 0)
    return { distance: means + covariances, means, covariances }
  },
)

/**
 * The Frechet distance of two normal distributions, squared: what the Frechet inception distance (FID) is. Each is given by
 * samples, one a row, or by its moments. The trace term is ||Y_c X_c^T||_* / sqrt((n_x - 1) (n_y - 1)): singular values of one
 * small matrix, no square root of a product that rounding makes complex. `frechetDistanceSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_OPTION
 */
export const frechetDistance = async

/** {@link frechetDistance}, blocking. */
export const frechetDistanceSync = sync
