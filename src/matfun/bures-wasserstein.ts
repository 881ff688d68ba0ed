import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { flagOption } from '../dense/own.ts'
import { anderson, type Visited } from './anderson.ts'
import { turned } from './blocks.ts'
import {
  cholesky,
  combined,
  congruent,
  factorOf,
  frobenius,
  fromBasis,
  identityMatrix,
  nuclearNorm,
  svdSquare,
  trace,
} from './dense-steps.ts'
import { power } from './families.ts'
import { product } from './lyapunov.ts'
import { type Matrices, ownBatch, stacked } from './matrices.ts'
import { checkPair } from './pair.ts'
import { meanStep } from './spd-map.ts'
import { spectral } from './spectral.ts'
import { symmetrised } from './square.ts'

/** Options of {@link buresWassersteinDistance}. */
export interface BuresWassersteinOptions extends ControlOptions {
  /** Whether the gradients of the squared distance are wanted; A and B must be definite then. Default false. */
  readonly gradient?: boolean
}

/** What {@link buresWassersteinDistance} gives. */
export interface BuresWasserstein {
  readonly distance: number
  /** tr A + tr B - 2 tr (A^(1/2) B A^(1/2))^(1/2), zero where rounding makes it negative. */
  readonly squared: number
  /** The gradients of `squared`, where asked for. */
  readonly gradient?: { readonly A: Dense; readonly B: Dense }
}

const distance = forms<[Dense, Dense, BuresWassersteinOptions?], BuresWasserstein>(
  'buresWassersteinDistance',
  2,
  ['gradient'],
  function* (call, givenA, givenB, options = {}) {
    const wanted = flagOption(call.name, 'gradient', options.gradient ?? false)
    const { A, B, n } = yield* checkPair(call, givenA, givenB)
    const [F, G] = [yield* factorOf(call.name, 'A', A, n), yield* factorOf(call.name, 'B', B, n)]
    const M = yield* product(turned(F, n), G, n)
    const traces = trace(A, n) + trace(B, n)
    if (!wanted) {
      const squared = Math.max(0, traces - 2 * (yield* nuclearNorm(M, n, n)))
      return { distance: Math.sqrt(squared), squared }
    }
    const [L, K] = [yield* cholesky(A, n), yield* cholesky(B, n)]
    if (L === undefined || K === undefined)
      throw new KrylovError('ERR_SINGULAR', `${call.name}: ${L === undefined ? 'A' : 'B'} is singular: no gradient`)
    const { U, s, V } = yield* svdSquare(M, n)
    const squared = Math.max(0, traces - 2 * s.reduce((sum, x) => sum + x, 0))
    const gradient = { A: yield* minusMap(L, U, s, n), B: yield* minusMap(K, V, s, n) }
    return { distance: Math.sqrt(squared), squared, gradient }
  },
)

/** I - T, T = L^-T (U diag(s) U^T) L^-1 the optimal map to the other matrix. */
function* minusMap(L: Float64Array, U: Float64Array, s: Float64Array, n: number): Steps<Dense> {
  const T = yield* congruent(L, yield* fromBasis(U, s, n, product), n)
  const out = combined(1, identityMatrix(n), -1, T)
  symmetrised(out, n, out)
  return { rows: n, columns: n, values: out }
}

/**
 * The Bures-Wasserstein distance of two symmetric positive semidefinite matrices: that of optimal transport between normal
 * distributions of these covariances. By the nuclear norm of F^T G, A = F F^T and B = G G^T, so that no root is taken.
 * `buresWassersteinDistanceSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_OPTION
 */
export const buresWassersteinDistance = distance.async

/** {@link buresWassersteinDistance}, blocking. */
export const buresWassersteinDistanceSync = distance.sync

/** Options of {@link buresWassersteinBarycenter}. */
export interface BarycenterOptions extends ControlOptions {
  /** So many matrices are given. */
  readonly count: number
  /** One for each matrix, not negative, not all zero; they are scaled to sum to 1. Default: all the same. */
  readonly weights?: ArrayLike<number>
  /** Converged where ||S - T(S)||_F <= rtol ||S||_F. Default 1e-10. */
  readonly rtol?: number
  /** Default 100. */
  readonly maxIterations?: number
}

/** What {@link buresWassersteinBarycenter} gives. */
export interface Barycenter {
  /** S, n x n. */
  readonly value: Dense
  readonly converged: boolean
  /** ||S - T(S)||_F / ||S||_F of the S that is returned. */
  readonly residual: number
  readonly iterations: number
}

const barycenter = forms<[Matrices, BarycenterOptions], Barycenter>(
  'buresWassersteinBarycenter',
  1,
  ['count', 'weights', 'rtol', 'maxIterations'],
  function* (call, given, options) {
    const { n, count, values } = ownBatch(call, 'A', given, options?.count ?? 0)
    const { rtol = 1e-10, maxIterations = 100 } = options ?? {}
    if (count < 1) throw refuse('ERR_OPTION', call.name, 'option count', 'a positive integer', options?.count)
    if (typeof rtol !== 'number' || !(rtol >= 0)) throw refuse('ERR_OPTION', call.name, 'option rtol', '>= 0', rtol)
    integerOption(call.name, 'maxIterations', maxIterations, 1, 100_000)
    const weights = weightsOf(call.name, options.weights, count)
    yield* spectral(call.name, { n, count, values }, power(0.5), 'error') // refuses what is not positive definite
    let S: Float64Array = float64(n * n)
    for (let i = 0; i < count; i++) for (let at = 0; at < n * n; at++) S[at]! += weights[i]! * values[i * n * n + at]!
    const visited: Visited[] = []
    for (let iteration = 1; ; iteration++) {
      const { value: next } = yield* meanStep(call.name, S, values, weights, n)
      const residual = n === 0 ? 0 : frobenius(combined(1, S, -1, next)) / frobenius(S)
      const late = yield* iterate(iteration, residual)
      const converged = residual <= rtol
      if (converged || iteration === maxIterations || late || !Number.isFinite(residual))
        return { value: stacked(n, 1, S), converged, residual, iterations: iteration }
      visited.push({ x: S, g: next })
      if (visited.length > DEPTH) visited.shift()
      S = yield* definiteOr(next, anderson(visited), n)
    }
  },
)

const DEPTH = 6 // steps that are combined: the error then falls three times as fast

/** The accelerated matrix where it is positive definite, else the plain image. */
function* definiteOr(plain: Float64Array, faster: Float64Array, n: number): Steps<Float64Array> {
  const S = float64(n * n)
  symmetrised(faster, n, S)
  return (yield* cholesky(S, n)) === undefined ? plain : S
}

function weightsOf(method: string, given: ArrayLike<number> | undefined, count: number): readonly number[] {
  const list = given === undefined ? new Array<number>(count).fill(1) : Array.from(given)
  const sum = list.reduce((total, w) => total + w, 0)
  if (list.length !== count || !list.every(w => typeof w === 'number' && w >= 0) || !(sum > 0 && sum < 1e300))
    throw refuse('ERR_OPTION', method, 'option weights', `${count} numbers >= 0, not all zero`, given)
  return list.map(w => w / sum)
}

/**
 * The Bures-Wasserstein barycenter of symmetric positive definite matrices: what minimises the weighted sum of squared
 * distances to them. Anderson's acceleration of the fixed-point iteration.
 * `buresWassersteinBarycenterSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_OPTION
 */
export const buresWassersteinBarycenter = barycenter.async

/** {@link buresWassersteinBarycenter}, blocking. */
export const buresWassersteinBarycenterSync = barycenter.sync
