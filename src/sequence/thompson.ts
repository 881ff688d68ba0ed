import { fillNormal } from '../core/random.ts'
import { numberOption } from '../precondition/recipe.ts'
import { checkArms, checkLoss, checkOptions, type Learner, type LearnerState } from './learner.ts'

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
  /** Per arm: how often it was played and the sum of its losses, then the sum of their squares, all discounted. */
  readonly counts: Float64Array
  readonly sums: Float64Array
  readonly squares: Float64Array
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
  let samples = new Float64Array(0)
  return {
    name: 'thompson',
    options,
    start: (arms, seed = 0, stream = 0): State => ({
      learner: 'thompson',
      seed,
      stream,
      rounds: 0,
      counts: new Float64Array(checkArms('thompson', arms)),
      sums: new Float64Array(arms),
      squares: new Float64Array(arms),
    }),
    choose(state) {
      const { seed, stream, rounds, counts, sums, squares } = state as State
      const arms = counts.length
      if (samples.length !== arms) samples = new Float64Array(arms)
      let [count, sum, within, played] = [0, 0, 0, 0]
      for (let a = 0; a < arms; a++) {
        if (counts[a]! < 1e-3) continue
        count += counts[a]!
        sum += sums[a]!
        within += Math.max(0, squares[a]! - (sums[a]! * sums[a]!) / counts[a]!)
        played++
      }
      if (played < arms) for (let a = 0; a < arms; a++) if (counts[a]! < 1e-3) return a
      const mean = sum / count
      const deviation = Math.sqrt(Math.max(within / Math.max(1, count - played), 1e-4 * mean * mean))
      fillNormal(samples, seed, stream, rounds * (arms + (arms & 1)))
      let best = 0
      let least = Number.POSITIVE_INFINITY
      for (let a = 0; a < arms; a++) {
        const sample = sums[a]! / counts[a]! + deviation * Math.sqrt(1 / counts[a]!) * samples[a]!
        if (sample < least) {
          least = sample
          best = a
        }
      }
      return best
    },
    update(state, arm, loss): State {
      const known = state as State
      checkLoss('thompson', known.counts.length, arm, loss)
      const counts = known.counts.slice()
      const sums = known.sums.slice()
      const squares = known.squares.slice()
      if (keep < 1)
        for (let a = 0; a < counts.length; a++) {
          counts[a]! *= keep
          sums[a]! *= keep
          squares[a]! *= keep
        }
      counts[arm]! += 1
      sums[arm]! += loss
      squares[arm]! += loss * loss
      return { ...known, rounds: known.rounds + 1, counts, sums, squares }
    },
  }
}
