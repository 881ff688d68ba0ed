import { kernels } from '../core/kernels.ts'
import { bind, forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import type { Solution } from '../krylov/solution.ts'
import { checkOperator, type GeneralOptions, generalKeys, type Inside, solveSquare } from '../krylov/solver.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { type DeflatedOutcome, deflatedCgSteps } from './deflatedCg.steps.ts'
import { checkSpace, inUnits, type RecycledSpace } from './space.ts'

/** Options of {@link deflatedCg}. */
export interface DeflatedCgOptions extends GeneralOptions {
  /** Eigenvectors that a solve looks for: 0 to 200. Default 8. */
  readonly eigenvectors?: number
  /** Vectors that are kept from one system to the next, 0 to 400. Default 2 `eigenvectors`: those beyond sharpen the first. */
  readonly recycle?: number
  /** Vectors among which they are looked for, more than twice as many; up to 1000. Default 3 `eigenvectors`, at least 2. */
  readonly basis?: number
  /** What an earlier solve left, of the same matrix or a related one. */
  readonly space?: RecycledSpace
}

/** A solution, and what it leaves for the next system. */
export type DeflatedSolution = Solution & {
  /** For the option `space` of the next solve: approximate eigenvectors of the preconditioned matrix, approximately A-orthonormal. */
  readonly space: RecycledSpace
  /** The eigenvalues of M^-1 A that belong to them, ascending: estimates, from above. */
  readonly values: Float64Array
  /** All products with A: iterations, residuals, and those that bring the given space up to date. */
  readonly products: number
}

const deflatedCgMethod = bind('deflatedCg', deflatedCgSteps)

/**
 * Solves A x = b for a symmetric positive definite A by conjugate gradients that find, on their way and at no further products,
 * the eigenvectors that delay them, and take those of earlier solves out (eigCG, and deflation by Saad et al.). Hand the
 * `space` of one solution to the next solve: A and the preconditioner may have changed, since images are computed anew, a
 * product for each vector. Workspace (4 recycle + basis + 5) n doubles. `deflatedCgSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION: what is wrong before the
 * first iteration
 */
export const { async: deflatedCg, sync: deflatedCgSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: DeflatedCgOptions],
  DeflatedSolution
>('deflatedCg', 2, [...generalKeys, 'eigenvectors', 'basis', 'recycle', 'space'], function* (call, A, b, options = {}) {
  const { eigenvectors = 8 } = options
  integerOption(call.name, 'eigenvectors', eigenvectors, 0, 200)
  const { basis = Math.max(2, 3 * eigenvectors), recycle = 2 * eigenvectors } = options
  integerOption(call.name, 'basis', basis, 2 * eigenvectors + 1, 1000)
  integerOption(call.name, 'recycle', recycle, 0, 400)
  const { rows } = checkOperator(call.name, A)
  const given = checkSpace(call.name, options.space, rows)
  const sizes = [eigenvectors, basis, recycle] as const
  let outcome: DeflatedOutcome | undefined
  let unit = 1
  const inside: Inside = function* (A, b, x, M, _, stopping, scaled) {
    unit = scaled
    outcome = yield* run(deflatedCgMethod, A, b, x, M, stopping, ...sizes, inUnits(given.vectors, rows))
    return outcome
  }
  const solution = yield* solveSquare(call, deflatedCgMethod.name, requireSymmetric, inside, A, b, options)
  const { U, values, iterations } = outcome!
  return Object.assign(solution, {
    space: U.length === 0 && iterations === 0 ? given : inUnitsOf(U, unit, given, rows),
    values: unit === 1 ? values : values.map(value => value / unit),
    products: solution.applications.operator,
  })
})

/** The space in the units of A, which stood in `unit` times those. */
function inUnitsOf(U: Float64Array, unit: number, given: RecycledSpace, n: number): RecycledSpace {
  if (unit !== 1) kernels.axpby(Math.sqrt(unit), U, 0, U)
  return { ...given, columns: n === 0 ? 0 : U.length / n, vectors: U, images: given.images.subarray(0, 0) }
}
