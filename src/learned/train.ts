import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { ask, type Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { numberOption } from '../precondition/recipe.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import type { TrainingProgress } from './descend.ts'
import { FACTOR_LOSSES, type FactorLoss } from './factor-loss.steps.ts'
import { learned } from './learned.ts'
import { type Training, trainers } from './trainers.ts'
import type { PreconditionerWeights } from './weights.ts'
import { wholeSolve } from './whole-solves.ts'

/** Matrices to learn from: a list, or a function that makes the one that a number names, and how many. */
export type Samples = readonly CsrData[] | { readonly make: (index: number) => CsrData; readonly count: number }

/** Options of {@link trainPreconditioner}. */
export interface TrainingOptions extends Omit<ControlOptions, 'onProgress' | 'timeLimit'> {
  readonly model: 'prolongation' | 'incompleteFactor' | 'relaxation'
  /** Symmetric positive definite matrices of a few hundred to some ten thousand unknowns. */
  readonly samples: Samples
  /** Others of the same kind, on which training is judged: it ends where they gain no more. */
  readonly validation: Samples
  /** An integer from 0 to 2^53 - 1; default 0. The same seed gives the same weights on one machine. */
  readonly seed?: number
  /** Steps of Adam, at most; default 1500. */
  readonly steps?: number
  /** Samples of a step; default 3, for `'relaxation'` 16. */
  readonly batch?: number
  /** The rate of the first step, from which it falls to zero; default 0.005. */
  readonly learningRate?: number
  /** Units of the two hidden layers, 1 to 64 each, default [8, 8]; for the other models one number, default 8. */
  readonly hidden?: readonly [number, number] | number
  /** Iterations of CG in the loss, 1 to 16; default 5, for a factor 12. */
  readonly iterations?: number
  /** Passes of the search that fits the smoother, the coarse corrections and the damping to whole solves; default 6. */
  readonly rounds?: number
  /** Of a factor, what the network corrects: IC(0), or RIC with 1 - omega = 0.7 / sqrt(n). Default `'ic0'`. */
  readonly start?: 'ic0' | 'ric'
  /** Of a factor: `'envelope'` (default), `'inverse'` or `'neuralPCG'`. */
  readonly loss?: FactorLoss
  /** What the samples are, in words that stand with the weights. */
  readonly trained?: string
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** What training came to. */
export interface TrainingReport {
  /** Matrices, or levels of them, that were learned from, and that training was judged on. */
  readonly samples: number
  readonly validation: number
  readonly steps: number
  /** What the loss promises for the validation set, relative to no training: a geometric mean. */
  readonly promised: number
  /** Iterations of `cg` to 1e-8 on each validation matrix, with what training began with and with the weights. */
  readonly iterations: readonly (readonly [classical: number, learned: number])[]
  /** The geometric mean of their ratios, fractions of an iteration counted: what seeds are to be compared by. */
  readonly relative: number
  readonly milliseconds: number
}

type Result = { readonly weights: PreconditionerWeights; readonly report: TrainingReport }

const keys = [
  'model',
  'samples',
  'validation',
  'seed',
  'steps',
  'batch',
  'learningRate',
  'hidden',
  'iterations',
  'rounds',
  'start',
  'loss',
  'trained',
] as const

const VALIDATION = 2 ** 20 // of the streams of right-hand sides: those of the validation set are from here on
/** Rates grow a little with the size of systems: below this a solve takes no 20 iterations anyway. */
const LEAST_RATE = 0.4
const MOST_RATE = 0.7

const { async, sync } = forms<[Omit<TrainingOptions, 'onProgress'>, TrainingOptions['onProgress']?], Result>(
  'trainPreconditioner',
  0,
  keys,
  train,
)

/**
 * Trains a preconditioner for matrices like the samples, in minutes.
 *
 * - `'prolongation'` learns how smoothed aggregation should weigh the terms of its prolongations, its smoother, and how much
 *   of its coarse corrections to take: a network of 14 inputs and some hundred parameters, and a few of them for levels.
 * - `'incompleteFactor'` learns to correct the entries of an incomplete factor, by messages along its entries (Li, Chen, Du
 *   and Matusik 2023; Trifonov et al. 2024). Better than IC(0), not better than `ric0`.
 * - `'relaxation'` learns the omega of `ric0` from a few facts of the matrix.
 *
 * @throws KrylovError ERR_OPTION for bad options, and where samples are not positive definite or too small to learn from
 */
export function trainPreconditioner(options: TrainingOptions): Promise<Result> {
  const { onProgress, ...rest } = options ?? {}
  return async(rest as TrainingOptions, checked('trainPreconditioner', onProgress))
}

/** {@link trainPreconditioner}, blocking. */
export function trainPreconditionerSync(options: TrainingOptions): Result {
  const { onProgress, ...rest } = options ?? {}
  return sync(rest as TrainingOptions, checked('trainPreconditionerSync', onProgress))
}

function checked(method: string, onProgress: unknown): TrainingOptions['onProgress'] {
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw refuse('ERR_OPTION', method, 'option onProgress', 'a function', onProgress)
  return onProgress as TrainingOptions['onProgress']
}

function* train(
  call: Call,
  options: Omit<TrainingOptions, 'onProgress'>,
  onProgress: TrainingOptions['onProgress'],
): Steps<Result> {
  const begun = performance.now()
  const settings = checkTraining(call.name, options)
  const samples = yield* matricesOf(call, 'samples', options.samples)
  const validation = yield* matricesOf(call, 'validation', options.validation)
  const report = function* (progress: TrainingProgress): Steps<void> {
    if (onProgress !== undefined) yield* ask('option onProgress', () => onProgress(progress))
  }
  const trainer = trainers[settings.model]
  const { weights, classical, ...rest } = yield* trainer(call.name, samples, validation, settings, report)
  const counts: (readonly [number, number])[] = []
  let [rate, logs] = [LEAST_RATE, 0]
  for (const [at, A] of validation.entries()) {
    const before = yield* wholeSolve(call.name, A, classical(A), settings.seed, 2 * VALIDATION + at)
    const ours = yield* wholeSolve(call.name, A, learned(weights), settings.seed, 2 * VALIDATION + at)
    counts.push([before.iterations, ours.iterations])
    logs += Math.log(ours.fractional / before.fractional)
    rate = Math.max(rate, ours.rate)
  }
  return {
    weights: { ...weights, rate: Math.fround(Math.min(MOST_RATE, rate)) },
    report: {
      ...rest,
      iterations: counts,
      relative: Math.exp(logs / counts.length),
      milliseconds: performance.now() - begun,
    },
  }
}

/** Checks options and fills in defaults. */
function checkTraining(method: string, options: Omit<TrainingOptions, 'onProgress'>): Training {
  const { model, seed = 0, steps = 1500, learningRate = 0.005, rounds = 6, trained = '' } = options
  if (typeof model !== 'string' || !Object.hasOwn(trainers, model))
    throw refuse('ERR_OPTION', method, 'option model', "'prolongation', 'incompleteFactor' or 'relaxation'", model)
  checkSeed(method, 'option seed', seed)
  const layers = model === 'prolongation' ? 2 : 1
  const { hidden = layers === 2 ? [8, 8] : 8, start = 'ic0', loss = 'envelope' } = options
  const { batch = model === 'relaxation' ? 16 : 3, iterations = model === 'prolongation' ? 5 : 12 } = options
  const units: readonly unknown[] = Array.isArray(hidden) ? hidden : [hidden]
  if (units.length !== layers)
    throw refuse('ERR_OPTION', method, 'option hidden', layers === 2 ? 'two numbers of units' : 'a number', hidden)
  if (start !== 'ic0' && start !== 'ric') throw refuse('ERR_OPTION', method, 'option start', "'ic0' or 'ric'", start)
  if (!FACTOR_LOSSES.includes(loss))
    throw refuse('ERR_OPTION', method, 'option loss', FACTOR_LOSSES.map(one => `'${one}'`).join(' or '), loss)
  if (typeof trained !== 'string') throw refuse('ERR_OPTION', method, 'option trained', 'a text', trained)
  const [first, second = 1] = units.map(count => integerOption(method, 'hidden', count, 1, 64)) as [number, number?]
  return {
    model,
    first,
    second,
    start,
    loss,
    seed,
    trained,
    steps: integerOption(method, 'steps', steps, 1, 1e6),
    batch: integerOption(method, 'batch', batch, 1, 1000),
    iterations: integerOption(method, 'iterations', iterations, 1, 16),
    rounds: integerOption(method, 'rounds', rounds, 0, 1000),
    learningRate: numberOption(method, 'learningRate', learningRate, 0, 1, true),
  }
}

/** The matrices of a set. */
function* matricesOf(call: Call, name: 'samples' | 'validation', given: unknown): Steps<readonly Csr[]> {
  const option = `option ${name}`
  const { make, count } = (given ?? {}) as { make?: unknown; count?: unknown }
  const listed = Array.isArray(given)
  if (!listed && typeof make !== 'function')
    throw refuse('ERR_OPTION', call.name, option, 'a list of matrices, or { make, count }', given)
  const total = listed ? given.length : integerOption(call.name, `${name}.count`, count, 1, 1e5)
  const matrices: Csr[] = []
  for (let at = 0; at < total; at++) {
    const made = listed ? given[at] : yield* ask(option, () => (make as (index: number) => unknown)(at))
    const A = Csr.from(made as CsrData, call.name)
    if (A.rows !== A.columns)
      throw refuse('ERR_SHAPE', call.name, `${option}[${at}]`, 'square', `${A.rows} x ${A.columns}`)
    yield* requireSymmetric(call.name, A)
    matrices.push(A)
  }
  return matrices
}
