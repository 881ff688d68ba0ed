import { copied } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import { backwardErrors } from './backward-error.ts'
import type { Problem } from './problem.ts'
import type { Basis } from './triangle.ts'

/** A backward error that nothing is left to gain from, and the largest that counts as solved. */
export const GOOD = 2 * Number.EPSILON
export const ACCEPTED = 8 * Number.EPSILON

const MOST = 10 // corrections
const IDLE = 2 // of them in a row that gain less than half

/** Where refinement arrived. */
export interface Refined {
  /** n x s. */
  readonly X: Float64Array
  /** ||b - A x|| of each column. */
  readonly norms: Float64Array
  /** The largest of the columns. */
  readonly backwardError: number
  /** Whether the time limit ended it. */
  readonly late: boolean
}

/**
 * Corrects X by P (A P)^+ (B - A X) until its backward error is small or does not fall any more. Y = A^T R is computed from the
 * residual R, never as A^T B - A^T A X: so each correction starts from the true residual, which is what makes two of them
 * backward stable (Epperly, Meier and Nakatsukasa 2024). `correct` solves (A P)^T (A P) Z = P^T Y in place; where it is absent
 * that matrix is nearly the identity. R: A's triangle, if it is known. One reading of A for each correction, and one for the end.
 */
export function* refine(
  problem: Problem,
  basis: Basis,
  start: Float64Array,
  R: Float64Array | undefined,
  correct?: (Z: Float64Array) => Steps<void>,
): Steps<Refined> {
  let X = start
  let best: Refined = { X, norms: new Float64Array(problem.s).fill(Number.NaN), backwardError: Number.NaN, late: false }
  for (let step = 0, idle = 0; ; step++) {
    const residual = yield* problem.residual(X)
    const Z = yield* basis.adjoint(residual.Y, problem.s)
    const errors = yield* backwardErrors(problem, X, residual, basis, Z, R, GOOD)
    const backwardError = errors.reduce((most, error) => Math.max(most, error), 0)
    idle = backwardError <= best.backwardError / 2 || step === 0 ? 0 : idle + 1
    if (!(backwardError >= best.backwardError)) best = { X, norms: residual.norms, backwardError, late: false }
    const late = yield* iterate(step, Math.max(...residual.norms))
    if (late || backwardError <= GOOD || Number.isNaN(backwardError) || idle === IDLE || step === MOST)
      return { ...best, late }
    if (correct !== undefined) yield* correct(Z)
    const D = yield* basis.apply(Z, problem.s)
    const next = copied(X)
    for (let at = 0; at < next.length; at++) next[at]! += D[at]!
    X = next
  }
}
