import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import type { Dense } from '../core/types.ts'
import { type DenseFactor, isDenseFactor, solveDense } from './dense-solve.ts'
import type { DirectBlockSolution, DirectSolution, SolveWithOptions } from './solution.ts'
import { isSparseFactor, type SparseFactor, solveSparse } from './sparse-solve.ts'

/** A factorization that can be solved with. */
export type Factored = DenseFactor | SparseFactor

const { async, sync } = forms<
  [Factored, ArrayLike<number> | Dense, SolveWithOptions?],
  DirectSolution | DirectBlockSolution
>('solveWith', 2, ['rtol', 'maxRefinements'], (call, F, b, options) => {
  if (isSparseFactor(F)) return solveSparse(call, F, b, options)
  if (isDenseFactor(F)) return solveDense(call, F, b, options)
  throw refuse('ERR_OPTION', call.name, 'F', 'a factorization', F)
})

/** {@link solveWith} in its two shapes: a vector gives a vector, a dense n x s matrix a block. */
export interface SolveWith {
  (F: Factored, B: Dense, options?: SolveWithOptions): Promise<DirectBlockSolution>
  (F: Factored, b: ArrayLike<number>, options?: SolveWithOptions): Promise<DirectSolution>
}

/** {@link solveWith}, blocking. */
export interface SolveWithSync {
  (F: Factored, B: Dense, options?: SolveWithOptions): DirectBlockSolution
  (F: Factored, b: ArrayLike<number>, options?: SolveWithOptions): DirectSolution
}

/**
 * Solves A x = b with a factorization of A; `b` has as many entries as A rows, or is a dense block of right-hand sides.
 * The residual is recomputed from A and refined; a solution whose residual stays above `rtol` is not called converged.
 *
 * @throws KrylovError ERR_SINGULAR where the factorization failed, ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const solveWith = async as SolveWith

/** {@link solveWith}, blocking. */
export const solveWithSync = sync as SolveWithSync
