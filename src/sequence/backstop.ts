import type { LearnerState } from './learner.ts'

/** Reference costs that the budget is drawn from: the last so many. */
const WINDOW = 25

/** Solves after which the reference is run once more. */
const REFRESH = 50

/** The budget is this quantile of the reference's costs, and at most `MEAN` times their mean. */
const QUANTILE = 0.9
const MEAN = 1.15

/** What is known of the reference in one context. */
export interface BackstopState extends LearnerState {
  readonly learner: 'backstop'
  /** Reference costs met so far. */
  readonly seen: number
  /** Solves since the last of them. */
  readonly since: number
  /** The last of them, in a ring. */
  readonly costs: Float64Array
}

export const startBackstop = (): BackstopState => ({
  learner: 'backstop',
  seen: 0,
  since: 0,
  costs: new Float64Array(WINDOW),
})

/** Whether the reference has to be run now, so that its cost is known. */
export const referenceIsDue = ({ seen, since }: BackstopState): boolean =>
  seen === 0 || since + 1 >= Math.min(REFRESH, 2 ** seen)

/** What an arm may cost before the reference takes over. */
export function budget({ seen, costs }: BackstopState): number {
  const known = costs.slice(0, Math.min(seen, WINDOW)).sort()
  if (known.length === 0) return 0
  const mean = known.reduce((sum, cost) => sum + cost, 0) / known.length
  return Math.min(known[Math.min(known.length - 1, Math.floor(QUANTILE * known.length))]!, MEAN * mean)
}

/** After a solve; `cost` is that of the reference where it ran, alone or as the one that took over. */
export function afterSolve(state: BackstopState, cost?: number): BackstopState {
  if (cost === undefined) return { ...state, since: state.since + 1 }
  const costs = state.costs.slice()
  costs[state.seen % WINDOW] = cost
  return { ...state, seen: state.seen + 1, since: 0, costs }
}
