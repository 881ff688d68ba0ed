import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { fixedPointMap } from './bures-wasserstein.ts'
import { combined, frobenius, identityMatrix, turned } from './dense-steps.ts'
import { power } from './families.ts'
import { product } from './lyapunov.ts'
import { type Matrices, ownBatch, stacked } from './matrices.ts'
import { eighBatch, spectral } from './spectral.ts'
import { symmetrised } from './square.ts'

/** Options of {@link spdBatchNorm}. */
export interface SpdBatchNormOptions extends ControlOptions {
  /** So many matrices are given. */
  readonly count: number
  /** Standard deviation that the batch is scaled to. Default 1. */
  readonly scale?: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
  /** Steps of the barycenter's iteration from the Euclidean mean. Default 1, as published. */
  readonly steps?: number
}

/** What {@link spdBatchNorm} gives. */
export interface SpdBatchNorm {
  /** The normalised matrices, count n x n: about the identity. */
  readonly value: Dense
  /** What was taken for the mean of the batch. */
  readonly mean: Dense
  /** Mean squared distance of the centred matrices from the identity. */
  readonly variance: number
}

const { async, sync } = forms<[Matrices, SpdBatchNormOptions], SpdBatchNorm>(
  'spdBatchNorm',
  1,
  ['count', 'scale', 'epsilon', 'steps'],
  function* (call, given, options) {
    const { scale = 1, epsilon = 1e-5, steps = 1 } = options ?? {}
    const { n, count, values } = ownBatch(call, 'A', given, options?.count ?? 0)
    if (count < 1) throw refuse('ERR_OPTION', call.name, 'option count', 'a positive integer', options?.count)
    for (const [name, value] of Object.entries({ scale, epsilon }))
      if (typeof value !== 'number' || !(value > 0 && value < Number.POSITIVE_INFINITY))
        throw refuse('ERR_OPTION', call.name, `option ${name}`, 'a positive number', value)
    integerOption(call.name, 'steps', steps, 0, 1000)
    yield* spectral(call.name, { n, count, values }, power(0.5), 'error') // refuses what is not positive definite
    let mean: Float64Array = float64(n * n)
    for (let at = 0; at < values.length; at++) mean[at % (n * n)]! += values[at]! / count
    symmetrised(mean, n, mean)
    const weights = new Array<number>(count).fill(1 / count)
    for (let step = 0; step < steps; step++) mean = yield* fixedPointMap(call.name, mean, values, weights, n, count)
    const tangents = yield* centred(call.name, mean, values, n, count)
    // W^2(Exp_I(x), I) = ||x||^2 / 4
    let variance = 0
    for (const x of tangents) variance += (x * x) / 4 / count
    const factor = scale / Math.sqrt(variance + epsilon)
    const value = float64(values.length)
    for (let i = 0; i < count; i++) {
      // Exp_I(x) = (I + x / 2)^2
      const half = combined(1, identityMatrix(n), factor / 2, tangents.subarray(i * n * n, (i + 1) * n * n))
      symmetrised(yield* product(half, half, n), n, value.subarray(i * n * n, (i + 1) * n * n))
    }
    return { value: stacked(n, count, value), mean: stacked(n, 1, mean), variance }
  },
)

/** Log_M(A_i), carried from the mean M to the identity, where tangents commute with it. */
function* centred(method: string, mean: Float64Array, A: Float64Array, n: number, count: number): Steps<Float64Array> {
  const base = { n, count: 1, values: mean }
  const root = (yield* spectral(method, base, power(0.5), 'error')).value
  const inverse = (yield* spectral(method, base, power(-0.5), 'error')).value
  const { vectors: Q, eigenvalues: b } = yield* eighBatch(method, base)
  const out = float64(A.length)
  for (let i = 0; i < count; i++) {
    const inner = yield* product(yield* product(root, A.subarray(i * n * n, (i + 1) * n * n), n), root, n)
    symmetrised(inner, n, inner)
    const middle = (yield* spectral(method, { n, count: 1, values: inner }, power(0.5), 'clamp')).value
    // T M = M^(-1/2) (..)^(1/2) M^(1/2); Log_M(A) = T M + M T - 2 M
    const map = yield* product(yield* product(inverse, middle, n), root, n)
    const tangent = combined(1, combined(1, map, 1, turned(map, n)), -2, mean)
    const v = yield* product(yield* product(Q, tangent, n), turned(Q, n), n)
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) v[r * n + c]! *= Math.sqrt(2 / (b[r]! + b[c]!))
    const back = yield* product(yield* product(turned(Q, n), v, n), Q, n)
    symmetrised(back, n, out.subarray(i * n * n, (i + 1) * n * n))
  }
  if (!Number.isFinite(frobenius(out))) throw refuse('ERR_NOT_FINITE', method, 'A', 'of moderate size', A)
  return out
}

/**
 * Batch normalisation of symmetric positive definite matrices in the Bures-Wasserstein geometry (Wang and others 2025): the batch
 * is moved to mean I and scaled to a given deviation. Without derivatives. `spdBatchNormSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_OPTION
 */
export const spdBatchNorm = async

/** {@link spdBatchNorm}, blocking. */
export const spdBatchNormSync = sync
