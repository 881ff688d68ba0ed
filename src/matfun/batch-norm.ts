import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { flagOption } from '../dense/own.ts'
import { symmetricCopy } from '../dense/symmetric.ts'
import { combined, frobenius, identityMatrix } from './dense-steps.ts'
import { power } from './families.ts'
import { product } from './lyapunov.ts'
import { type Matrices, ownBatch, ownBeside, stacked } from './matrices.ts'
import { type Centred, centred } from './spd-centre.ts'
import { alongGeodesic } from './spd-geometry.ts'
import { addSymmetric, type MeanStep, meanStep, part } from './spd-map.ts'
import { spectral } from './spectral.ts'
import { symmetrised } from './square.ts'

/** Mean and variance that batches have left so far. */
export interface SpdRunning {
  readonly mean: Dense
  readonly variance: number
}

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
  /** What earlier batches have left; default: the mean and variance of this one. */
  readonly running?: SpdRunning
  /** How far the running mean moves to that of the batch on their geodesic, and the variance likewise; 0 to 1, default 0.1. */
  readonly momentum?: number
  /** `false`: normalises by `running`, which must be given and stays as it is. Default true. */
  readonly training?: boolean
}

interface SpdBatchNormValue {
  /** The normalised matrices, count n x n: about the identity. */
  readonly value: Dense
  /** What was taken for the mean of the batch. */
  readonly mean: Dense
  /** Mean squared distance of the centred matrices from the identity; of `running` without training. */
  readonly variance: number
  /** For the next batch. */
  readonly running: SpdRunning
}

/** Gradients with respect to the matrices, count n x n, and to the option `scale`. */
export interface SpdBatchNormGradient {
  readonly A: Dense
  readonly scale: number
}

/** What {@link spdBatchNorm} gives. */
export interface SpdBatchNorm extends SpdBatchNormValue {
  /** The gradients of a number whose gradient with respect to `value` is `cotangent`, which is symmetrised. */
  readonly pullback: (cotangent: Matrices, options?: ControlOptions) => Promise<SpdBatchNormGradient>
}

/** {@link SpdBatchNorm} with a blocking derivative. */
export interface SpdBatchNormSync extends SpdBatchNormValue {
  /** See {@link SpdBatchNorm}. */
  readonly pullback: (cotangent: Matrices, options?: ControlOptions) => SpdBatchNormGradient
}

interface Normalised extends SpdBatchNormValue {
  readonly n: number
  readonly count: number
  readonly scale: number
  /** variance + epsilon */
  readonly spread: number
  readonly training: boolean
  readonly path: readonly MeanStep[]
  readonly about: Centred
}

const positive = (method: string, name: string, value: unknown): number => {
  if (typeof value !== 'number' || !(value > 0 && value < Number.POSITIVE_INFINITY))
    throw refuse('ERR_OPTION', method, `option ${name}`, 'a positive number', value)
  return value
}

const keys = ['count', 'scale', 'epsilon', 'steps', 'running', 'momentum', 'training'] as const

const both = forms<[Matrices, SpdBatchNormOptions], Normalised>(
  'spdBatchNorm',
  1,
  keys,
  function* (call, given, options) {
    const { name } = call
    const { steps = 1, momentum = 0.1 } = options ?? {}
    const { n, count, values } = ownBatch(call, 'A', given, options?.count ?? 0)
    if (count < 1) throw refuse('ERR_OPTION', name, 'option count', 'a positive integer', options?.count)
    const scale = positive(name, 'scale', options.scale ?? 1)
    const epsilon = positive(name, 'epsilon', options.epsilon ?? 1e-5)
    integerOption(name, 'steps', steps, 0, 1000)
    if (typeof momentum !== 'number' || !(momentum >= 0 && momentum <= 1))
      throw refuse('ERR_OPTION', name, 'option momentum', 'a number from 0 to 1', momentum)
    const training = flagOption(name, 'training', options.training ?? true)
    const before = yield* ownRunning(call, options.running, n)
    yield* spectral(name, { n, count, values }, power(0.5), 'error') // refuses what is not positive definite
    const path: MeanStep[] = []
    let mean: Float64Array = float64(n * n)
    if (training) {
      for (let i = 0; i < count; i++) addSymmetric(mean, 1 / count, part(values, i, n), n)
      const weights = new Array<number>(count).fill(1 / count)
      for (let step = 0; step < steps; step++) {
        path.push(yield* meanStep(name, mean, values, weights, n))
        mean = path.at(-1)!.value
      }
    } else {
      if (before === undefined) throw refuse('ERR_OPTION', name, 'option running', 'given without training', undefined)
      mean = before.mean
    }
    const about = yield* centred(name, mean, values, n, count)
    if (!Number.isFinite(frobenius(about.tangents)))
      throw new KrylovError('ERR_NOT_FINITE', `${name}: tangents overflow: A must be of moderate size`)
    // W^2(Exp_I(x), I) = ||x||^2 / 4
    const found = about.tangents.reduce((sum, x) => sum + (x * x) / 4 / count, 0)
    const variance = training ? found : before!.variance
    const spread = variance + epsilon
    const value = float64(values.length)
    for (let i = 0; i < count; i++) {
      const half = halfOf(about, i, n, scale / Math.sqrt(spread))
      symmetrised(yield* product(half, half, n), n, part(value, i, n))
    }
    const next =
      !training || before === undefined
        ? mean
        : yield* alongGeodesic(call, 'bures-wasserstein', before.mean, mean, n, momentum)
    const moved = before === undefined || !training ? variance : (1 - momentum) * before.variance + momentum * variance
    const running = { mean: stacked(n, 1, next), variance: moved }
    const answer = { value: stacked(n, count, value), mean: stacked(n, 1, mean), variance, running }
    return { ...answer, n, count, scale, spread, training, path, about }
  },
)

/** Exp_I(x) = (I + x / 2)^2: I + factor x / 2. */
const halfOf = ({ tangents }: Centred, i: number, n: number, factor: number): Float64Array =>
  combined(1, identityMatrix(n), factor / 2, part(tangents, i, n))

function* ownRunning({ name }: Call, given: SpdRunning | undefined, n: number) {
  if (given === undefined) return undefined
  if (typeof given !== 'object' || given === null)
    throw refuse('ERR_TYPE', name, 'option running', 'an object with mean and variance', given)
  const { variance } = given
  if (typeof variance !== 'number' || !(variance >= 0 && variance < Number.POSITIVE_INFINITY))
    throw refuse('ERR_OPTION', name, 'option running.variance', 'a number >= 0', variance)
  const mean = yield* symmetricCopy(name, given.mean)
  if (given.mean.rows !== n) throw refuse('ERR_SHAPE', name, 'option running.mean', `${n} x ${n}`, given.mean.rows)
  return { mean, variance }
}

const pullback = forms<[Normalised, Matrices, ControlOptions?], SpdBatchNormGradient>(
  'pullback',
  2,
  [],
  function* (call, found, cotangent) {
    const { n, count, scale, spread, training, path, about } = found
    const G = ownBeside(call, 'cotangent', cotangent, n, count)
    const factor = scale / Math.sqrt(spread)
    const toTangents = float64(G.length)
    let toFactor = 0
    for (let i = 0; i < count; i++) {
      const g = float64(n * n)
      symmetrised(part(G, i, n), n, g)
      const [to, x] = [part(toTangents, i, n), part(about.tangents, i, n)]
      addSymmetric(to, 1, yield* product(g, halfOf(about, i, n, factor), n), n)
      for (let at = 0; at < n * n; at++) {
        toFactor += to[at]! * x[at]!
        to[at]! *= factor
      }
    }
    const toVariance = training ? (-0.5 * toFactor * factor) / spread : 0
    for (let at = 0; at < toTangents.length; at++) toTangents[at]! += (toVariance * about.tangents[at]!) / 2 / count
    const A = float64(G.length)
    let toMean = yield* about.back(toTangents, A)
    if (training) {
      for (const step of path.slice().reverse()) toMean = yield* step.back(toMean, A)
      for (let i = 0; i < count; i++) addSymmetric(part(A, i, n), 1 / count, toMean, n)
    }
    return { A: stacked(n, count, A), scale: toFactor / Math.sqrt(spread) }
  },
)

const shown = ({ value, mean, variance, running }: Normalised): SpdBatchNormValue => ({
  value,
  mean,
  variance,
  running,
})

/**
 * Batch normalisation of symmetric positive definite matrices in the Bures-Wasserstein geometry (Wang and others 2025): the batch
 * is moved to mean I and scaled to a given deviation. Its gradient goes through the statistics of the batch, and divides by no gap of
 * eigenvalues. `spdBatchNormSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE, ERR_SINGULAR, ERR_OPTION
 */
export async function spdBatchNorm(A: Matrices, options: SpdBatchNormOptions): Promise<SpdBatchNorm> {
  const found = await both.async(A, options)
  return { ...shown(found), pullback: (G, control) => pullback.async(found, G, control) }
}

/** {@link spdBatchNorm}, blocking. */
export function spdBatchNormSync(A: Matrices, options: SpdBatchNormOptions): SpdBatchNormSync {
  const found = both.sync(A, options)
  return { ...shown(found), pullback: (G, control) => pullback.sync(found, G, control) }
}
