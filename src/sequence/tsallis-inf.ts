import { refuse } from '../core/errors.ts'
import { uniformAt } from '../core/random.ts'
import { checkArms, checkLoss, checkOptions, type Learner, type LearnerState } from './learner.ts'

/** Options of {@link tsallisInf}. */
export interface TsallisInfOptions {
  /** Importance-weighted losses (`'iw'`) or their reduced-variance form (`'rv'`, the default). */
  readonly estimator?: 'iw' | 'rv'
}

interface State extends LearnerState {
  readonly learner: 'tsallisInf'
  readonly seed: number
  readonly stream: number
  readonly rounds: number
  /** Sum of the losses seen: their mean is the unit of a loss. */
  readonly total: number
  /**
   * Per arm, one list after the other: its probability in the next round, losses over the probability that they had, summed,
   * and the baselines of the reduced-variance form.
   */
  readonly sums: Float64Array
  /** How far below the least loss the normalisation of these lay, in units of 1 / eta. */
  readonly depth: number
}

/**
 * Tsallis-INF (Zimmert and Seldin 2021), with the constants of Khodak et al. (2024, 2025): regret of the order of the
 * square root of arms times rounds even where an adversary sets the losses. Its exploration never ends. Losses are in units
 * of their mean.
 */
export function tsallisInf(options: TsallisInfOptions = {}): Learner {
  checkOptions('tsallisInf', options, ['estimator'])
  const { estimator = 'rv' } = options
  if (estimator !== 'iw' && estimator !== 'rv')
    throw refuse('ERR_OPTION', 'tsallisInf', 'option estimator', "'iw' or 'rv'", estimator)
  const rate = estimator === 'rv' ? 4 : 2
  return {
    name: 'tsallisInf',
    options,
    start(arms, seed = 0, stream = 0): State {
      const sums = new Float64Array(3 * checkArms('tsallisInf', arms))
      for (let a = 0; a < arms; a++) sums[a] = 1 / arms
      return { learner: 'tsallisInf', seed, stream, rounds: 0, total: 0, sums, depth: 2 }
    },
    choose(state) {
      const { seed, stream, rounds, sums } = state as State
      const arms = sums.length / 3
      let left = uniformAt(seed, stream, rounds)
      for (let a = 0; a < arms; a++) {
        left -= sums[a]!
        if (left < 0) return a
      }
      return arms - 1
    },
    update(state, arm, loss): State {
      const { seed, stream, rounds: before, total: spent, sums: old, depth: last } = state as State
      const arms = old.length / 3
      checkLoss('tsallisInf', arms, arm, loss)
      const rounds = before + 1
      const total = spent + loss
      const sums = new Float64Array(old)
      const p = sums[arm]!
      sums[arms + arm]! += loss / p
      if (estimator === 'rv' && rounds >= 16) {
        for (let a = 0; a < arms; a++) if (rounds * sums[a]! >= 16) sums[2 * arms + a]! += 0.5
        if (rounds * p >= 16) sums[2 * arms + arm]! -= 0.5 / p
      }
      const unit = total > 0 ? rounds / total : 1
      for (let a = 0; a < arms; a++) sums[a] = sums[arms + a]! * unit + sums[2 * arms + a]!
      const depth = normalise(sums, arms, rate / Math.sqrt(rounds + 1), last)
      return { learner: 'tsallisInf', seed, stream, rounds, total, sums, depth }
    },
  }
}

/**
 * Overwrites the first `arms` losses k by p_a = 4 / (eta (k_a - x))^2 with x < min k such that they sum to 1; returns (min k - x) eta. Newton's
 * method from the depth of the last round: the sum is convex in x, so that from the first step on x falls to the root; where
 * that step goes beyond min k - 2 / eta, at which the sum is at least 1, it begins there.
 */
function normalise(k: Float64Array, arms: number, eta: number, depth: number): number {
  let least = k[0]!
  for (let a = 1; a < arms; a++) if (k[a]! < least) least = k[a]!
  // in units of 1 / eta from the least loss: p = (2 / (g + y))^2, y = depth
  for (let a = 0; a < arms; a++) k[a] = (k[a]! - least) * eta
  let y = depth
  for (let step = 0; step < 100; step++) {
    let sum = 0
    let slope = 0
    for (let a = 0; a < arms; a++) {
      const root = 2 / (k[a]! + y)
      sum += root * root
      slope += root * root * root
    }
    const move = (sum - 1) / slope
    y = Math.max(2, y + move)
    if (Math.abs(move) <= 1e-9 * y) break
  }
  let sum = 0
  for (let a = 0; a < arms; a++) {
    const root = 2 / (k[a]! + y)
    k[a] = root * root
    sum += k[a]!
  }
  for (let a = 0; a < arms; a++) k[a]! /= sum
  return y
}
