import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import { trust } from '../sparse/pattern.ts'
import type { Factor, LevelFactor } from './kinds.ts'
import { type LevelSchedule, levelScheduleSteps } from './levels.steps.ts'
import { renumberSteps } from './renumber.steps.ts'

const levelSchedule = bind('levelSchedule', levelScheduleSteps)
const renumber = bind('renumber', renumberSteps)

const known = new WeakMap<Pattern, LevelSchedule>()

/** The level schedule of a triangle: found once per pattern. */
function* scheduleOf(pattern: Pattern): Steps<LevelSchedule> {
  const found = known.get(pattern)
  if (found !== undefined) return found
  const schedule = yield* run(levelSchedule, pattern)
  trust(schedule.upper)
  trust(schedule.lower)
  known.set(pattern, schedule)
  return schedule
}

/**
 * Rows that a level must hold on average for level scheduling to pay: below, a solve's hand-overs between threads (1 us
 * each, two per level) cost more than the second thread saves.
 */
const WIDE = 2000

/** Whether the triangular solves with a factor go level by level: levels wide, and long enough to share out. */
export const worthLevels = ({ order, starts }: LevelSchedule): boolean => order.length >= WIDE * (starts.length - 1)

/** The factor in the form in which its triangular solves are fastest: as it is, or renumbered by level. */
export function* scheduled(factor: Factor, schedule: 'auto' | 'serial' | 'levels'): Steps<Factor | LevelFactor> {
  const { pattern, values } = factor.upper
  if (schedule === 'serial' || (schedule === 'auto' && pattern.rows < 25 * WIDE)) return factor
  const plan = yield* scheduleOf(pattern)
  if (schedule === 'auto' && !worthLevels(plan)) return factor
  const { order, starts, upperSource, lowerSource } = plan
  const upper = { pattern: plan.upper, values: float64(values.length) }
  const lower = { pattern: plan.lower, values: float64(values.length) }
  const inverseDiagonal = float64(order.length)
  yield* run(renumber, values, upperSource, upper.values)
  yield* run(renumber, values, lowerSource, lower.values)
  yield* run(renumber, factor.inverseDiagonal, order, inverseDiagonal)
  return { ...factor, kind: 'levels', order, starts, lower, upper, inverseDiagonal }
}
