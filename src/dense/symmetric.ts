import { KrylovError, refuse } from '../core/errors.ts'
import { bind, run } from '../core/method.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { isDense } from './dense.ts'
import { type DenseFacts, denseFactsSteps } from './symmetric.steps.ts'

const factsOf = bind('denseFacts', denseFactsSteps)

/** Symmetry is judged to this bound relative to max |a_ij|, as for sparse matrices. */
const SYMMETRY_TOLERANCE = 1e-12

/** A dense matrix argument: square, its values rows^2 long. */
export function checkSquareDense(method: string, A: Dense): Float64Array {
  if (!isDense(A)) throw refuse('ERR_TYPE', method, 'A', 'a dense matrix', A)
  const { rows, columns } = A
  if (!Number.isInteger(rows) || rows < 0) throw refuse('ERR_SHAPE', method, 'A.rows', 'a non-negative integer', rows)
  if (rows !== columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${rows} x ${columns}`)
  return checkVector(method, 'A.values', A.values, rows * rows)
}

/** What is known of a square dense matrix; refuses entries that are not finite. */
export function* denseFacts(method: string, values: Float64Array, n: number): Steps<DenseFacts> {
  const found = yield* run(factsOf, sharedFloat64(values), n)
  if (found.notFinite >= 0)
    throw refuse('ERR_NOT_FINITE', method, `A.values[${found.notFinite}]`, 'finite', values[found.notFinite])
  return found
}

export const isSymmetricDense = ({ asymmetry, largest }: DenseFacts): boolean =>
  asymmetry <= SYMMETRY_TOLERANCE * largest

/** A copy of a symmetric dense matrix on shared memory, or in `copy`, for a factorization in place. */
export function* symmetricCopy(
  method: string,
  A: Dense,
  copy = float64(checkSquareDense(method, A).length),
): Steps<Float64Array> {
  copy.set(checkSquareDense(method, A))
  const found = yield* denseFacts(method, copy, A.rows)
  if (!isSymmetricDense(found))
    throw new KrylovError(
      'ERR_NOT_SYMMETRIC',
      `${method}: A must be symmetric to ${SYMMETRY_TOLERANCE} of its largest entry, ` +
        `got max |A - A^T| = ${found.asymmetry} against ${found.largest}`,
    )
  return copy
}
