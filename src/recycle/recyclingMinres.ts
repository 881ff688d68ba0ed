import { kernels } from '../core/kernels.ts'
import { bind, forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import type { Solution } from '../krylov/solution.ts'
import { checkOperator, type GeneralOptions, generalKeys, type Inside, solveSquare } from '../krylov/solver.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { type RecycledOutcome, recyclingMinresSteps } from './recyclingMinres.steps.ts'
import { checkSpace, inUnits, type RecycledSpace } from './space.ts'

/** Options of {@link recyclingMinres}. */
export interface RecyclingMinresOptions extends GeneralOptions {
  /** Vectors of the space that is recycled: 0 to 200. Default 20. */
  readonly recycle?: number
  /** Lanczos vectors that the space is sharpened with at a time: 1 to 600. Default 3 `recycle`, at least 1. */
  readonly basis?: number
  /** What an earlier solve left, of the same matrix or a related one. */
  readonly space?: RecycledSpace
}

/** A solution, and what it leaves for the next system. */
export type RecyclingMinresSolution = Solution & {
  /** For the option `space` of the next solve. */
  readonly space: RecycledSpace
  /** All products with A: iterations, residuals, and those that bring the given space up to date. */
  readonly products: number
  /** Mean sine of the principal angles between the images of the given space, then and now; NaN where none were given. */
  readonly recycleDrift: number
}

const recyclingMinresMethod = bind('recyclingMinres', recyclingMinresSteps)

/**
 * Solves A x = b for a symmetric, perhaps indefinite A by MINRES that finds, on its way and at no further products, the subspace
 * that delays it, and takes that of earlier solves out (Wang, de Sturler and Paulino 2007). Hand the `space` of one solution to
 * the next solve: A, b and the preconditioner, which has to be positive definite, may have changed, since images are computed
 * anew, a product for each vector. Workspace (5 recycle + basis + 11) n doubles. `recyclingMinresSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION: what is wrong before the
 * first iteration
 */
export const { async: recyclingMinres, sync: recyclingMinresSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: RecyclingMinresOptions],
  RecyclingMinresSolution
>('recyclingMinres', 2, [...generalKeys, 'recycle', 'basis', 'space'], function* (call, A, b, options = {}) {
  const { recycle = 20 } = options
  integerOption(call.name, 'recycle', recycle, 0, 200)
  const { basis = Math.max(1, 3 * recycle) } = options
  integerOption(call.name, 'basis', basis, 1, 600)
  const { rows } = checkOperator(call.name, A)
  const given = checkSpace(call.name, options.space, rows)
  const most = Math.min(recycle, Math.floor(rows / 2)) // few unknowns need no space
  let outcome: RecycledOutcome | undefined
  let unit = 1
  const inside: Inside = function* (A, b, x, M, _, stopping, scaled) {
    unit = scaled
    const U = inUnits(given.vectors, rows)
    outcome = yield* run(recyclingMinresMethod, A, b, x, M, stopping, basis, most, U, given.images)
    return outcome
  }
  const solution = yield* solveSquare(call, recyclingMinresMethod.name, requireSymmetric, inside, A, b, options)
  const { U, C, drift, iterations } = outcome!
  if (unit !== 1) kernels.axpby(unit, U, 0, U)
  const left = { ...given, columns: rows === 0 ? 0 : U.length / rows, vectors: U, images: C }
  return Object.assign(solution, {
    space: U.length === 0 && iterations === 0 ? given : left,
    products: solution.applications.operator,
    recycleDrift: drift,
  })
})
