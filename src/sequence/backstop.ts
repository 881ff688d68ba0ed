import type { LearnerState } from './learner.ts'

/** Reference costs that the budget is drawn from: the last so many. */
const WINDOW = 25

/** Solves after which the reference is run once more. */
const REFRESH = 50

/** The budget is this quantile of the reference's costs. */
const QUANTILE = 0.9

/** What arms that were given up may have cost, as a share of what the reference was seen to cost. */
const SHARE = 1.2

/** What is known of the reference in one context. */
export interface BackstopState extends LearnerState {
  readonly learner: 'backstop'
  /** Reference costs met so far. */
  readonly seen: number
  /** Solves since the last of them. */
  readonly since: number
  /** The last of them, in a ring. */
  readonly costs: Float64Array
  /** All of them, and what was spent on arms that were given up. */
  readonly known: number
  readonly burnt: number
  /** What an arm may cost before the reference takes over. */
  readonly budget: number
}

export const startBackstop = (): BackstopState => ({
  learner: 'backstop',
  seen: 0,
  since: 0,
  costs: new Float64Array(WINDOW),
  known: 0,
  burnt: 0,
  budget: 0,
})

/** Whether the reference has to be run now: its cost has to be known, and arms must not have burnt more than their share. */
export function referenceIsDue(state: BackstopState): boolean {
  const { seen, since, known, burnt, budget } = state
  return seen === 0 || since + 1 >= Math.min(REFRESH, 2 ** seen) || burnt + budget > SHARE * known
}

/** After a solve that an arm ended within its budget. */
export const afterArm = (state: BackstopState): BackstopState => ({ ...state, since: state.since + 1 })

/** After a solve that the reference ended at this cost; `burnt` was spent on an arm before. */
export function afterReference(state: BackstopState, cost: number, burnt = 0): BackstopState {
  const costs = state.costs.slice()
  costs[state.seen % WINDOW] = cost
  const sorted = costs.slice(0, Math.min(state.seen + 1, WINDOW)).sort()
  return {
    ...state,
    seen: state.seen + 1,
    since: 0,
    costs,
    known: state.known + cost,
    burnt: state.burnt + burnt,
    budget: sorted[Math.min(sorted.length - 1, Math.floor(QUANTILE * sorted.length))]!,
  }
}
