import { bind, forms, run } from '../core/method.ts'
import { sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { choleskySolveSteps, choleskySteps } from './cholesky.steps.ts'
import { type DenseOptions, flagOption, outDense } from './own.ts'
import { checkSquareDense, symmetricCopy } from './symmetric.ts'

const factorize = bind('cholesky', choleskySteps)
const apply = bind('choleskySolve', choleskySolveSteps)

/** A = L L^T of a dense symmetric positive definite A, rows x rows: see {@link cholesky}. A plain record. */
export interface Cholesky {
  readonly kind: 'cholesky'
  readonly rows: number
  /** A itself, from which `solveWith` computes true residuals. */
  readonly matrix: Dense
  /** L, row-major, zeros above its diagonal. */
  readonly lower: Float64Array
  /** The first row whose pivot was not positive: A is not positive definite and nothing can be solved; -1: none. */
  readonly failed: number
}

/** L, in `lower`, which is a copy of the matrix. */
export function* choleskyOf(matrix: Dense, lower: Float64Array): Steps<Cholesky> {
  const { rows } = matrix
  return { kind: 'cholesky', rows, matrix, lower, failed: yield* run(factorize, lower, rows) }
}

/** X = A^-1 X in place, X rows x s, row-major. */
export function* applyCholesky({ rows, lower }: Cholesky, x: Float64Array, s: number): Steps<void> {
  yield* run(apply, lower, rows, x, s)
}

/** Checks a record that may have been loaded or made by hand. */
export const isCholesky = ({ rows, lower, failed }: Cholesky): boolean =>
  Number.isInteger(rows) && lower instanceof Float64Array && lower.length === rows * rows && Number.isInteger(failed)

/** The record with its array on shared memory. */
export const ownCholesky = (F: Cholesky): Cholesky => ({ ...F, lower: sharedFloat64(F.lower) })

/** Options of {@link cholesky}. */
export interface CholeskyOptions extends DenseOptions {
  /** Where L goes, rows x rows; synchronous form only. */
  readonly out?: Dense
}

const { async, sync } = forms<[Dense, CholeskyOptions?], Cholesky>(
  'cholesky',
  1,
  ['check', 'out'],
  function* (call, A, options = {}) {
    const check = flagOption(call.name, 'check', options.check ?? true)
    const given = checkSquareDense(call.name, A)
    const { values } = outDense(call, 'out', options.out, A.rows, A.rows)
    if (check) yield* symmetricCopy(call.name, A, values)
    else values.set(given)
    return yield* choleskyOf(A, values)
  },
)

/**
 * Factors a dense symmetric positive definite matrix, A = L L^T. Apply it with `solveWith`. An A that is not positive
 * definite gives a record that says so in `failed`. n^3 / 3 flops; keeps n^2 doubles. `choleskySync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION
 */
export const cholesky = async

/** {@link cholesky}, blocking. */
export const choleskySync = sync
