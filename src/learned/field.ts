import { exp, log } from '../core/elementary.ts'
import { uniformAt } from '../core/random.ts'
import { gaussianField } from '../sparse/gallery/random-field.ts'

/** Stream of the few numbers that a family draws for itself: fields and points have the lower ones. */
const DRAWS = 3

/** What a member of a family is drawn from. */
export interface FamilyOptions {
  /** An integer from 0 to 2^53 - 1; default 0. The same seed gives the same bits on every machine. */
  readonly seed?: number
  /** Largest over smallest coefficient; default 10^U(1, 3), drawn. */
  readonly contrast?: number
  /** Correlation length l of the field in units of the domain; default log-uniform in [.05, .3], drawn. */
  readonly length?: number
}

export const drawn = (seed: number, index: number): number => uniformAt(seed, DRAWS, index)

/**
 * Coefficients contrast^g on the centres of m^dimension cells: g is a Gaussian field of covariance exp(-d^2 / l^2), that
 * is of spectrum exp(-|k|^2 (pi l / 2)^2) on a doubled box, scaled to [0, 1].
 */
export function fieldCoefficients(dimension: 2 | 3, m: number, seed: number, options: FamilyOptions): Float64Array {
  const { contrast = exp(log(10) * (1 + 2 * drawn(seed, 0))) } = options
  const { length = 0.05 * exp(log(6) * drawn(seed, 1)) } = options
  const g = gaussianField(dimension, m, length, seed)
  let [least, most] = [g[0]!, g[0]!]
  for (const value of g) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  const size = most > least ? log(contrast) / (most - least) : 0
  for (let c = 0; c < g.length; c++) g[c] = exp(size * (g[c]! - least))
  return g
}
