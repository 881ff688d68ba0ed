import { bind } from '../core/method.ts'
import { minresSteps } from './minres.steps.ts'
import { symmetricSolver } from './solver.ts'

/** The inside of {@link minres}, for methods that compose it. */
export const minresMethod = bind('minres', minresSteps)

/**
 * Solves A x = b for a symmetric, perhaps indefinite A by the minimum residual method: the residual never grows, in the
 * 2-norm or, with a preconditioner, in that of M^-1. The preconditioner has to be positive definite. Workspace 8n doubles. `minresSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION: what is wrong before the
 * first iteration
 */
export const { async: minres, sync: minresSync } = symmetricSolver(minresMethod)
