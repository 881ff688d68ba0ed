import { refuse } from '../core/errors.ts'
import { sharedFloat64 } from '../core/shared.ts'
import { FEATURES } from './features.steps.ts'
import { type NetworkShape, parameterCount } from './network.loops.ts'
import { HEAD } from './smoother-head.ts'

/** The version of weights that is written and read. */
export const WEIGHTS_VERSION = 1

/** What `trainPreconditioner` gives and `learned` takes: plain data. */
export interface PreconditionerWeights {
  readonly kind: 'weights'
  readonly version: number
  readonly model: 'prolongation'
  /** What the network is told of a term, in order. */
  readonly features: readonly string[]
  /** Units of the two hidden layers. */
  readonly first: number
  readonly second: number
  /**
   * One network after the other, that of the finest level first, the last serving all further ones: means and inverse
   * deviations of the features, then W1, b1, W2, b2, w3, b3 with matrices by rows. Single precision.
   */
  readonly numbers: Float64Array
  /** Coefficients of the logarithm of the smoother's ratio; empty for the ordinary ratio. */
  readonly smoother: Float64Array
  /** How much an iteration of CG left of the residual, the worst mean of a validation system. */
  readonly rate: number
  /** What it was trained on, in words. */
  readonly trained: string
  readonly seed: number
}

const MOST_UNITS = 64

export const shapeOf = ({ first, second }: Pick<PreconditionerWeights, 'first' | 'second'>): NetworkShape => ({
  inputs: FEATURES.length,
  first,
  second,
})

/** Checks weights, which may have been loaded or made by hand; arrays come back shared. */
export function checkWeights(method: string, argument: string, given: unknown): PreconditionerWeights {
  const wrong = (wanted: string, found: unknown) => refuse('ERR_OPTION', method, argument, wanted, found)
  if (typeof given !== 'object' || given === null || (given as { kind?: unknown }).kind !== 'weights')
    throw wrong('weights of trainPreconditioner or loadWeights', given)
  const weights = given as Partial<Record<keyof PreconditionerWeights, unknown>>
  if (weights.version !== WEIGHTS_VERSION) throw wrong(`of version ${WEIGHTS_VERSION}`, weights.version)
  if (weights.model !== 'prolongation') throw wrong("for the model 'prolongation'", weights.model)
  const { features, first, second, numbers, smoother, rate, trained = '', seed = 0 } = weights
  if (!Array.isArray(features) || features.length !== FEATURES.length || FEATURES.some((f, at) => f !== features[at]))
    throw wrong('with the features that this version knows', features)
  for (const units of [first, second])
    if (!(Number.isInteger(units) && (units as number) >= 1 && (units as number) <= MOST_UNITS))
      throw wrong(`with 1 to ${MOST_UNITS} units in a layer`, units)
  const shape = shapeOf({ first: first as number, second: second as number })
  const size = 2 * shape.inputs + parameterCount(shape)
  const whole = (array: unknown): array is Float64Array =>
    (array instanceof Float64Array || array instanceof Float32Array) && array.every(Number.isFinite)
  if (!whole(numbers) || numbers.length === 0 || numbers.length % size !== 0)
    throw wrong(`with finite numbers, a multiple of ${size}`, numbers)
  for (let at = shape.inputs; at < numbers.length; at += size)
    if (!numbers.subarray(at, at + shape.inputs).every(scale => scale > 0))
      throw wrong('with positive scales of features', numbers)
  if (!whole(smoother) || (smoother.length !== 0 && smoother.length !== HEAD))
    throw wrong(`with ${HEAD} finite coefficients of the smoother, or none`, smoother)
  if (!(typeof rate === 'number' && rate > 0 && rate < 1)) throw wrong('with a rate between 0 and 1', rate)
  return {
    kind: 'weights',
    version: WEIGHTS_VERSION,
    model: 'prolongation',
    features: FEATURES,
    first: shape.first,
    second: shape.second,
    numbers: sharedFloat64(numbers),
    smoother: sharedFloat64(smoother),
    rate,
    trained: String(trained),
    seed: Number(seed),
  }
}
