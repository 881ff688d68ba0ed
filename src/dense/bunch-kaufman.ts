import { bind, forms, run } from '../core/method.ts'
import { int32, sharedFloat64, sharedInt32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { bunchKaufmanSolveSteps, bunchKaufmanSteps } from './bunch-kaufman.steps.ts'
import { symmetricCopy } from './symmetric.ts'

const factorize = bind('bunchKaufman', bunchKaufmanSteps)
const apply = bind('bunchKaufmanSolve', bunchKaufmanSolveSteps)

/** P A P^T = L D L^T of a dense symmetric A, rows x rows: see {@link bunchKaufman}. A plain record. */
export interface BunchKaufman {
  readonly kind: 'bunch-kaufman'
  readonly rows: number
  /** A itself, from which `solveWith` computes true residuals. */
  readonly matrix: Dense
  /** Row j, on and right of the diagonal: column j of D and L, as LAPACK's dsytrf leaves them for 'L'. */
  readonly factor: Float64Array
  /** Row exchanges and the orders of D's blocks, as there. */
  readonly pivots: Int32Array
  /** How many eigenvalues of A are negative. */
  readonly negative: number
  /** Pivots of zero: A is singular and nothing can be solved. */
  readonly zero: number
}

/** The factor, in `factor`, which is a copy of the matrix. */
export function* bunchKaufmanOf(matrix: Dense, factor: Float64Array): Steps<BunchKaufman> {
  const { rows } = matrix
  const pivots = int32(rows)
  const { negative, zero } = yield* run(factorize, factor, rows, pivots)
  return { kind: 'bunch-kaufman', rows, matrix, factor, pivots, negative, zero }
}

/** X = A^-1 X in place, X rows x s, row-major. */
export function* applyBunchKaufman(F: BunchKaufman, x: Float64Array, s: number): Steps<void> {
  yield* run(apply, F.factor, F.rows, F.pivots, x, s)
}

/** Checks a record that may have been loaded or made by hand. */
export function isBunchKaufman({ rows, factor, pivots, zero }: BunchKaufman): boolean {
  if (!(Number.isInteger(rows) && Number.isInteger(zero))) return false
  if (!(factor instanceof Float64Array && factor.length === rows * rows)) return false
  if (!(pivots instanceof Int32Array && pivots.length === rows)) return false
  for (let j = 0; j < rows; j++) {
    const pair = pivots[j]! < 0
    const target = Math.abs(pivots[j]!) - 1
    if (pivots[j] === 0 || target >= rows || target < (pair ? j + 1 : j)) return false
    if (pair && pivots[j] !== pivots[++j]) return false
  }
  return true
}

/** The record with its arrays on shared memory. */
export const ownBunchKaufman = (F: BunchKaufman): BunchKaufman => ({
  ...F,
  factor: sharedFloat64(F.factor),
  pivots: sharedInt32(F.pivots),
})

const { async, sync } = forms<[Dense, object?], BunchKaufman>('bunchKaufman', 1, [], function* (call, A) {
  return yield* bunchKaufmanOf(A, yield* symmetricCopy(call.name, A))
})

/**
 * Factors a dense symmetric, perhaps indefinite matrix, P A P^T = L D L^T with blocks of order 1 and 2 in D (Bunch and
 * Kaufman 1977), and counts its negative eigenvalues. Apply it with `solveWith`. n^3 / 3 flops; keeps n^2 doubles.
 * `bunchKaufmanSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC
 */
export const bunchKaufman = async

/** {@link bunchKaufman}, blocking. */
export const bunchKaufmanSync = sync
