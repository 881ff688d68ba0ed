import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { copied, float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { eighOf } from '../dense/eigh.ts'
import { ownDense } from '../dense/own.ts'
import { addTimes, columnsOf, times } from '../dense/times.ts'
import { gramInverse } from './gradient.ts'
import { byFunctions, byStack, type Measured, norm, powerOf, type SensingOperator } from './measurements.ts'
import type { CompletionReason } from './model.ts'
import { numberOption, oneOf } from './options.ts'
import { rebalancedDescent } from './rebalanced.ts'

/** What {@link matrixSensing} is given. */
export interface MatrixSensingOptions extends ControlOptions {
  /** A stack of measurement matrices, one a row of n^2 numbers, or functions. */
  readonly operator: Dense | SensingOperator
  /** One for each measurement. */
  readonly values: ArrayLike<number>
  readonly rank: number
  /** Default `'scaledGd'`; `'subgradient'` bears gross outliers; `'rebalanced'` finds any square matrix. */
  readonly method?: 'scaledGd' | 'subgradient' | 'rebalanced'
  /** Default 1000, of `'rebalanced'` 10 000. */
  readonly maxIterations?: number
  /** Of the residual beside the values (of `'subgradient'` medians of both); default 1e-12. */
  readonly rtol?: number
  /** Of `'scaledGd'` and `'rebalanced'` 0.4, of `'subgradient'` 0.25, which falls by a factor of `decay` an iteration. */
  readonly step?: number
  /** Of `'subgradient'`; default 0.985. */
  readonly decay?: number
  /** Of `'scaledGd'`: share of the residual that the damping is at most; default 0.2. 0: none. */
  readonly damping?: number
  /** Of the random factors that `'rebalanced'` begins with: beside the root of the norm of X; default 0.5. */
  readonly scale?: number
  /** Of those; default 0. */
  readonly seed?: number
}

/** A positive semidefinite matrix factor factor^T, or factor right^T where there is a right factor. */
export interface Sensed {
  /** n x rank */
  readonly factor: Dense
  /** n x rank, of `'rebalanced'`. */
  readonly right?: Dense
  readonly iterations: number
  /** Beside the values, as `rtol` is. */
  readonly relativeResidual: number
  readonly converged: boolean
  readonly reason: CompletionReason
  /** Relative residuals before each iteration, and at the end. */
  readonly history: Float64Array
}

const FIRST = 0.05 // share of the least eigenvalue of the start that damping begins with
const BEYOND = 1e6 // times the first residual
const STEPS = { scaledGd: 0.4, subgradient: 0.25, rebalanced: 0.4 }

const { async, sync } = forms<[MatrixSensingOptions], Sensed>(
  'matrixSensing',
  0,
  ['operator', 'values', 'rank', 'method', 'maxIterations', 'rtol', 'step', 'decay', 'damping', 'scale', 'seed'],
  function* (call, options) {
    const { name } = call
    if (options === undefined) throw refuse('ERR_OPTION', name, 'options', '{ operator, values, rank }', options)
    const method = oneOf(name, 'method', options.method ?? 'scaledGd', [
      'scaledGd',
      'subgradient',
      'rebalanced',
    ] as const)
    const given = options.operator
    const stack = isDense(given) ? yield* ownDense(call, 'operator', given) : undefined
    const whole =
      stack === undefined ? byFunctions(name, given as SensingOperator, options.values) : byStack(name, stack)
    const measured: Measured = { ...whole, adjoint: r => symmetric(whole.adjoint(r)) }
    const y = yield* ownVector(call, 'values', options.values, measured.m)
    const rank = integerOption(name, 'rank', options.rank, 1, Math.max(1, measured.n))
    const even = method !== 'rebalanced'
    const most = integerOption(name, 'maxIterations', options.maxIterations ?? (even ? 1000 : 10_000), 0, 1e9)
    const rtol = numberOption(name, 'rtol', options.rtol ?? 1e-12)
    const step = numberOption(name, 'step', options.step ?? STEPS[method], true)
    const decay = numberOption(name, 'decay', options.decay ?? 0.985, true)
    const damping = numberOption(name, 'damping', options.damping ?? 0.2)
    const scale = numberOption(name, 'scale', options.scale ?? 0.5, true)
    const seed = checkSeed(name, 'option seed', options.seed ?? 0)
    const scaled = method === 'scaledGd'
    const { m } = measured
    if (!even) {
      const found = yield* rebalancedDescent(name, whole, y, { rank, step, rtol, most, seed, scale })
      return { right: found.right, ...outcome(found.left, found.history, found.reason) }
    }
    const start = yield* measured.adjoint(scaled ? copied(y) : signsOf(y))
    const { X, least } = yield* leadingPart(name, start, rank, m)
    const power = yield* powerOf(measured, yield* times(X, X, 'B'))
    if (scaled) for (let at = 0; at < X.values.length; at++) X.values[at]! /= Math.sqrt(power)
    const sizeOf = scaled ? norm : median
    const size = sizeOf(y)
    let factor = X
    const history: number[] = []
    let reason: CompletionReason = 'max-iterations'
    for (let done = 0; ; done++) {
      const residual = yield* measured.apply(yield* times(factor, factor, 'B'))
      for (let i = 0; i < m; i++) residual[i]! -= y[i]!
      const relative = size > 0 ? sizeOf(residual) / size : 0
      history.push(relative)
      if (relative <= rtol) reason = 'converged'
      else if (!(relative <= BEYOND * Math.max(1, history[0]!))) reason = 'diverged'
      else if (done === most) reason = 'max-iterations'
      else {
        if (yield* iterate(done + 1, relative)) {
          reason = 'time-limit'
          break
        }
        if (scaled) {
          const left = norm(residual) / Math.sqrt(m * power)
          const lambda = damping === 0 ? 0 : Math.min((FIRST * least) / power, damping * left)
          factor = yield* scaledStep(name, measured, factor, residual, step / (m * power), lambda)
        } else factor = yield* subgradientStep(name, measured, factor, residual, step * decay ** done)
        continue
      }
      break
    }
    return outcome(factor, history, reason)
  },
)

function outcome(factor: Dense, history: readonly number[], reason: CompletionReason): Sensed {
  const { rows, columns, values } = factor
  return {
    factor: { rows, columns, values },
    iterations: history.length - 1,
    relativeResidual: history.at(-1)!,
    converged: reason === 'converged',
    reason,
    history: Float64Array.from(history),
  }
}

/**
 * A positive semidefinite matrix of low rank from linear measurements <A_i, X> = values_i, from a spectral start.
 * `'scaledGd'`: gradient descent with the gradient times (F^T F + lambda)^-1, lambda falling with the residual (Xu, Shen, Chi
 * and Ma 2023): iterations depend neither on the condition of X nor on a rank that is too large. `'subgradient'`: the
 * subgradient method on the sum of absolute residuals (Ma and Fattahi 2023), which finds X though a part of the values are
 * arbitrarily wrong; of a median residual it does not see those. `'rebalanced'`: gradient descent on
 * two factors of any square X, rebalanced once (Xiong, Ding and Du 2024). `matrixSensingSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const matrixSensing = async

/** {@link matrixSensing}, blocking. */
export const matrixSensingSync = sync

/** The symmetric part, in place: what the gradient of a symmetric X sees. */
function* symmetric(made: Steps<Dense>): Steps<Dense> {
  const A = yield* made
  const { rows: n, values } = A
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) values[i * n + j] = values[j * n + i] = (values[i * n + j]! + values[j * n + i]!) / 2
  return A
}

/** The leading eigenpairs of A / m: vectors times roots of values, zero where those are negative. */
function* leadingPart(name: string, A: Dense, rank: number, m: number): Steps<{ X: Dense; least: number }> {
  const n = A.rows
  const w = float64(n)
  yield* eighOf(name, A.values, n, w, true)
  const X = columnsOf(A, n - rank, n)
  let least = 0
  for (let c = 0; c < rank; c++) {
    const value = Math.max(0, w[n - rank + c]! / m)
    if (least === 0) least = value
    for (let i = 0; i < n; i++) X.values[i * rank + c]! *= Math.sqrt(value)
  }
  return { X, least }
}

function* scaledStep(name: string, measured: Measured, F: Dense, residual: Float64Array, eta: number, lambda: number) {
  const gradient = yield* measured.adjoint(residual)
  const { inverse } = yield* gramInverse(name, F, lambda)
  const next = { rows: F.rows, columns: F.columns, values: copied(F.values) }
  yield* addTimes(next, -eta, yield* times(gradient, F), inverse)
  return next
}

function* subgradientStep(name: string, measured: Measured, F: Dense, residual: Float64Array, eta: number) {
  const Q = yield* measured.adjoint(signsOf(residual))
  const n = Q.rows
  const [copy, w] = [float64(n * n), float64(n)]
  copy.set(Q.values)
  yield* eighOf(name, copy, n, w, false)
  const length = Math.max(Math.abs(w[0]!), Math.abs(w[n - 1]!))
  const next = { rows: F.rows, columns: F.columns, values: copied(F.values) }
  if (length > 0) yield* addTimes(next, -eta / length, Q, F)
  return next
}

function signsOf(list: Float64Array): Float64Array {
  const signs = float64(list.length)
  for (let i = 0; i < signs.length; i++) signs[i] = Math.sign(list[i]!)
  return signs
}

function median(list: Float64Array): number {
  const sorted = list.map(Math.abs).sort()
  return sorted[sorted.length >> 1] ?? 0
}
