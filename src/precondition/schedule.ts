import { bind, run } from '../core/method.ts'
import { float32, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { DiagonalPlan } from '../kernels/kernels.ts'
import { trust } from '../sparse/pattern.ts'
import { diagonalRunsSteps, diagonalShapeSteps, fillDiagonalsSteps } from './diagonals.steps.ts'
import { planDiagonals } from './diagonals.ts'
import type { DiagonalFactor, Factor, LevelFactor } from './kinds.ts'
import { type LevelSchedule, levelScheduleSteps } from './levels.steps.ts'
import { renumberSteps } from './renumber.steps.ts'

const levelSchedule = bind('levelSchedule', levelScheduleSteps)
const diagonalShape = bind('diagonalShape', diagonalShapeSteps)
const fillDiagonals = bind('fillDiagonals', fillDiagonalsSteps)
const diagonalRuns = bind('diagonalRuns', diagonalRunsSteps)
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

/** Rows from which a factor is kept by its diagonals: smaller ones stay in the cache, and one thread does the work. */
const LARGE = 16_384

const plans = new WeakMap<Pattern, DiagonalPlan | null>()

/** How to solve with a triangle by its diagonals, found once per pattern; null where it has too many. */
function* diagonalPlanOf(pattern: Pattern): Steps<DiagonalPlan | null> {
  const found = plans.get(pattern)
  if (found !== undefined) return found
  const shape = yield* run(diagonalShape, pattern)
  const plan = shape.starts.length === 0 ? null : planDiagonals(pattern, shape)
  plans.set(pattern, plan)
  return plan
}

function* byDiagonals(factor: Factor, single: boolean): Steps<DiagonalFactor | undefined> {
  const { upper, inverseDiagonal } = factor
  const plan = yield* diagonalPlanOf(upper.pattern)
  if (plan === null) return undefined
  const length = (plan.offsets.length + 1) * plan.rows + 1
  const values = float64(single ? 0 : length)
  const inSingle = float32(single ? length : 0)
  yield* run(fillDiagonals, upper, plan.offsets, values, inSingle)
  const forwardRuns = yield* run(diagonalRuns, plan.offsets, values, inSingle, inverseDiagonal, false)
  const backwardRuns = yield* run(diagonalRuns, plan.offsets, values, inSingle, inverseDiagonal, true)
  const { blocks: _, ...rest } = factor
  return {
    ...rest,
    kind: 'diagonals',
    upper: { plan, values, single: inSingle, forwardRuns, backwardRuns },
    inverseDiagonal,
  }
}

/** How a factor is to be kept. */
export interface Keeping {
  readonly schedule: 'auto' | 'serial' | 'levels' | 'diagonals'
  readonly precision: 'double' | 'single'
}

/** The factor in the form in which its triangular solves are fastest: as it is, by diagonals, or renumbered by level. */
export function* scheduled(
  factor: Factor,
  { schedule, precision }: Keeping,
): Steps<Factor | LevelFactor | DiagonalFactor> {
  const { pattern, values } = factor.upper
  const { rows } = pattern
  if (factor.blocks === 1 && rows > 0 && (schedule === 'diagonals' || (schedule === 'auto' && rows >= LARGE))) {
    const diagonals = yield* byDiagonals(factor, precision === 'single')
    if (diagonals !== undefined) return diagonals
  }
  if (schedule === 'serial' || schedule === 'diagonals' || (schedule === 'auto' && rows < 2 * WIDE)) return factor
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
