import { KrylovError } from '../core/errors.ts'
import { bind, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from './csr.ts'
import { examineSteps, type MatrixFacts } from './examine.steps.ts'

const examine = bind('examine', examineSteps)

const facts = new WeakMap<Csr, MatrixFacts>()

/** What is known of a matrix, found out once. */
export function* factsOf(A: Csr): Steps<MatrixFacts> {
  const known = facts.get(A)
  if (known !== undefined) return known
  const found = yield* run(examine, A)
  facts.set(A, found)
  return found
}

/** Keeps what another method has found out with its own pass. */
export function keepFacts(A: Csr, found: MatrixFacts): void {
  facts.set(A, found)
}

/** Symmetry is judged to this bound relative to max |a_ij|: files written in decimal are not symmetric to the bit. */
export const SYMMETRY_TOLERANCE = 1e-12

export const isSymmetric = ({ asymmetry, largest }: MatrixFacts): boolean => asymmetry <= SYMMETRY_TOLERANCE * largest

/** Refuses a matrix with entries that are not finite. */
export function* requireFinite(method: string, A: Csr): Steps<MatrixFacts> {
  const found = yield* factsOf(A)
  if (found.notFinite >= 0)
    throw new KrylovError(
      'ERR_NOT_FINITE',
      `${method}: A.values[${found.notFinite}] must be finite, got ${A.values[found.notFinite]}`,
    )
  return found
}

/** Refuses a matrix that is not symmetric to 1e-12 of its largest entry. */
export function* requireSymmetric(method: string, A: Csr): Steps<MatrixFacts> {
  const found = yield* requireFinite(method, A)
  if (!isSymmetric(found))
    throw new KrylovError(
      'ERR_NOT_SYMMETRIC',
      `${method}: A must be symmetric to ${SYMMETRY_TOLERANCE} of its largest entry, ` +
        `got max |A - A^T| = ${found.asymmetry} against ${found.largest}`,
    )
  return found
}
