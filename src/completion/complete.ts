import { type Call, forms } from '../core/method.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { sweep } from './alt-min.ts'
import { canonical } from './canonical.ts'
import { coherenceOf } from './coherence.ts'
import { type Fitted, type Swept, sweepUntil } from './fit.ts'
import { GaussNewton } from './gauss-newton.ts'
import { scaledGradientStep, softImputeStep } from './gradient.ts'
import { implicitLoss } from './implicit.ts'
import type { Completion, Factors } from './model.ts'
import { countsOf, type Observed, ownObserved } from './observations.ts'
import { Opening } from './opening.ts'
import { type CompleteOptions, checkComplete, completeKeys, type Settings } from './options.ts'
import { type Prepared, prepare } from './prepare.ts'
import { heldError, type Problem, penalty, residual } from './problem.ts'
import { spectralStart } from './start.ts'

const { async, sync } = forms<[Observed, CompleteOptions], Completion>(
  'complete',
  1,
  completeKeys,
  function* (call, given, options) {
    const { A, weights } = yield* ownObserved(call, 'observed', given, options?.duplicates)
    const settings = checkComplete(call.name, options, A.rows, A.columns)
    const prepared = yield* prepare(call, { A, weights }, settings, options.validation)
    return yield* completed(call, prepared, settings)
  },
)

/**
 * Completes a matrix of low rank from some of its entries: left and right minimise the sum over observed entries of
 * w (value - mean - rowBias - columnBias - left_i . right_j)^2 + ridge (||left||^2 + ||right||^2), from a spectral start
 * by alternating minimisation. 24 to 32 |Omega| rank flops a sweep by conjugate gradients, 2 |Omega| rank^2 exactly. The
 * same bits for any number of threads. `completeSync` is the same, blocking.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE (of lengths; a rank is ERR_OPTION; thin rows that are to be refused, and no
 * observations, ERR_SHAPE), ERR_INDEX (out of range, or twice), ERR_NOT_FINITE, ERR_OPTION
 */
export const complete = async

/** {@link complete}, blocking. */
export const completeSync = sync

const ends = { monotone: true, exact: 1e-15 }
const endings = {
  altMin: ends,
  als: ends,
  softImpute: ends,
  scaledGd: { monotone: false, exact: 1e-15 },
  gnmr: { monotone: false, exact: 5e-14 }, // a step computes a matrix of twice the norm, and its errors from that
}

/** Fits a prepared problem, from `begun` where that is given. */
export function* completed(
  call: Call,
  { problem, thin }: Prepared,
  settings: Settings,
  begun?: Factors,
): Steps<Completion> {
  const factors = begun ?? (yield* spectralStart(call.name, problem, settings.rank, settings.seed))
  const fitted = yield* sweepUntil(
    problem,
    factors,
    { ...settings, ...endings[settings.method] },
    stepOf(call.name, problem, factors, settings),
  )
  return yield* finished(call.name, problem, factors, settings, fitted, thin)
}

/*
 * While a direction is still carried by a single row, three steps say little to the rows that do not meet it. Of six 1000 x 1000
 * matrices with singular values 1 .. 0.01, a fifth of the entries seen, three then took 27 to 47 sweeps at rank 10, where
 * exact ones take 21 to 25, and all took 33 or more at rank 20, one over 60. Twice the steps in the first sweeps, and all take what exact ones take.
 */
const OPENING = 6

const ETA = 0.5 // step of scaled gradient descent

/** One sweep of the method that was chosen. */
function stepOf(name: string, problem: Problem, factors: Factors, settings: Settings): () => Steps<Swept> {
  const { method, steps } = settings
  let done = 0
  if (method === 'scaledGd')
    return function* () {
      yield* scaledGradientStep(name, problem, factors, ETA)
      return { square: yield* residual(problem, factors), penalty: 0 }
    }
  if (method === 'gnmr') {
    const recovery = new GaussNewton(name, problem, factors)
    return function* () {
      const square = yield* recovery.step()
      return { square, penalty: penalty(problem, factors) }
    }
  }
  if (method === 'softImpute')
    return function* () {
      const square = yield* softImputeStep(name, problem, factors)
      return { square, penalty: penalty(problem, factors) }
    }
  const opening = new Opening(problem)
  return function* () {
    const enough = done++ < OPENING ? 2 * steps : steps
    const square = yield* sweep(name, opening.problem, factors, method === 'altMin' ? enough : 0)
    if (!opening.isOver) {
      opening.after(Math.sqrt(square / problem.weight))
      return { square, penalty: 0, opening: true }
    }
    const own = penalty(problem, factors)
    return problem.confidence === undefined ? { square, penalty: own } : yield* implicitLoss(problem, factors, own)
  }
}

function* finished(
  name: string,
  problem: Problem,
  factors: Factors,
  settings: Settings,
  { sweeps, reason, train, validation }: Fitted,
  thin: Prepared['thin'],
): Steps<Completion> {
  if (!problem.nonnegative)
    yield* canonical(name, factors, problem.scaling === 'none' && problem.confidence === undefined)
  const { rank, left, right, rowBiases, columnBiases } = factors
  const { rows, columns } = problem.observed.byRow
  const last =
    problem.confidence === undefined
      ? yield* residual(problem, factors)
      : (yield* implicitLoss(problem, factors, 0)).square
  const trainError = Math.sqrt(last / problem.weight)
  if (reason !== 'stagnated' && train.length > 0) train[train.length - 1] = trainError
  const held = problem.held !== undefined
  return {
    left: { rows, columns: rank, values: sharedFloat64(left) },
    right: { rows: columns, columns: rank, values: sharedFloat64(right) },
    ...(problem.biases
      ? { mean: problem.mean, rowBiases: sharedFloat64(rowBiases), columnBiases: sharedFloat64(columnBiases) }
      : {}),
    ...(problem.range === undefined ? {} : { range: problem.range }),
    ridge: problem.ridge,
    biasRidge: problem.biasRidge,
    ridgeScaling: problem.scaling,
    ...(problem.confidence === undefined ? {} : { confidence: problem.confidence }),
    nonnegative: problem.nonnegative,
    rowCounts: countsOf(problem.observed.byRow),
    columnCounts: countsOf(problem.observed.byColumn),
    method: settings.method,
    trainError,
    ...(held ? { validationError: yield* heldError(problem, factors) } : {}),
    sweeps,
    converged: reason === 'converged',
    reason,
    history: {
      train: shared(train),
      ...(held ? { validation: shared(validation) } : {}),
    },
    coherence: {
      left: yield* coherenceOf(name, left, rows, rank),
      right: yield* coherenceOf(name, right, columns, rank),
    },
    thin,
  }
}

function shared(list: readonly number[]): Float64Array {
  const array = float64(list.length)
  array.set(list)
  return array
}
