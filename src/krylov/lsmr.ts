import { bind } from '../core/method.ts'
import { leastSquaresSolver } from './least-squares.ts'
import { lsmrSteps } from './lsmr.steps.ts'

const lsmrMethod = bind('lsmr', lsmrSteps)

/**
 * Solves A x = b in the sense of least squares for any matrix, square or not, of full rank or not: minimises
 * ||b - A x||^2 + damp^2 ||x||^2, and of all minimisers takes that of least norm. The residual of the normal
 * equations never grows on the way, so that it may be stopped early. Workspace 3 m + 5 n doubles and the transpose of A.
 * `lsmrSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION: what is wrong before the first iteration
 */
export const { async: lsmr, sync: lsmrSync } = leastSquaresSolver(lsmrMethod)
