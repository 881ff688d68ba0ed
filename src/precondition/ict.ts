import { refuse } from '../core/errors.ts'
import { bind, run } from '../core/method.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { trust } from '../sparse/pattern.ts'
import { ictSteps } from './ict.steps.ts'
import { inverseDiagonalOf } from './jacobi.ts'
import { numberOption, recipe } from './recipe.ts'
import { checkTriangular, type TriangularOptions } from './ric0.ts'
import { scheduled } from './schedule.ts'

const thresholdCholesky = bind('ict', ictSteps)

/** Options of {@link ict}. */
export interface ThresholdOptions extends Pick<TriangularOptions, 'schedule' | 'precision'> {
  /**
   * Entries of a column of L up to this share of the column's 1-norm in A are dropped, A scaled to a unit diagonal.
   * Default 1e-3; 0 drops none.
   */
  readonly dropTolerance?: number
  /** Entries that a column may have more than in A: the largest are kept. Default 10; may be Infinity. */
  readonly maxFill?: number
  /** Share of what is dropped that moves onto the diagonals, in [0, 1]. Default 0. */
  readonly omega?: number
  /** First shift: A + shift diag(A) is factored. Default 0; raised where a pivot fails. */
  readonly shift?: number
}

/**
 * Incomplete Cholesky with threshold: fill where it is large, so fewer iterations than `ic0` at more set-up and memory.
 * Where no shift gives positive pivots, the diagonal serves.
 */
export const ict = recipe<ThresholdOptions, Required<ThresholdOptions>>(
  'ict',
  ['dropTolerance', 'maxFill', 'omega', 'shift', 'schedule', 'precision'],
  (method, { dropTolerance = 1e-3, maxFill = 10, omega = 0, shift = 0, ...keeping }) => {
    if (maxFill !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxFill) && maxFill >= 0))
      throw refuse('ERR_OPTION', method, 'option maxFill', 'a non-negative integer, or Infinity', maxFill)
    return {
      dropTolerance: numberOption(method, 'dropTolerance', dropTolerance, 0, 1e300),
      maxFill,
      omega: numberOption(method, 'omega', omega, 0, 1),
      shift: numberOption(method, 'shift', shift, 0, 1e6),
      ...(({ schedule, precision }) => ({ schedule, precision }))(checkTriangular(method, keeping)),
    }
  },
  function* (method, A, { dropTolerance, maxFill, omega, shift, ...keeping }) {
    yield* requireSymmetric(method, A)
    const most = Math.min(maxFill, A.rows) // no column is longer
    const { ok, upper, inverseDiagonal, ...settings } = yield* run(
      thresholdCholesky,
      A,
      dropTolerance,
      most,
      omega,
      shift,
    )
    if (!ok) return { kind: 'jacobi', inverseDiagonal: yield* inverseDiagonalOf(A) }
    trust(upper.pattern)
    return yield* scheduled({ kind: 'factor', method: 'ict', upper, inverseDiagonal, blocks: 1, ...settings }, keeping)
  },
)
