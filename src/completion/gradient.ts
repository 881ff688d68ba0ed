import { run } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { eighOf } from '../dense/eigh.ts'
import { gramOf } from '../dense/gram.ts'
import { addTimes, times } from '../dense/times.ts'
import type { Csr } from '../sparse/csr.ts'
import { sparseTimes } from '../sparse/times.ts'
import { gathered } from '../sparse/transpose.ts'
import { transpositionOf } from '../sparse/transposed.ts'
import type { Factors } from './model.ts'
import { type Problem, residual } from './problem.ts'

const LEAST = 1e-14 // share of the largest eigenvalue below which a direction is not divided by

/** The errors on the observed entries, as a sparse matrix and its transpose, and the sum of their squares. */
export function* errorsOf(problem: Problem, factors: Factors): Steps<{ E: Csr; across: Csr; square: number }> {
  const { byRow, byColumn, rowWeights } = problem.observed
  const errors = float64(byRow.nonZeros)
  const square = yield* residual(problem, factors, errors)
  if (rowWeights.length > 0) for (let e = 0; e < errors.length; e++) errors[e]! *= rowWeights[e]!
  const { order } = yield* transpositionOf(byRow.pattern)
  return { E: byRow.withValues(errors), across: byColumn.withValues(yield* gathered(errors, order)), square }
}

/** F^T F and (F^T F + shift)^-1, where directions that F does not have stay out. */
export function* gramInverse(method: string, F: Dense, shift: number): Steps<{ gram: Dense; inverse: Dense }> {
  const k = F.columns
  const square = (values: Float64Array): Dense => ({ rows: k, columns: k, values })
  const [gram, Q, w] = [square(float64(k * k)), float64(k * k), float64(k)]
  yield* run(gramOf, F.values, k, gram.values)
  Q.set(gram.values)
  yield* eighOf(method, Q, k, w, true)
  const scaled = float64(k * k)
  const least = LEAST * w[k - 1]!
  for (let at = 0; at < Q.length; at++) {
    const value = w[at % k]! + shift
    scaled[at] = value > least ? Q[at]! / value : 0
  }
  return { gram, inverse: yield* times(square(scaled), square(Q), 'B') }
}

const dense = (values: Float64Array, rows: number, columns: number): Dense => ({ rows, columns, values })

/**
 * A step of scaled gradient descent (Tong, Ma and Chi 2021): L + (eta / p) E R (R^T R)^-1, and likewise R, both from what
 * they were; E: errors. 8 |Omega| k flops. Returns the sum of squares before the step.
 */
export function* scaledGradientStep(method: string, problem: Problem, factors: Factors, eta: number): Steps<number> {
  const { rank } = factors
  const { rows, columns, nonZeros } = problem.observed.byRow
  const { E, across, square } = yield* errorsOf(problem, factors)
  const [L, R] = [dense(factors.left, rows, rank), dense(factors.right, columns, rank)]
  const step = (eta * rows * columns) / nonZeros
  const ofRight = yield* gramInverse(method, R, 0)
  const ofLeft = yield* gramInverse(method, L, 0)
  const [left, right] = [dense(copied(L.values), rows, rank), dense(copied(R.values), columns, rank)]
  yield* addTimes(left, step, yield* sparseTimes(E, R), ofRight.inverse)
  yield* addTimes(right, step, yield* sparseTimes(across, L), ofLeft.inverse)
  factors.left = left.values
  factors.right = right.values
  return square
}

/**
 * A sweep of softImpute-ALS (Hastie, Mazumder, Lee and Zadeh 2015): entries that were not observed are what the factors say,
 * so that all rows of a factor share one k x k system: L = (E R + L R^T R) (R^T R + ridge)^-1. 8 |Omega| k flops.
 */
export function* softImputeStep(method: string, problem: Problem, factors: Factors): Steps<number> {
  const { rank } = factors
  const { rows, columns } = problem.observed.byRow
  for (const side of ['left', 'right'] as const) {
    const { E, across } = yield* errorsOf(problem, factors)
    const ofLeft = side === 'left'
    const fixed = ofLeft ? dense(factors.right, columns, rank) : dense(factors.left, rows, rank)
    const wanted = ofLeft ? dense(factors.left, rows, rank) : dense(factors.right, columns, rank)
    const { gram, inverse } = yield* gramInverse(method, fixed, problem.ridge)
    const target = yield* sparseTimes(ofLeft ? E : across, fixed)
    yield* addTimes(target, 1, wanted, gram)
    factors[side] = (yield* times(target, inverse)).values
  }
  return yield* residual(problem, factors)
}
