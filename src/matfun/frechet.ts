import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { type Call, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { gemmInto } from '../dense/gemm.ts'
import { ownDense } from '../dense/own.ts'
import { symmetricCopy } from '../dense/symmetric.ts'
import { factorOf, nuclearNorm, trace } from './dense-steps.ts'
import { type Factor, productFactor, rotatedFactor } from './frechet-factor.ts'

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

/** A distribution: its mean, and a factor of its covariance. */
interface Reduced {
  readonly mean: Float64Array
  readonly factor: Factor
  readonly variance: number
  /** The samples, where the factor may be had without its doubt. */
  readonly centred?: Float64Array
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
  const values = yield* factorOf(call.name, `${name}.covariance`, covariance, d)
  return { mean, factor: { k: d, values, transposed: true, doubt: 0 }, variance: trace(covariance, d) }
}

/** Samples are rows; where there are more than dimensions, a triangle does. */
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
  if (N <= d) return { mean, factor: { k: N, values: centred, transposed: false, doubt: 0 }, variance }
  const factor = yield* productFactor(centred, d)
  if (factor !== undefined) return { mean, factor, variance, centred }
  return { mean, factor: yield* rotatedFactor(centred, d), variance }
}

/** How much of tr C_x + tr C_y the rounding of covariances may cost. */
const AFFORDED = 1e-11

/** Without the doubts in both factors, where together they are too much. */
function* settled(x: Reduced, y: Reduced): Steps<readonly [Factor, Factor]> {
  const doubt = x.factor.doubt * Math.sqrt(y.variance) + y.factor.doubt * Math.sqrt(x.variance)
  if (doubt <= AFFORDED * (x.variance + y.variance)) return [x.factor, y.factor]
  const of = function* ({ factor, centred, mean }: Reduced) {
    return centred === undefined ? factor : yield* rotatedFactor(centred, mean.length)
  }
  return [yield* of(x), yield* of(y)]
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
    const [F, G] = yield* settled(x, y)
    const M = float64(G.k * F.k)
    yield* run(gemmInto, 1, G.values, G.transposed, F.values, !F.transposed, 0, M, G.k, F.k, d)
    const shared = yield* nuclearNorm(M, G.k, F.k)
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
