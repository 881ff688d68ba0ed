import { bind, forms, run } from '../core/method.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { minresQlpSteps } from './minresQlp.steps.ts'
import type { Solution } from './solution.ts'
import { type Inside, type SolverOptions, solverKeys, solveSquare } from './solver.ts'

/** A solution, or with reason `'least-squares'` a least-squares solution. */
export type LeastNormSolution = Solution & {
  /** ||A (b - A x)||_2, with a preconditioner ||A M^-1 (b - A x)||_2, recomputed from x: 0 at the minimum. */
  readonly normalNorm: number
}

const minresQlpMethod = bind('minresQlp', minresQlpSteps)

/**
 * Solves A x = b for a symmetric A of any rank by MINRES-QLP (Choi, Paige and Saunders 2011). Where no x solves it, the answer is
 * the least-squares solution of least norm, A^+ b, with reason `'least-squares'`: ||A r|| <= rtol ||A|| ||r||, recomputed.
 * A preconditioner M has to be positive definite; norms are then those of M and M^-1. An `x0` keeps what it has in the null
 * space. `spectrum` holds estimates of the extreme singular values, the smallest from above, zeros left out. Workspace 9n doubles.
 * `minresQlpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION: what is wrong before the
 * first iteration
 */
export const { async: minresQlp, sync: minresQlpSync } = forms<
  [A: CsrData | Operator, b: ArrayLike<number>, options?: SolverOptions],
  LeastNormSolution
>('minresQlp', 2, solverKeys, function* (call, A, b, options = {}) {
  let normalNorm = Number.NaN // in units
  let [matrix, size] = [1, 0]
  const inside: Inside = function* (A, b, x, M, N, stopping, unit) {
    const outcome = yield* run(minresQlpMethod, A, b, x, M, N, stopping)
    normalNorm = outcome.normalNorm
    ;[matrix, size] = [unit, outcome.residualNorm]
    return outcome
  }
  const solution = yield* solveSquare(call, minresQlpMethod.name, requireSymmetric, inside, A, b, options)
  const rhs = size > 0 ? solution.residualNorm / size : 1
  return Object.assign(solution, { normalNorm: (normalNorm * rhs) / matrix })
})
