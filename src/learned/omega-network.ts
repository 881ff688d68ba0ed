import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { normalised } from './features.steps.ts'

/** What the network is told of a matrix, in this order; all without unit. */
export const MATRIX_FEATURES = [
  'logarithm of unknowns',
  'entries of a row',
  'couplings over diagonal',
  'share of positive couplings',
  'largest coupling of a row over all',
  'spread of logarithms of diagonals',
  'logarithm of bandwidth over that of unknowns',
] as const

const F = MATRIX_FEATURES.length
const GRAIN = 20_000
const REACH = 2 // 1 - omega is exp(-REACH) to exp(REACH) times the rule

/** The features of a matrix. */
export function* matrixFeatures({ pattern, values }: CsrData): Steps<Float64Array> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const sums = { couplings: 0, positive: 0, largest: 0, logs: 0, squares: 0, distance: 0, counted: 0 }
  for (let i = 0, work = 0; i < n; i++) {
    let [sum, positive, largest, diagonal] = [0, 0, 0, 0]
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const size = Math.abs(values[k]!)
      if (columnIndices[k] === i) {
        diagonal = size
        continue
      }
      sum += size
      if (values[k]! > 0) positive += size
      largest = Math.max(largest, size)
      sums.distance += Math.abs(columnIndices[k]! - i)
    }
    work += rowPointers[i + 1]! - rowPointers[i]!
    if (work > GRAIN) {
      work = 0
      yield tick
    }
    if (!(diagonal > 0)) continue
    const log = Math.log(diagonal)
    sums.logs += log
    sums.squares += log * log
    sums.couplings += sum / diagonal
    if (!(sum > 0)) continue
    sums.counted++
    sums.positive += positive / sum
    sums.largest += largest / sum
  }
  const [count, counted, couplings] = [Math.max(1, n), Math.max(1, sums.counted), Math.max(1, columnIndices.length - n)]
  return Float64Array.of(
    Math.log(count),
    columnIndices.length / count,
    sums.couplings / count,
    sums.positive / counted,
    sums.largest / counted,
    Math.sqrt(Math.max(0, sums.squares / count - (sums.logs / count) ** 2)),
    Math.log(1 + sums.distance / couplings) / Math.log(2 + n),
  )
}

/** What the network sees of the features. */
export const seenFeatures = (features: Float64Array, numbers: ArrayLike<number>): Float64Array =>
  features.map((value, f) => normalised(value, numbers[f]!, numbers[F + f]!))

/** One hidden layer with tanh: W1 by rows, b1, w2, b2, from `start` on. */
export function omegaOutput(hidden: number, theta: ArrayLike<number>, start: number, x: Float64Array): number {
  const bias = start + F * hidden
  let output = theta[bias + 2 * hidden]!
  for (let h = 0; h < hidden; h++) output += theta[bias + hidden + h]! * unit(hidden, theta, start, x, h)
  return output
}

function unit(hidden: number, theta: ArrayLike<number>, start: number, x: Float64Array, h: number): number {
  let sum = theta[start + F * hidden + h]!
  for (let f = 0; f < F; f++) sum += theta[start + h * F + f]! * x[f]!
  return Math.tanh(sum)
}

/** Adds to `gradient` what an output with derivative `g` gives. */
export function omegaBack(
  hidden: number,
  theta: ArrayLike<number>,
  x: Float64Array,
  g: number,
  gradient: Float64Array,
): void {
  const bias = F * hidden
  gradient[bias + 2 * hidden]! += g
  for (let h = 0; h < hidden; h++) {
    const value = unit(hidden, theta, 0, x, h)
    gradient[bias + hidden + h]! += g * value
    const d = g * theta[bias + hidden + h]! * (1 - value * value)
    gradient[bias + h]! += d
    for (let f = 0; f < F; f++) gradient[h * F + f]! += d * x[f]!
  }
}

/** The logarithm of what 1 - omega is of the rule, for an output of the network, and its derivative. */
export const shiftOf = (output: number): number => REACH * Math.tanh(output)
export const shiftSlope = (output: number): number => REACH * (1 - Math.tanh(output) ** 2)

/** The rule: 1 - omega = 0.7 / sqrt(n). */
export const ruleOf = (n: number): number => 1 - relaxed(n, 0)

/** 1 - omega at a distance from the rule. */
const relaxed = (n: number, shift: number): number => Math.min(1, (0.7 / Math.sqrt(Math.max(1, n))) * Math.exp(shift))

/** Omega at a distance from the rule. */
export const omegaAt = (n: number, shift: number): number => 1 - relaxed(n, shift)
