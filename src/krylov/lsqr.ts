import { bind } from '../core/method.ts'
import { leastSquaresSolver } from './least-squares.ts'
import { lsqrSteps } from './lsqr.steps.ts'

/** {@link lsqr} as a step of other methods. */
export const lsqrMethod = bind('lsqr', lsqrSteps)

/**
 * Solves A x = b in the sense of least squares for any matrix, square or not, of full rank or not: minimises
 * ||b - A x||^2 + damp^2 ||x||^2, and of all minimisers takes that of least norm. Workspace 3 m + 4 n doubles and the
 * transpose of A. `lsqrSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: lsqr, sync: lsqrSync } = leastSquaresSolver(lsqrMethod)
