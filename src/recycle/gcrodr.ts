import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { bind, forms, run } from '../core/method.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { restartOf } from '../krylov/gmres.ts'
import type { Solution } from '../krylov/solution.ts'
import { checkOperator, type GeneralOptions, generalKeys, type Inside, solveSquare } from '../krylov/solver.ts'
import { requireFinite } from '../sparse/examine.ts'
import { gcrodrSteps, type RecyclingOutcome } from './gcrodr.steps.ts'
import { guessSteps } from './guess.steps.ts'
import { checkSpace, emptySpace, inUnits, type RecycledSpace, remembered } from './space.ts'

/** Options of {@link gcrodr}. */
export interface GcrodrOptions extends GeneralOptions {
  /** Vectors that are searched at a time, those of the space among them: 1 to 500, no more than n. Default 40. */
  readonly restart?: number
  /** Vectors of the space that is recycled, less than `restart`. Default 20. */
  readonly recycle?: number
  /** Solutions that are remembered, for the first guess of the next system: 0 to 64. Default 8. */
  readonly solutions?: number
  /** What an earlier solve left, of a related matrix. */
  readonly space?: RecycledSpace
}

/** A solution, and what it leaves for the next system. */
export type RecyclingSolution = Solution & {
  /** For the option `space` of the next solve. */
  readonly space: RecycledSpace
  /** All products with A: iterations, residuals, the first guess, and those that bring the given space up to date. */
  readonly products: number
  /** Mean sine of the principal angles between the images of the given space, then and now; NaN where none was given. */
  readonly recycleDrift: number
}

const MOST = 500 // a cycle of m ends with dense work of 40 m^3

const gcrodrMethod = bind('gcrodr', gcrodrSteps)
const guessMethod = bind('guess', guessSteps)

/**
 * Solves A x = b for any square A by GCRO-DR: GMRES that keeps, over restarts and from one system to the next, the subspace
 * that slows it down (Parks et al. 2006). Hand the `space` of one solution to the next solve: A, b and the preconditioner may
 * all have changed, since the space is brought up to date at the cost of one product for each of its vectors. It also remembers
 * the last solutions, and begins with the best combination of those that pay. Workspace (restart + recycle + 4) n doubles.
 * `gcrodrSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: gcrodr, sync: gcrodrSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: GcrodrOptions],
  RecyclingSolution
>('gcrodr', 2, [...generalKeys, 'restart', 'recycle', 'solutions', 'space'], function* (call, A, b, options = {}) {
  const { restart = 40, solutions = 8 } = options
  const steps = restartOf(call.name, { restart }, MOST)
  const { recycle = Math.min(20, restart - 1) } = options
  if (!Number.isInteger(recycle) || recycle < 0 || recycle >= restart)
    throw refuse('ERR_OPTION', call.name, 'option recycle', 'a non-negative integer less than restart', recycle)
  if (!Number.isInteger(solutions) || solutions < 0 || solutions > 64)
    throw refuse('ERR_OPTION', call.name, 'option solutions', 'an integer from 0 to 64', solutions)
  const { rows } = checkOperator(call.name, A)
  const given = checkSpace(call.name, options.space, rows)
  const earlier = given.solutions.subarray(0, solutions * rows)
  let outcome: RecyclingOutcome | undefined
  let unit = 1
  let left = emptySpace(0)
  const inside: Inside = function* (A, b, x, M, _, stopping, scaled) {
    const n = b.length
    unit = scaled
    const most = Math.floor((recycle * steps(n)) / restart) // fewer unknowns shorten both, or a cycle were all dense work
    const guessed = earlier.length === 0 ? 0 : yield* run(guessMethod, A, b, x, inUnits(earlier, n), stopping)
    const warm = stopping.warm || guessed > 0
    const vectors = inUnits(given.vectors, n)
    outcome = yield* run(gcrodrMethod, A, b, x, M, { ...stopping, warm }, steps(n), most, vectors, given.images)
    // nothing was done: what was given stays as it was
    if (outcome.U.length === 0) left = given
    else left = { ...emptySpace(n), columns: outcome.U.length / n, vectors: outcome.U, images: outcome.C }
    return { ...outcome, operator: outcome.operator + guessed }
  }
  const solution = yield* solveSquare(call, gcrodrMethod.name, requireFinite, inside, A, b, options)
  if (unit !== 1 && left !== given) kernels.axpby(unit, left.vectors, 0, left.vectors)
  return Object.assign(solution, {
    space: { ...left, solutions: remembered(solution.x, earlier, solutions) },
    products: solution.applications.operator,
    recycleDrift: outcome?.drift ?? Number.NaN,
  })
})
