import { refuse } from '../core/errors.ts'
import { bind, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { gmresSteps, type Side } from './gmres.steps.ts'
import type { Solution } from './solution.ts'
import { type GeneralOptions, generalKeys, solveGeneral } from './solver.ts'

/** An option of the methods that keep a basis. */
export interface RestartOptions extends GeneralOptions {
  /** Steps between restarts, 1 to 10 000; no more than n are taken. Default 30. */
  readonly restart?: number
}

/** Options of {@link gmres}. */
export interface GmresOptions extends RestartOptions {
  /**
   * Side of the preconditioner. On the right (default) the true residual is minimised, on the left the preconditioned one;
   * what is reported, and ends the iteration, is the true one.
   */
  readonly side?: 'right' | 'left'
}

/** The inside of {@link gmres}, for methods that compose it. */
export const gmresMethod = bind('gmres', gmresSteps)

type Arguments<Options> = [A: CsrData | Operator, b: ArrayLike<number>, options?: Options]

/**
 * Solves A x = b for any square A by the generalised minimum residual method, restarted. The residual never grows from one
 * iteration to the next. `spectrum` holds estimates of the extreme singular values of the preconditioned matrix. Workspace
 * (restart + 4) n doubles. `gmresSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: gmres, sync: gmresSync } = forms<Arguments<GmresOptions>, Solution>(
  'gmres',
  2,
  [...generalKeys, 'restart', 'side'],
  (call, A, b, options = {}) => {
    const { side = 'right' } = options
    if (side !== 'right' && side !== 'left')
      throw refuse('ERR_OPTION', call.name, 'option side', "'right' or 'left'", side)
    const steps = restartOf(call.name, options)
    return solveGeneral(call, gmresMethod, A, b, options, (n): [number, Side] => [steps(n), side])
  },
)

/** Steps between restarts for n unknowns: after n of them nothing is left. */
export function restartOf(method: string, { restart = 30 }: RestartOptions, most = 10_000): (n: number) => number {
  integerOption(method, 'restart', restart, 1, most)
  return n => Math.max(1, Math.min(restart, n))
}
