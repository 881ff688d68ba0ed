import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { gmresSteps } from './gmres.steps.ts'
import type { Outcome, Stopping } from './stopping.ts'

/** GMRES with the preconditioner on the right, each M^-1 v_j kept: Saad 1993. Workspace: (2 restart + 4) n. */
export function* fgmresSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  restart: number,
): Steps<Outcome> {
  return yield* gmresSteps(k, A, b, x, M, stopping, restart, 'flexible')
}
