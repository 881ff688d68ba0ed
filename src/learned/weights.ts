import { refuse } from '../core/errors.ts'
import { sharedFloat64 } from '../core/shared.ts'
import { EDGE_FEATURES, type FactorNetwork, NODE_FEATURES, NORMALISED } from './factor-network.steps.ts'
import { FEATURES } from './features.steps.ts'
import { type GraphShape, graphParameters } from './graph-network.steps.ts'
import { HEAD } from './level-heads.ts'
import { type NetworkShape, parameterCount } from './network.loops.ts'
import { MATRIX_FEATURES } from './omega-network.ts'

/** The version of weights that is written and read. */
export const WEIGHTS_VERSION = 2

/** What weights of every model hold. Numbers are of single precision. */
interface AnyWeights {
  readonly kind: 'weights'
  readonly version: number
  /** What the networks are told, in order. */
  readonly features: readonly string[]
  /** Means and inverse deviations of the features, then the parameters, network after network. */
  readonly numbers: Float64Array
  /** How much an iteration of CG left of the residual, the worst mean of a validation system. */
  readonly rate: number
  /** What it was trained on, in words. */
  readonly trained: string
  readonly seed: number
}

/** Smoothed aggregation whose prolongations networks weigh: that of the finest level first; levels beyond the last have none. */
export interface ProlongationWeights extends AnyWeights {
  readonly model: 'prolongation'
  /** Units of the two hidden layers. A network's parameters are W1, b1, W2, b2, w3, b3, matrices by rows. */
  readonly first: number
  readonly second: number
  /** Of the smoothed aggregation whose terms are weighed: omega times the bound of the spectrum. */
  readonly damping: number
  /** Coefficients of the logarithm of the smoother's ratio; empty for the ordinary ratio. */
  readonly smoother: Float64Array
  /** Of the logarithm of how much of a coarse correction is taken; empty for all of it. */
  readonly correction: Float64Array
}

/** A network that corrects the entries of an incomplete factor. */
export interface FactorWeights extends AnyWeights {
  readonly model: 'incompleteFactor'
  /** The factor that it corrects: IC(0), or RIC with 1 - omega = 0.7 / sqrt(n). */
  readonly start: 'ic0' | 'ric'
  /** Numbers of a state, and rounds of messages. */
  readonly hidden: number
  readonly rounds: number
}

/** A network that chooses omega of a relaxed incomplete factor. */
export interface RelaxationWeights extends AnyWeights {
  readonly model: 'relaxation'
  readonly hidden: number
}

/** What `trainPreconditioner` gives and `learned` takes: plain data. */
export type PreconditionerWeights = ProlongationWeights | FactorWeights | RelaxationWeights

/** Of weights that no whole solve was tried with yet. */
const UNRATED = 0.5

/** The record of weights that were just trained, rounded to the precision that they are kept in. */
export const trainedWeights = <Own extends { readonly model: keyof typeof models }>(
  own: Own,
  numbers: readonly number[],
  { seed, trained }: Pick<AnyWeights, 'seed' | 'trained'>,
): Own & AnyWeights => ({
  ...own,
  kind: 'weights',
  version: WEIGHTS_VERSION,
  features: models[own.model].features,
  numbers: sharedFloat64(numbers.map(Math.fround)),
  rate: UNRATED,
  trained,
  seed,
})

const MOST_UNITS = 64
const MOST_ROUNDS = 8

export const shapeOf = ({ first, second }: Pick<ProlongationWeights, 'first' | 'second'>): NetworkShape => ({
  inputs: FEATURES.length,
  first,
  second,
})

export const factorShape = ({ hidden, rounds }: Pick<FactorWeights, 'hidden' | 'rounds'>): GraphShape => ({
  edgeInputs: EDGE_FEATURES.length,
  nodeInputs: NODE_FEATURES.length,
  hidden,
  rounds,
})

/** Unknowns of a matrix that is trained on; the relaxed factor of a larger one bears less correction. */
const ORDINARY = 1000

/**
 * The network for n unknowns. A relaxed factor keeps the row sums of A but for a share 1 - omega, which falls as h does: so
 * must what the network does to them.
 */
export const factorNetwork = (weights: FactorWeights, n: number): FactorNetwork => ({
  ...factorShape(weights),
  strength: weights.start === 'ric' ? Math.min(1, Math.sqrt(ORDINARY / Math.max(1, n))) : 1,
  numbers: weights.numbers,
})

/** Features and numbers of a network of each model, by its sizes. */
const models = {
  prolongation: {
    features: FEATURES,
    sizes: ['first', 'second'],
    network: (first: number, second: number) => 2 * FEATURES.length + parameterCount(shapeOf({ first, second })),
    scales: [[FEATURES.length, FEATURES.length]],
  },
  incompleteFactor: {
    features: [...EDGE_FEATURES, ...NODE_FEATURES],
    sizes: ['hidden', 'rounds'],
    network: (hidden: number, rounds: number) => 2 * NORMALISED + graphParameters(factorShape({ hidden, rounds })),
    scales: [
      [EDGE_FEATURES.length, EDGE_FEATURES.length],
      [2 * EDGE_FEATURES.length + NODE_FEATURES.length, NODE_FEATURES.length],
    ],
  },
  relaxation: {
    features: MATRIX_FEATURES,
    sizes: ['hidden'],
    network: (hidden: number) => 2 * MATRIX_FEATURES.length + (MATRIX_FEATURES.length + 2) * hidden + 1,
    scales: [[MATRIX_FEATURES.length, MATRIX_FEATURES.length]],
  },
} as const

const isModel = (model: unknown): model is keyof typeof models =>
  typeof model === 'string' && Object.hasOwn(models, model)

const whole = (array: unknown): array is Float64Array =>
  (array instanceof Float64Array || array instanceof Float32Array) && array.every(Number.isFinite)

/** Checks weights, which may have been loaded or made by hand; arrays come back shared. */
export function checkWeights(method: string, argument: string, given: unknown): PreconditionerWeights {
  const wrong = (wanted: string, found: unknown) => refuse('ERR_OPTION', method, argument, wanted, found)
  if (typeof given !== 'object' || given === null || (given as { kind?: unknown }).kind !== 'weights')
    throw wrong('weights of trainPreconditioner or loadWeights', given)
  const weights = given as Readonly<Record<string, unknown>>
  const { version, model, features, numbers, rate, trained = '', seed = 0 } = weights
  if (version !== WEIGHTS_VERSION) throw wrong(`of version ${WEIGHTS_VERSION}`, version)
  if (!isModel(model)) throw wrong("for the model 'prolongation', 'incompleteFactor' or 'relaxation'", model)
  const known = models[model]
  const expected: readonly string[] = known.features
  if (!Array.isArray(features) || features.length !== expected.length || expected.some((f, at) => f !== features[at]))
    throw wrong('with the features that this version knows', features)
  const sizes = known.sizes.map(name => {
    const [size, most] = [weights[name], name === 'rounds' ? MOST_ROUNDS : MOST_UNITS]
    if (!(Number.isInteger(size) && (size as number) >= 1 && (size as number) <= most))
      throw wrong(`with 1 to ${most} units in a layer`, size)
    return size as number
  })
  const size = (known.network as (...sizes: number[]) => number)(...sizes)
  const several = model === 'prolongation'
  if (!whole(numbers) || numbers.length === 0 || (several ? numbers.length % size !== 0 : numbers.length !== size))
    throw wrong(`with finite numbers, ${several ? 'a multiple of ' : ''}${size}`, numbers)
  for (let at = 0; at < numbers.length; at += size)
    for (const [first, count] of known.scales)
      if (!numbers.subarray(at + first, at + first + count).every(scale => scale > 0))
        throw wrong('with positive scales of features', numbers)
  if (!(typeof rate === 'number' && rate > 0 && rate < 1)) throw wrong('with a rate between 0 and 1', rate)
  const common = {
    kind: 'weights',
    version,
    features: expected,
    numbers: sharedFloat64(numbers),
    rate,
    trained: String(trained),
    seed: Number(seed),
  } as const
  const [first, second] = sizes as [number, number]
  if (model === 'relaxation') return { ...common, model, hidden: first }
  if (model === 'incompleteFactor') {
    const { start } = weights
    if (start !== 'ic0' && start !== 'ric') throw wrong("that start from 'ic0' or 'ric'", start)
    return { ...common, model, start, hidden: first, rounds: second }
  }
  const { damping, smoother, correction } = weights
  const head = (array: unknown): Float64Array => {
    if (!whole(array) || (array.length !== 0 && array.length !== HEAD))
      throw wrong(`with ${HEAD} finite coefficients of ratios and scales, or none`, array)
    return sharedFloat64(array)
  }
  if (!(typeof damping === 'number' && damping >= 0 && damping < 2)) throw wrong('with a damping in [0, 2)', damping)
  return { ...common, model, first, second, damping, smoother: head(smoother), correction: head(correction) }
}
