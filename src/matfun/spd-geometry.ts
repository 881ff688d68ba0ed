import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { turned } from './blocks.ts'
import {
  cholesky,
  combined,
  congruent,
  frobenius,
  fromBasis,
  identityMatrix,
  lowerSolved,
  svdSquare,
} from './dense-steps.ts'
import { exponential, logarithm, power, type Scalar } from './families.ts'
import { product } from './lyapunov.ts'
import { checkPair } from './pair.ts'
import { eighBatch, spectral, spectralDerivative } from './spectral.ts'
import { symmetrised } from './square.ts'

/**
 * A Riemannian metric on symmetric positive definite matrices. `'affine-invariant'`: distances stay under A -> M A M^T;
 * `'log-euclidean'`: that of their logarithms; `'bures-wasserstein'`: that of optimal transport.
 */
export type SpdMetric = 'affine-invariant' | 'log-euclidean' | 'bures-wasserstein'

/** Options of methods on the manifold. */
export interface SpdOptions extends ControlOptions {
  /** Default `'affine-invariant'`. */
  readonly metric?: SpdMetric
}

const METRICS: readonly unknown[] = ['affine-invariant', 'log-euclidean', 'bures-wasserstein']

function metricOf(method: string, { metric = 'affine-invariant' }: SpdOptions = {}): SpdMetric {
  if (!METRICS.includes(metric)) throw refuse('ERR_OPTION', method, 'option metric', METRICS.join(', '), metric)
  return metric
}

const one = (values: Float64Array, n: number) => ({ n, count: 1, values })
function* mapped(method: string, A: Float64Array, n: number, f: Scalar): Steps<Float64Array> {
  return (yield* spectral(method, one(A, n), f, 'error')).value
}

function* factor(method: string, name: string, A: Float64Array, n: number): Steps<Float64Array> {
  const L = yield* cholesky(A, n)
  if (L === undefined) throw new KrylovError('ERR_INDEFINITE', `${method}: ${name} must be positive definite`)
  return L
}

/** L^-1 B L^-T, whose eigenvalues are those of A^-1 B. */
function* relative(L: Float64Array, B: Float64Array, n: number): Steps<Float64Array> {
  const half = yield* lowerSolved(L, B, n, false)
  const out = yield* lowerSolved(L, turned(half, n), n, false)
  symmetrised(out, n, out)
  return out
}

/** L S L^T */
function* around(L: Float64Array, S: Float64Array, n: number): Steps<Float64Array> {
  const out = yield* product(yield* product(L, S, n), turned(L, n), n)
  symmetrised(out, n, out)
  return out
}

/** The optimal map from A to B: T A T = B, T symmetric. */
function* optimalMap(method: string, A: Float64Array, B: Float64Array, n: number): Steps<Float64Array> {
  const [L, K] = [yield* factor(method, 'A', A, n), yield* factor(method, 'B', B, n)]
  const { U, s } = yield* svdSquare(yield* product(turned(L, n), K, n), n)
  return yield* congruent(L, yield* fromBasis(U, s, n, product), n)
}

const distanceForms = forms<[Dense, Dense, SpdOptions?], number>(
  'spdDistance',
  2,
  ['metric'],
  function* (call, a, b, options) {
    const metric = metricOf(call.name, options)
    const { A, B, n } = yield* checkPair(call, a, b)
    if (metric === 'log-euclidean') {
      const [x, y] = [yield* mapped(call.name, A, n, logarithm), yield* mapped(call.name, B, n, logarithm)]
      return frobenius(combined(1, x, -1, y))
    }
    if (metric === 'affine-invariant') {
      const L = yield* factor(call.name, 'A', A, n)
      const { eigenvalues } = yield* eighBatch(call.name, one(yield* relative(L, B, n), n))
      if (eigenvalues.some(w => !(w > 0)))
        throw new KrylovError('ERR_INDEFINITE', `${call.name}: B must be positive definite`)
      return Math.sqrt(eigenvalues.reduce((sum, w) => sum + Math.log(w) ** 2, 0))
    }
    // ||(T - I) L||_F: no difference of traces, so that near matrices keep their digits
    const T = yield* optimalMap(call.name, A, B, n)
    const L = yield* factor(call.name, 'A', A, n)
    return frobenius(yield* product(combined(1, T, -1, identityMatrix(n)), L, n))
  },
)

const geodesicForms = forms<[Dense, Dense, number, SpdOptions?], Dense>(
  'spdGeodesic',
  3,
  ['metric'],
  function* (call, a, b, t, options) {
    const metric = metricOf(call.name, options)
    if (typeof t !== 'number' || !Number.isFinite(t)) throw refuse('ERR_TYPE', call.name, 't', 'a finite number', t)
    const { A, B, n } = yield* checkPair(call, a, b)
    return { rows: n, columns: n, values: yield* alongGeodesic(call, metric, A, B, n, t) }
  },
)

/** The point at t on the geodesic from A to B. */
export function* alongGeodesic(
  { name }: Call,
  metric: SpdMetric,
  A: Float64Array,
  B: Float64Array,
  n: number,
  t: number,
): Steps<Float64Array> {
  if (metric === 'log-euclidean') {
    const [x, y] = [yield* mapped(name, A, n, logarithm), yield* mapped(name, B, n, logarithm)]
    return yield* mapped(name, combined(1 - t, x, t, y), n, exponential)
  }
  if (metric === 'affine-invariant') {
    const L = yield* factor(name, 'A', A, n)
    return yield* around(L, yield* mapped(name, yield* relative(L, B, n), n, power(t)), n)
  }
  const T = yield* optimalMap(name, A, B, n)
  return yield* around(combined(1 - t, identityMatrix(n), t, T), A, n)
}

const transportForms = forms<[Dense, Dense, Dense, SpdOptions?], Dense>(
  'spdTransport',
  3,
  ['metric'],
  function* (call, a, b, v, options) {
    const metric = metricOf(call.name, options)
    const { A, B, n } = yield* checkPair(call, a, b)
    const { B: V } = yield* checkPair(call, a, v)
    return { rows: n, columns: n, values: yield* transported(call, metric, A, B, V, n) }
  },
)

function* transported(
  { name }: Call,
  metric: SpdMetric,
  A: Float64Array,
  B: Float64Array,
  V: Float64Array,
  n: number,
): Steps<Float64Array> {
  if (metric === 'log-euclidean') {
    const there = (yield* spectral(name, one(A, n), logarithm, 'error')).state
    const back = yield* spectral(name, one(yield* mapped(name, B, n, logarithm), n), exponential, 'error')
    return yield* spectralDerivative(back.state, yield* spectralDerivative(there, V))
  }
  if (metric === 'affine-invariant') {
    // E V E^T with E = (B A^-1)^(1/2) = L (L^-1 B L^-T)^(1/2) L^-1
    const L = yield* factor(name, 'A', A, n)
    const root = yield* mapped(name, yield* relative(L, B, n), n, power(0.5))
    return yield* around(yield* product(L, root, n), yield* relative(L, V, n), n)
  }
  return yield* commuting(name, A, B, V, n)
}

/** Parallel transport of the Bures-Wasserstein metric where A and B commute: ((b_i + b_j) / (a_i + a_j))^(1/2) in their eigenbasis. */
function* commuting(name: string, A: Float64Array, B: Float64Array, V: Float64Array, n: number): Steps<Float64Array> {
  // a combination that no eigenspace of either survives by chance
  const { vectors: Q } = yield* eighBatch(name, one(combined(1 / frobenius(A), A, Math.SQRT1_2 / frobenius(B), B), n))
  const into = function* (M: Float64Array): Steps<Float64Array> {
    return yield* product(yield* product(Q, M, n), turned(Q, n), n)
  }
  const [a, b, v] = [yield* into(A), yield* into(B), yield* into(V)]
  for (const D of [a, b]) {
    let off = 0
    for (let at = 0; at < n * n; at++) if (at % (n + 1) !== 0) off += D[at]! ** 2
    if (!(Math.sqrt(off) <= 1e-10 * frobenius(D)))
      throw new KrylovError(
        'ERR_UNSUPPORTED',
        `${name}: bures-wasserstein transports between matrices that commute only`,
      )
  }
  const W = float64(n * n)
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) {
      const ratio = (b[r * n + r]! + b[c * n + c]!) / (a[r * n + r]! + a[c * n + c]!)
      if (!(ratio > 0)) throw new KrylovError('ERR_INDEFINITE', `${name}: A and B must be positive definite`)
      W[r * n + c] = v[r * n + c]! * Math.sqrt(ratio)
    }
  const out = yield* product(yield* product(turned(Q, n), W, n), Q, n)
  symmetrised(out, n, out)
  return out
}

/**
 * The geodesic distance of two symmetric positive definite matrices in a metric. `spdDistanceSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_OPTION
 */
export const spdDistance = distanceForms.async

/** {@link spdDistance}, blocking. */
export const spdDistanceSync = distanceForms.sync

/**
 * The point at t on the geodesic from A (t = 0) to B (t = 1). `spdGeodesicSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_OPTION
 */
export const spdGeodesic = geodesicForms.async

/** {@link spdGeodesic}, blocking. */
export const spdGeodesicSync = geodesicForms.sync

/**
 * The tangent V at A carried to B along the geodesic. With `'bures-wasserstein'` A and B must commute, which every A and the identity
 * do. `spdTransportSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_UNSUPPORTED, ERR_OPTION
 */
export const spdTransport = transportForms.async

/** {@link spdTransport}, blocking. */
export const spdTransportSync = transportForms.sync
