import { bind, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { bicgstabSteps } from './bicgstab.steps.ts'
import type { Solution } from './solution.ts'
import { type GeneralOptions, generalKeys, solveGeneral } from './solver.ts'

/** Options of {@link bicgstab}. */
export interface BicgstabOptions extends GeneralOptions {
  /**
   * Degree of the polynomial that minimises the residual, 1 to 8; default 1. With 2 or 4 the method also converges where
   * eigenvalues lie near the imaginary axis.
   */
  readonly l?: number
}

/** The inside of {@link bicgstab}, for methods that compose it. */
export const bicgstabMethod = bind('bicgstab', bicgstabSteps)

/**
 * Solves A x = b for any square A by stabilised bi-conjugate gradients, preconditioned on the right: short recurrences, so
 * memory does not grow with the iterations, at the price of a residual that may. An iteration takes 2 l products with A.
 * Workspace (2 l + 6) n doubles. `bicgstabSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: bicgstab, sync: bicgstabSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: BicgstabOptions],
  Solution
>('bicgstab', 2, [...generalKeys, 'l'], (call, A, b, options = {}) => {
  const { l = 1 } = options
  integerOption(call.name, 'l', l, 1, 8)
  return solveGeneral(call, bicgstabMethod, A, b, options, (): [number] => [l])
})
