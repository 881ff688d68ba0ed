import { bind, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { idrsSteps } from './idrs.steps.ts'
import type { Solution } from './solution.ts'
import { type GeneralOptions, generalKeys, solveGeneral } from './solver.ts'

/** Options of {@link idrs}. */
export interface IdrsOptions extends GeneralOptions {
  /** Dimensions that the residual's space loses with every s + 1 products, 1 to 64, no more than n: default 4. */
  readonly s?: number
  /** Of the random vectors that residuals are made orthogonal to: an integer from 0 on. Default 0. */
  readonly seed?: number
}

const idrsMethod = bind('idrs', idrsSteps)

/**
 * Solves A x = b for any square A by induced dimension reduction, IDR(s), preconditioned on the right: short recurrences, and fewer
 * products than `bicgstab`, the nearer to those of full GMRES the larger s. An iteration is one product. Workspace (3 s + 5) n
 * doubles. `idrsSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: idrs, sync: idrsSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: IdrsOptions],
  Solution
>('idrs', 2, [...generalKeys, 's', 'seed'], (call, A, b, options = {}) => {
  const { s = 4, seed = 0 } = options
  integerOption(call.name, 's', s, 1, 64)
  checkSeed(call.name, 'option seed', seed)
  return solveGeneral(call, idrsMethod, A, b, options, (n): [number, number] => [Math.max(1, Math.min(s, n)), seed])
})
