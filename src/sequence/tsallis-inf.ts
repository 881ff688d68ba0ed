import { refuse } from '../core/errors.ts'
import { fillUniform } from '../core/random.ts'
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
  /** Per arm: losses over the probability that they had, summed; and the baselines of the reduced-variance form. */
  readonly weighted: Float64Array
  readonly baseline: Float64Array
  /** Of the next round. */
  readonly probabilities: Float64Array
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
  const u = new Float64Array(1)
  return {
    name: 'tsallisInf',
    options,
    start: (arms, seed = 0, stream = 0): State => ({
      learner: 'tsallisInf',
      seed,
      stream,
      rounds: 0,
      total: 0,
      weighted: new Float64Array(checkArms('tsallisInf', arms)),
      baseline: new Float64Array(arms),
      probabilities: new Float64Array(arms).fill(1 / arms),
    }),
    choose(state) {
      const { seed, stream, rounds, probabilities } = state as State
      fillUniform(u, seed, stream, rounds)
      let left = u[0]!
      for (let a = 0; a < probabilities.length; a++) {
        left -= probabilities[a]!
        if (left < 0) return a
      }
      return probabilities.length - 1
    },
    update(state, arm, loss): State {
      const known = state as State
      const arms = known.weighted.length
      checkLoss('tsallisInf', arms, arm, loss)
      const rounds = known.rounds + 1
      const total = known.total + loss
      const weighted = known.weighted.slice()
      const baseline = known.baseline.slice()
      const p = known.probabilities
      weighted[arm]! += loss / p[arm]!
      if (estimator === 'rv' && rounds >= 16) {
        for (let a = 0; a < arms; a++) if (rounds * p[a]! >= 16) baseline[a]! += 0.5
        if (rounds * p[arm]! >= 16) baseline[arm]! -= 0.5 / p[arm]!
      }
      const unit = total > 0 ? rounds / total : 1
      const losses = new Float64Array(arms)
      for (let a = 0; a < arms; a++) losses[a] = weighted[a]! * unit + baseline[a]!
      const probabilities = tsallisProbabilities(losses, rate / Math.sqrt(rounds + 1))
      return { ...known, rounds, total, weighted, baseline, probabilities }
    },
  }
}

/**
 * p_a = 4 / (eta (k_a - x))^2 with x < min k such that they sum to 1, by Newton's method from x = min k - 2 / eta: the sum
 * is at least 1 there and convex, so that x falls to the root and never leaves its side.
 */
function tsallisProbabilities(k: Float64Array, eta: number): Float64Array {
  let least = k[0]!
  for (let a = 1; a < k.length; a++) if (k[a]! < least) least = k[a]!
  let x = least - 2 / eta
  for (let step = 0; step < 100; step++) {
    let sum = 0
    let slope = 0
    for (let a = 0; a < k.length; a++) {
      const root = 2 / (eta * (k[a]! - x))
      sum += root * root
      slope += root * root * root
    }
    const move = (sum - 1) / (eta * slope)
    x -= move
    if (!(move > 1e-12 * (least - x))) break
  }
  const p = new Float64Array(k.length)
  let sum = 0
  for (let a = 0; a < k.length; a++) {
    const root = 2 / (eta * (k[a]! - x))
    p[a] = root * root
    sum += p[a]!
  }
  for (let a = 0; a < k.length; a++) p[a]! /= sum
  return p
}
