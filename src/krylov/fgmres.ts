import { bind, forms } from '../core/method.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { fgmresSteps } from './fgmres.steps.ts'
import { type RestartOptions, restartOf } from './gmres.ts'
import type { Solution } from './solution.ts'
import { generalKeys, solveGeneral } from './solver.ts'

const fgmresMethod = bind('fgmres', fgmresSteps)

/**
 * {@link gmres} for a preconditioner that changes from one application to the next, or is not linear: an inner solver, for
 * one. Workspace (2 restart + 4) n doubles. `fgmresSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: fgmres, sync: fgmresSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: RestartOptions],
  Solution
>('fgmres', 2, [...generalKeys, 'restart'], (call, A, b, options = {}) => {
  const steps = restartOf(call.name, options)
  return solveGeneral(call, fgmresMethod, A, b, options, (n): [number] => [steps(n)])
})
