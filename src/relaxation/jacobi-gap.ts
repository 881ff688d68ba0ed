import type { ControlOptions } from '../core/control.ts'
import { forms, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { inverseDiagonalOf } from '../precondition/jacobi.ts'
import { lanczos, lanczosStart } from '../precondition/lanczos.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'

const STEPS = 60

/**
 * 1 - the spectral radius of the Jacobi iteration matrix I - D^-1 A, for a symmetric A with a positive diagonal: 60 steps of
 * Lanczos, so that it comes out too large where the smallest eigenvalues lie close together. At least 0.
 * `jacobiGapSync` is the same, blocking.
 *
 * @throws KrylovError ERR_NOT_SYMMETRIC, ERR_NOT_FINITE, ERR_SHAPE
 */
export const { async: jacobiGap, sync: jacobiGapSync } = forms<[CsrData, ControlOptions?], number>(
  'jacobiGap',
  1,
  [],
  function* (call, given): Steps<number> {
    const A = Csr.from(given, call.name)
    yield* requireSymmetric(call.name, A)
    const inverse = yield* inverseDiagonalOf(A)
    const { smallest, largest } = yield* run(lanczos, A, inverse, lanczosStart(A.rows), STEPS)
    return Math.max(0, Math.min(smallest, 2 - largest))
  },
)
