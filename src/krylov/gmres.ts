import { refuse } from '../core/errors.ts'
import { bind, forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { isIdentity, isSplit } from '../precondition/apply.steps.ts'
import { requireFinite } from '../sparse/examine.ts'
import { gmresSteps } from './gmres.steps.ts'
import type { Solution } from './solution.ts'
import { type GeneralOptions, generalKeys, type Inside, solveSquare } from './solver.ts'

/** An option of the methods that keep a basis. */
export interface RestartOptions extends GeneralOptions {
  /** Steps between restarts, 1 to 10 000; no more than n are taken. Default 30. */
  readonly restart?: number
}

/** Options of {@link gmres}. */
export interface GmresOptions extends RestartOptions {
  /**
   * Side of the preconditioner. On the right (default) the true residual is minimised, on the left the preconditioned one; a
   * factorization M = L (D U) may be split, L on the left and D U on the right, and L^-1 r is minimised. What is reported,
   * and ends the iteration, is the true residual.
   */
  readonly side?: 'right' | 'left' | 'split'
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
    if (side !== 'right' && side !== 'left' && side !== 'split')
      throw refuse('ERR_OPTION', call.name, 'option side', "'right', 'left' or 'split'", side)
    const steps = restartOf(call.name, options)
    const inside: Inside = (A, b, x, M, _, stopping) => {
      if (side === 'split' && !isSplit(M) && !isIdentity(M))
        throw refuse('ERR_OPTION', call.name, 'option side', "'right' or 'left' with what is not a factorization", side)
      return run(gmresMethod, A, b, x, M, stopping, steps(b.length), side)
    }
    return solveSquare(call, gmresMethod.name, requireFinite, inside, A, b, options)
  },
)

/** Steps between restarts for n unknowns: after n of them nothing is left. */
export function restartOf(method: string, { restart = 30 }: RestartOptions, most = 10_000): (n: number) => number {
  integerOption(method, 'restart', restart, 1, most)
  return n => Math.max(1, Math.min(restart, n))
}
