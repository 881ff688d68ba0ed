import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { bind, forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { restartOf } from '../krylov/gmres.ts'
import type { Solution } from '../krylov/solution.ts'
import { checkOperator, type GeneralOptions, generalKeys, type Inside, solveSquare } from '../krylov/solver.ts'
import { requireFinite } from '../sparse/examine.ts'
import { type Charge, charged } from './charge.ts'
import { checkChoice, isWanted, seen } from './choice.ts'
import { gcrodrSteps, type RecyclingOutcome } from './gcrodr.steps.ts'
import { guessSteps } from './guess.steps.ts'
import { affordable, checkHistory, noted, strangeness } from './history.ts'
import { checkSpace, emptySpace, inUnits, type RecycledSpace, remembered } from './space.ts'

/** Options of {@link gcrodr}. */
export interface GcrodrOptions extends GeneralOptions {
  /** Vectors that are searched at a time, those of the space among them: 1 to 500, no more than n. Default 40. */
  readonly restart?: number
  /**
   * Vectors of the space that is recycled, less than `restart`. Default 20, at most half of that. `'auto'`: as many, and systems are solved without the
   * given space where that is seen to cost less, by counted bytes; what it has seen stands in `space.choice`.
   */
  readonly recycle?: number | 'auto'
  /** Solutions that are remembered, for the first guess of the next system: 0 to 64. Default 8. */
  readonly solutions?: number
  /** What an earlier solve left, of a related matrix. Where its first images moved far, it is not used. */
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
  /** Bytes moved by products, preconditioner and vectors, counted: what `recycle: 'auto'` compares. */
  readonly bytes: number
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
  const usual = Math.min(20, Math.floor(restart / 2))
  const { recycle = usual } = options
  const columns = recycle === 'auto' ? usual : recycle
  if (!Number.isInteger(columns) || columns < 0 || columns >= restart)
    throw refuse(
      'ERR_OPTION',
      call.name,
      'option recycle',
      "a non-negative integer less than restart, or 'auto'",
      recycle,
    )
  integerOption(call.name, 'solutions', solutions, 0, 64)
  const { rows } = checkOperator(call.name, A)
  const given = checkSpace(call.name, options.space, rows)
  let choice = recycle === 'auto' ? checkChoice(call.name, given.choice) : undefined
  let history = checkHistory(call.name, given.history)
  const count = choice?.next === false ? 0 : Math.min(affordable(history), given.columns)
  const vectors = given.vectors.subarray(0, count * rows)
  const keep = choice === undefined || isWanted(choice)
  const earlier = given.solutions.subarray(0, solutions * rows)
  const guessing = earlier.length > 0 && !(choice && choice.pause > 0)
  let outcome: RecyclingOutcome | undefined
  let charge: Charge
  let unit = 1
  const inside: Inside = function* (A, b, x, M, _, stopping, scaled) {
    const n = b.length
    unit = scaled
    const most = Math.floor((columns * steps(n)) / restart) // few unknowns shorten both: a cycle must not be all dense work
    const guessed = guessing ? yield* run(guessMethod, A, b, x, inUnits(earlier, n), stopping) : 0
    const warm = stopping.warm || guessed > 0
    const strange = strangeness(history)
    const U = inUnits(vectors, n)
    outcome = yield* run(
      gcrodrMethod,
      A,
      b,
      x,
      M,
      { ...stopping, warm },
      steps(n),
      most,
      U,
      given.images,
      keep,
      strange,
    )
    const operator = outcome.operator + guessed
    charge = charged(A, M, n, { ...outcome, operator })
    const used = U.length > 0 && !(outcome.early > strange)
    if (outcome.iterations > 0) history = noted(history, used, outcome.operator, outcome.early)
    if (choice) choice = seen(choice, used, outcome.iterations, charge, guessed - Number(stopping.warm))
    return { ...outcome, operator }
  }
  const solution = yield* solveSquare(call, gcrodrMethod.name, requireFinite, inside, A, b, options)
  const left = leftBy(outcome!, given, rows)
  if (unit !== 1 && left !== given) kernels.axpby(unit, left.vectors, 0, left.vectors)
  const { choice: _, ...space } = left
  return Object.assign(solution, {
    space: {
      ...space,
      solutions: remembered(solution.x, earlier, solutions),
      history,
      ...(choice && { choice }),
    },
    products: solution.applications.operator,
    recycleDrift: outcome!.drift,
    bytes: charge!.bytes + charge!.ahead,
  })
})

/** What a solve leaves; where nothing was done, what was given stays as it was. */
function leftBy({ iterations, U, C }: RecyclingOutcome, given: RecycledSpace, n: number): RecycledSpace {
  if (U.length === 0 && iterations === 0) return given
  return { ...emptySpace(n), columns: n === 0 ? 0 : U.length / n, vectors: U, images: C }
}
