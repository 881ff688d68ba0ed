import { KrylovError } from '../core/errors.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { checkDense } from '../dense/own.ts'
import { at, map, pair, times, type Vjp, type VjpSync, vector } from './dense-vjp.ts'
import { got } from './forms.ts'

/** The gradient of a least-squares solution. */
export interface LstsqGradient {
  readonly A: Dense
  readonly b: Float64Array
}

/** x of least squares, and its gradient. */
export type LstsqVjp = Vjp<Float64Array, ArrayLike<number>, LstsqGradient>
/** {@link LstsqVjp}, blocking. */
export type LstsqVjpSync = VjpSync<Float64Array, ArrayLike<number>, LstsqGradient>

const least = (b: Float64Array) =>
  pair<Float64Array, ArrayLike<number>, LstsqGradient>('lstsqVjp', {
    *forward(methods, A) {
      const { x, rank } = yield* got(methods.lstsq(A, b))
      if (rank < A.columns)
        throw new KrylovError('ERR_SINGULAR', `lstsqVjp: A must have the rank ${A.columns} of its columns, has ${rank}`)
      return x
    },
    *back(methods, x, cotangent, A) {
      const v = vector('cotangent', cotangent, A.columns)
      const T = map({ rows: A.columns, columns: A.rows, values: float64(A.values.length) }, (_, r, c) => at(A, c, r))
      // z = A (A^T A)^-1 v and w = (A^T A)^-1 v without A^T A
      const { x: z } = yield* got(methods.lstsq(T, v))
      const { x: w } = yield* got(methods.lstsq(A, z))
      const fit = (yield* times(methods, A, { rows: x.length, columns: 1, values: x })).values
      return { A: map(A, (_, r, c) => (b[r]! - fit[r]!) * w[c]! - z[r]! * x[c]!), b: z }
    },
  })

/**
 * The least-squares solution of a dense A of full column rank, and its gradient. `lstsqVjpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_SINGULAR
 */
export const lstsqVjp = async (A: Dense, b: ArrayLike<number>): Promise<LstsqVjp> =>
  await least(right('lstsqVjp', A, b)).later(A)

/** {@link lstsqVjp}, blocking. */
export const lstsqVjpSync = (A: Dense, b: ArrayLike<number>): LstsqVjpSync => least(right('lstsqVjpSync', A, b)).now(A)

function right(name: string, A: Dense, b: ArrayLike<number>): Float64Array {
  const found = copied(checkVector(name, 'b', b, checkDense(name, 'A', A).rows))
  checkFinite(name, 'b', found)
  return found
}
