import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { type Call, forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed, fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import { ask, type Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { cgMethod } from '../krylov/cg.ts'
import { amg } from '../precondition/amg.ts'
import { numberOption, type Recipe } from '../precondition/recipe.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { learned } from './learned.ts'
import { type Prepared, prepareSteps } from './prepare.ts'
import { type TrainingProgress, trainProlongation } from './train-prolongation.ts'
import type { PreconditionerWeights } from './weights.ts'

/** Matrices to learn from: a list, or a function that makes the one that a number names, and how many. */
export type Samples = readonly CsrData[] | { readonly make: (index: number) => CsrData; readonly count: number }

/** Options of {@link trainPreconditioner}. */
export interface TrainingOptions extends Omit<ControlOptions, 'onProgress' | 'timeLimit'> {
  readonly model: 'prolongation'
  /** Symmetric positive definite matrices of a few hundred to some ten thousand unknowns. */
  readonly samples: Samples
  /** Others of the same kind, on which training is judged: it ends where they gain no more. */
  readonly validation: Samples
  /** An integer from 0 to 2^53 - 1; default 0. The same seed gives the same weights on one machine. */
  readonly seed?: number
  /** Steps of Adam, at most; default 1500. */
  readonly steps?: number
  /** Samples of a step; default 3. */
  readonly batch?: number
  /** The rate of the first step, from which it falls to zero; default 0.005. */
  readonly learningRate?: number
  /** Units of the two hidden layers, 1 to 64; default [8, 8]. */
  readonly hidden?: readonly [number, number]
  /** Iterations of CG in the loss, 1 to 16; default 5. */
  readonly iterations?: number
  /** What the samples are, in words that stand with the weights. */
  readonly trained?: string
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** What training came to. */
export interface TrainingReport {
  /** Levels of matrices that were learned from, and that training was judged on. */
  readonly samples: number
  readonly validation: number
  readonly steps: number
  /** Iterations that the loss promises for the validation set, relative to smoothed aggregation: a geometric mean. */
  readonly promised: number
  /** Iterations of `cg` to 1e-8 on each validation matrix, with smoothed aggregation and with the weights. */
  readonly iterations: readonly (readonly [classical: number, learned: number])[]
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
  'trained',
] as const

const VALIDATION = 2 ** 20 // of the streams of right-hand sides: those of the validation set are from here on
const LEVELS = 32 // streams of a matrix
const TOLERANCE = 1e-8
/** Of small validation systems the rate says little: below this a solve takes no 15 iterations anyway. */
const LEAST_RATE = 0.25

const { async, sync } = forms<[Omit<TrainingOptions, 'onProgress'>, TrainingOptions['onProgress']?], Result>(
  'trainPreconditioner',
  0,
  keys,
  train,
)

/**
 * Trains a preconditioner for matrices like the samples, in a minute or two. The model `'prolongation'` learns how smoothed
 * aggregation should weigh the terms of its prolongations, and the ratio of its smoother: two networks of 14 inputs and
 * some hundred parameters, trained so that few iterations of CG reduce the energy norm of the error most.
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
  const { model, seed = 0, steps = 1500, batch = 3, learningRate = 0.005, hidden = [8, 8], iterations = 5 } = options
  const { trained = '' } = options
  if (model !== 'prolongation') throw refuse('ERR_OPTION', call.name, 'option model', "'prolongation'", model)
  checkSeed(call.name, 'option seed', seed)
  if (!Array.isArray(hidden) || hidden.length !== 2)
    throw refuse('ERR_OPTION', call.name, 'option hidden', 'two numbers of units', hidden)
  const settings = {
    first: integerOption(call.name, 'hidden', hidden[0], 1, 64),
    second: integerOption(call.name, 'hidden', hidden[1], 1, 64),
    steps: integerOption(call.name, 'steps', steps, 1, 1e6),
    batch: integerOption(call.name, 'batch', batch, 1, 1000),
    iterations: integerOption(call.name, 'iterations', iterations, 1, 16),
    learningRate: numberOption(call.name, 'learningRate', learningRate, 0, 1, true),
    seed,
  }
  if (typeof trained !== 'string') throw refuse('ERR_OPTION', call.name, 'option trained', 'a text', trained)
  const samples = yield* prepared(call, 'samples', options.samples, seed, 0)
  const validation = yield* prepared(call, 'validation', options.validation, seed, VALIDATION)
  const report = function* (progress: TrainingProgress): Steps<void> {
    if (onProgress !== undefined) yield* ask('option onProgress', () => onProgress(progress))
  }
  const found = yield* trainProlongation(samples.levels, validation.levels, settings, report)
  const unrated: PreconditionerWeights = { ...found.weights, rate: 0.5, trained }
  const counts: (readonly [number, number])[] = []
  let rate = LEAST_RATE
  for (const [at, A] of validation.matrices.entries()) {
    const [classical] = yield* solve(call.name, A, amg(), seed, at)
    const [iterations, left] = yield* solve(call.name, A, learned(unrated), seed, at)
    counts.push([classical, iterations])
    rate = Math.max(rate, left)
  }
  return {
    weights: { ...unrated, rate: Math.fround(Math.min(0.7, rate)) },
    report: {
      samples: samples.levels.length,
      validation: validation.levels.length,
      steps: found.steps,
      promised: found.iterations,
      iterations: counts,
      milliseconds: performance.now() - begun,
    },
  }
}

/** The matrices of a set, and their levels. */
function* prepared(
  call: Call,
  name: 'samples' | 'validation',
  given: unknown,
  seed: number,
  stream: number,
): Steps<{ matrices: readonly Csr[]; levels: readonly Prepared[] }> {
  const option = `option ${name}`
  const { make, count } = (given ?? {}) as { make?: unknown; count?: unknown }
  const listed = Array.isArray(given)
  if (!listed && typeof make !== 'function')
    throw refuse('ERR_OPTION', call.name, option, 'a list of matrices, or { make, count }', given)
  const total = listed ? given.length : integerOption(call.name, `${name}.count`, count, 1, 1e5)
  const matrices: Csr[] = []
  const levels: Prepared[] = []
  for (let at = 0; at < total; at++) {
    const made = listed ? given[at] : yield* ask(option, () => (make as (index: number) => unknown)(at))
    const A = Csr.from(made as CsrData, call.name)
    if (A.rows !== A.columns)
      throw refuse('ERR_SHAPE', call.name, `${option}[${at}]`, 'square', `${A.rows} x ${A.columns}`)
    yield* requireSymmetric(call.name, A)
    const found = yield* prepareSteps(call.name, A, seed, stream + LEVELS * at)
    if (found === undefined)
      throw refuse('ERR_OPTION', call.name, `${option}[${at}]`, 'positive definite', 'a matrix without a hierarchy')
    levels.push(...found)
    matrices.push(A)
  }
  if (levels.length === 0)
    throw refuse(
      'ERR_OPTION',
      call.name,
      option,
      'matrices with levels of 150 to 2500 unknowns',
      `${total} without one`,
    )
  return { matrices, levels }
}

/** Iterations to the tolerance, and what each left of the residual in the mean. */
function* solve(method: string, A: Csr, recipe: Recipe, seed: number, at: number): Steps<readonly [number, number]> {
  const M = yield* recipe.build(method, A)
  const b = float64(A.rows)
  fillNormal(b, seed, 2 * VALIDATION + at)
  const stopping = { rtol: TOLERANCE, atol: 0, maxIterations: 1000, warm: false, history: true, slow: 0 }
  const { iterations, history } = yield* run(cgMethod, A, b, float64(A.rows), M, float64(0), stopping)
  return [iterations, (history[iterations]! / history[0]!) ** (1 / Math.max(1, iterations))]
}
