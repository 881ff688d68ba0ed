import { run } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Factors, RidgeScaling } from './model.ts'
import type { Observations } from './observations.ts'
import { sampledResidual } from './sampled-residual.ts'

/** What is minimised. */
export interface Problem {
  readonly observed: Observations
  /** Entries to judge by; undefined where there are none. */
  readonly held: Observations['byRow'] | undefined
  /** Sum of the weights. */
  readonly weight: number
  /** Root mean square of the values. */
  readonly size: number
  readonly mean: number
  readonly biases: boolean
  readonly ridge: number
  readonly biasRidge: number
  readonly scaling: RidgeScaling
  readonly confidence: number | undefined
  readonly nonnegative: boolean
  readonly single: boolean
  readonly range: readonly [number, number] | undefined
}

const none = float64(0)

/** mean + biases, or nothing where all are zero. */
export function offsetsOf({ mean, biases }: Problem, own: Float64Array): Float64Array {
  if (!biases) return none
  const offsets = copied(own)
  for (let i = 0; i < offsets.length; i++) offsets[i]! += mean
  return offsets
}

/** Errors on observed entries, into `errors` where it is not empty; returns the sum of their weighted squares. */
export function* residual(problem: Problem, factors: Factors, errors = none): Steps<number> {
  const { observed } = problem
  return yield* run(
    sampledResidual,
    observed.byRow,
    observed.rowWeights,
    offsetsOf(problem, factors.rowBiases),
    factors.columnBiases,
    factors.left,
    factors.right,
    factors.rank,
    errors,
  )
}

/** Root mean square of the errors on the entries that were held out. */
export function* heldError(problem: Problem, { rank, left, right, rowBiases, columnBiases }: Factors): Steps<number> {
  const { held, range } = problem
  if (held === undefined) return Number.NaN
  const errors = float64(range === undefined ? 0 : held.nonZeros)
  const rows = offsetsOf(problem, rowBiases)
  let square = yield* run(sampledResidual, held, none, rows, columnBiases, left, right, rank, errors)
  if (range !== undefined) {
    square = 0
    errors.forEach((error, e) => {
      const y = held.values[e]!
      square += (y - Math.min(range[1], Math.max(range[0], y - error))) ** 2
    })
  }
  return Math.sqrt(square / held.nonZeros)
}

/** The penalty on the factors and biases. */
export function penalty(problem: Problem, { rank, left, right, rowBiases, columnBiases }: Factors): number {
  const { observed, ridge, biasRidge, scaling } = problem
  const side = (A: Observations['byRow'], factor: Float64Array, biases: Float64Array): number => {
    const { rows, rowPointers } = A.pattern
    let sum = 0
    for (let i = 0; i < rows; i++) {
      const count = scaling === 'count' ? rowPointers[i + 1]! - rowPointers[i]! : 1
      let square = biasRidge * (biases[i] ?? 0) ** 2
      for (let at = i * rank; at < (i + 1) * rank; at++) square += ridge * factor[at]! ** 2
      sum += count * square
    }
    return sum
  }
  if (ridge === 0 && biasRidge === 0) return 0
  return side(observed.byRow, left, rowBiases) + side(observed.byColumn, right, columnBiases)
}
