import { normalAt } from '../core/random.ts'
import { numberOption } from '../precondition/recipe.ts'
import { checkArms, checkLoss, checkOptions, type Learner, type LearnerState } from './learner.ts'

const FORGOTTEN = 1e-3 // plays, discounted, below which an arm counts as never played
const LARGEST = 8.7 // no sample of a normal lies further out: sqrt(-2 log 2^-54)

/** Options of {@link thompson}. */
export interface ThompsonOptions {
  /** Rounds after which a loss counts half; default Infinity, for costs that do not drift. */
  readonly halfLife?: number
}

interface State extends LearnerState {
  readonly learner: 'thompson'
  readonly seed: number
  readonly stream: number
  /** Rounds played. */
  readonly rounds: number
  /** Per arm, one list after the other: plays, sum of losses, sum of their squares, all discounted. */
  readonly sums: Float64Array
}

/**
 * Thompson sampling with a normal posterior per arm (Thompson 1933; as in PCGBandit, Khodak et al. 2025): the arm of the
 * smallest sample from N(sum / (count + 1), variance / (count + 1)). The variance is that of losses around the mean of
 * their own arm, and at least (1% of the mean)^2. An arm that was never played comes first.
 */
export function thompson(options: ThompsonOptions = {}): Learner {
  checkOptions('thompson', options, ['halfLife'])
  const { halfLife = Number.POSITIVE_INFINITY } = options
  if (halfLife !== Number.POSITIVE_INFINITY) numberOption('thompson', 'halfLife', halfLife, 1, 1e15)
  const keep = 2 ** (-1 / halfLife)
  return {
    name: 'thompson',
    options,
    start: (arms, seed = 0, stream = 0): State => {
      const sums = new Float64Array(3 * checkArms('thompson', arms))
      return { learner: 'thompson', seed, stream, rounds: 0, sums }
    },
    choose(state) {
      const { seed, stream, rounds, sums } = state as State
      const arms = sums.length / 3
      let [count, total, within, played, best] = [0, 0, 0, 0, 0]
      for (let a = 0; a < arms; a++) {
        const n = sums[a]!
        if (n < FORGOTTEN) return a
        const sum = sums[arms + a]!
        count += n
        total += sum
        within += Math.max(0, sums[2 * arms + a]! - (sum * sum) / n)
        played++
        if (sum * sums[best]! < sums[arms + best]! * n) best = a
      }
      const mean = total / count
      const deviation = Math.sqrt(Math.max(within / Math.max(1, count - played), 1e-4 * mean * mean))
      // the arm of the smallest mean first: those that no sample can bring below its own need none
      const first = best
      let least = sampleOf(first)
      for (let a = 0; a < arms; a++) {
        const n = sums[a]!
        if (a === first || sums[arms + a]! / n - LARGEST * deviation * Math.sqrt(1 / n) >= least) continue
        const sample = sampleOf(a)
        if (sample < least) {
          least = sample
          best = a
        }
      }
      return best

      function sampleOf(a: number): number {
        const n = sums[a]!
        return sums[arms + a]! / n + deviation * Math.sqrt(1 / n) * normalAt(seed, stream, rounds * arms + a)
      }
    },
    update(state, arm, loss): State {
      const { seed, stream, rounds, sums: old } = state as State
      const arms = old.length / 3
      checkLoss('thompson', arms, arm, loss)
      const sums = new Float64Array(old)
      if (keep < 1) for (let k = 0; k < sums.length; k++) sums[k]! *= keep
      sums[arm]! += 1
      sums[arms + arm]! += loss
      sums[2 * arms + arm]! += loss * loss
      return { learner: 'thompson', seed, stream, rounds: rounds + 1, sums }
    },
  }
}
