import { KrylovError, refuse } from '../core/errors.ts'
import { bindLapack, forms, run } from '../core/method.ts'
import { copied } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from './dense.ts'
import { type DenseOptions, flagOption, ownDense } from './own.ts'
import { solveTriangularRightSteps, solveTriangularSteps } from './triangular.steps.ts'

/** X = op(T)^-1 X on arrays by rows: (T, n, X, s, lower, transpose, unit). */
export const solveTriangularIn = bindLapack('solveTriangular', solveTriangularSteps)

/** X = A[:, columns] T^-1 on arrays by rows: (T, n, A, columns, X, lower). */
export const solveTriangularRightIn = bindLapack('solveTriangularRight', solveTriangularRightSteps)

/** Options of {@link solveTriangular}. */
export interface SolveTriangularOptions extends DenseOptions {
  /** T is its lower triangle instead of its upper one. */
  readonly lower?: boolean
  /** T^T X = B instead of T X = B. */
  readonly transpose?: boolean
  /** T's diagonal is all ones and is not read. */
  readonly unit?: boolean
}

/** {@link solveTriangular} in its two shapes: a vector gives a vector, a dense n x s matrix another. */
export interface SolveTriangular {
  (T: Dense, B: Dense, options?: SolveTriangularOptions): Promise<Dense>
  (T: Dense, b: ArrayLike<number>, options?: SolveTriangularOptions): Promise<Float64Array>
}

/** {@link solveTriangular}, blocking. */
export interface SolveTriangularSync {
  (T: Dense, B: Dense, options?: SolveTriangularOptions): Dense
  (T: Dense, b: ArrayLike<number>, options?: SolveTriangularOptions): Float64Array
}

const { async, sync } = forms<[Dense, ArrayLike<number> | Dense, SolveTriangularOptions?], Dense | Float64Array>(
  'solveTriangular',
  2,
  ['lower', 'transpose', 'unit', 'check'],
  function* (call, givenT, B, options = {}) {
    const { lower = false, transpose = false, unit = false, check = true } = options
    for (const [name, value] of Object.entries({ lower, transpose, unit, check })) flagOption(call.name, name, value)
    const T = yield* ownDense(call, 'T', givenT, check)
    const n = T.rows
    if (T.columns !== n) throw refuse('ERR_SHAPE', call.name, 'T', 'square', `${n} x ${T.columns}`)
    if (!unit)
      for (let i = 0; i < n; i++)
        if (T.values[i * n + i] === 0)
          throw new KrylovError('ERR_SINGULAR', `${call.name}: T is singular: its diagonal has a zero in row ${i}`)
    if (!isDense(B)) {
      const x = copied(yield* ownVector(call, 'b', B, n))
      yield* run(solveTriangularIn, T.values, n, x, 1, lower, transpose, unit)
      return x
    }
    const { rows, columns, values } = yield* ownDense(call, 'B', B, check)
    if (rows !== n) throw refuse('ERR_SHAPE', call.name, 'B', `${n} rows, as T`, rows)
    const X = copied(values)
    yield* run(solveTriangularIn, T.values, n, X, columns, lower, transpose, unit)
    return { rows, columns, values: X }
  },
)

/**
 * Solves T X = B for a dense triangular T, upper unless `lower`; the other triangle is not read. B is a vector or a dense
 * matrix. n^2 flops a column. `solveTriangularSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_SINGULAR, ERR_OPTION
 */
export const solveTriangular = async as SolveTriangular

/** {@link solveTriangular}, blocking. */
export const solveTriangularSync = sync as SolveTriangularSync
