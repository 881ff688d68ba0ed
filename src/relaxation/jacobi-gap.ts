import type { ControlOptions } from '../core/control.ts'
import { forms, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { inverseDiagonalOf } from '../precondition/jacobi.ts'
import { gapOf, lanczos, lanczosStart } from '../precondition/lanczos.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'

const FIRST = 30 // Lanczos steps; then twice as many, until the gap has settled
const MOST = 960

/**
 * 1 - the spectral radius of the Jacobi iteration matrix I - D^-1 A, for a symmetric A with a positive diagonal, by Lanczos: 30
 * steps, then twice as many until the gap moves by less than 5%, at most 960. Like every such estimate it is too large rather
 * than too small. At least 0.
 * `jacobiGapSync` is the same, blocking.
 *
 * @throws KrylovError ERR_NOT_SYMMETRIC, ERR_NOT_FINITE, ERR_SHAPE
 */
export const { async: jacobiGap, sync: jacobiGapSync } = forms<[CsrData, ControlOptions?], number>(
  'jacobiGap',
  1,
  [],
  function* (call, given): Steps<number> {
    return (yield* estimateGap(call.name, Csr.from(given, call.name))).gap
  },
)

/** The inside of {@link jacobiGap}, with the products that it took. */
export function* estimateGap(method: string, A: Csr): Steps<{ readonly gap: number; readonly products: number }> {
  yield* requireSymmetric(method, A)
  const inverse = yield* inverseDiagonalOf(A)
  const found = yield* run(lanczos, A, inverse, lanczosStart(A.rows), FIRST, MOST)
  return { gap: gapOf(found), products: found.steps }
}
