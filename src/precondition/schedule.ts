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

/**
 * Rows that a level must hold on average for level scheduling to pay. Measured at n = 1e6 on two threads, per CG
 * iteration with IC(0), in order against by level: 2D grid (500 rows a level) 10.1 against 18.6 ms, 3D grid (3400)
 * 11.6 against 15.0, red-black grid (500 000) 11.2 against 9.9: in narrow levels the rows of r and z that a level
 * touches lie a cache line apart each.
 */
const WIDE = 20_000

const known = new WeakMap<Pattern, LevelSchedule>()
const narrow = new WeakSet<Pattern>()

/** The level schedule of a triangle, found once per pattern; undefined where levels hold fewer than `width` rows. */
function* scheduleOf(pattern: Pattern, width: number): Steps<LevelSchedule | undefined> {
  if (width > 0 && narrow.has(pattern)) return undefined
  const found = known.get(pattern)
  if (found !== undefined) return found
  const schedule = yield* run(levelSchedule, pattern, width)
  if (schedule.order.length < pattern.rows) {
    narrow.add(pattern)
    return undefined
  }
  trust(schedule.upper)
  trust(schedule.lower)
  known.set(pattern, schedule)
  return schedule
}

/** The factor in the form in which its triangular solves are fastest: as it is, or renumbered by level. */
export function* scheduled(factor: Factor, schedule: 'auto' | 'serial' | 'levels'): Steps<Factor | LevelFactor> {
  const { pattern, values } = factor.upper
  if (schedule === 'serial' || (schedule === 'auto' && pattern.rows < 2 * WIDE)) return factor
  const plan = yield* scheduleOf(pattern, schedule === 'auto' ? WIDE : 0)
  if (plan === undefined) return factor
  const { order, starts, upperSource, lowerSource } = plan
  const upper = { pattern: plan.upper, values: float64(values.length) }
  const lower = { pattern: plan.lower, values: float64(values.length) }
  const inverseDiagonal = float64(order.length)
  yield* run(renumber, values, upperSource, upper.values)
  yield* run(renumber, values, lowerSource, lower.values)
  yield* run(renumber, factor.inverseDiagonal, order, inverseDiagonal)
  return { ...factor, kind: 'levels', order, starts, lower, upper, inverseDiagonal }
}
