import { refuse } from '../core/errors.ts'
import { checkArms, checkLoss, checkOptions, type Learner, type LearnerState } from './learner.ts'

/** Options of {@link goldenSection}. */
export interface GoldenSectionOptions {
  /** Solves whose mean stands for an arm; default 3. */
  readonly solves?: number
}

interface State extends LearnerState {
  readonly learner: 'goldenSection'
  /** Arms low .. high hold the best one. */
  readonly low: number
  readonly high: number
  readonly counts: Float64Array
  readonly sums: Float64Array
}

const GOLDEN = (3 - Math.sqrt(5)) / 2

/**
 * Golden-section search (Kiefer 1953) over arms in order of their parameter, for costs with one valley: two arms inside the
 * interval are compared by means of a few solves, and the side of the worse one is dropped. Deterministic; it never looks
 * back, so that costs must not drift.
 */
export function goldenSection(options: GoldenSectionOptions = {}): Learner {
  const name = 'goldenSection'
  checkOptions(name, options, ['solves'])
  const { solves = 3 } = options
  if (!Number.isInteger(solves) || solves < 1 || solves > 1e6)
    throw refuse('ERR_OPTION', name, 'option solves', 'an integer from 1 to 1000000', solves)

  const probes = (low: number, high: number): readonly [number, number] => {
    const offset = Math.max(1, Math.round(GOLDEN * (high - low)))
    const [left, right] = [low + offset, high - offset]
    return left < right ? [left, right] : [low + (high - low > 2 ? 1 : 0), high - (high - low > 2 ? 1 : 0)]
  }
  const shrink = (state: State): State => {
    let { low, high } = state
    for (;;) {
      if (low === high) return { ...state, low, high }
      const [left, right] = high - low === 2 ? [low, low + 1] : probes(low, high)
      if (state.counts[left]! < solves || state.counts[right]! < solves) return { ...state, low, high }
      const mean = (arm: number) => state.sums[arm]! / state.counts[arm]!
      if (mean(left) <= mean(right)) high = Math.max(left, right - 1)
      else low = Math.min(right, left + 1)
    }
  }
  return {
    name,
    options,
    start: (arms): State => ({
      learner: name,
      low: 0,
      high: checkArms(name, arms) - 1,
      counts: new Float64Array(arms),
      sums: new Float64Array(arms),
    }),
    choose(state) {
      const { low, high, counts } = state as State
      if (low === high) return low
      const [left, right] = high - low === 2 ? [low, low + 1] : probes(low, high)
      return counts[left]! <= counts[right]! ? left : right
    },
    update(state, arm, loss): State {
      const known = state as State
      checkLoss(name, known.counts.length, arm, loss)
      const counts = known.counts.slice()
      const sums = known.sums.slice()
      counts[arm]! += 1
      sums[arm]! += loss
      return shrink({ ...known, counts, sums })
    },
  }
}
