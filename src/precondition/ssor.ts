import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { upperTriangleOf } from '../sparse/upper.ts'
import { inverseDiagonalOf } from './jacobi.ts'
import { numberOption, recipe } from './recipe.ts'
import { checkTriangular, type TriangularOptions } from './ric0.ts'
import { scheduled } from './schedule.ts'
import { ssorSteps } from './ssor.steps.ts'

const ssorFactor = bind('ssorFactor', ssorSteps)

/** Options of {@link ssor}. */
export interface SsorOptions extends TriangularOptions {
  /** Relaxation in (0, 2); default 1. */
  readonly omega?: number
}

/**
 * Symmetric successive over-relaxation. Set-up is one pass over A. Where a diagonal entry is not positive the matrix is
 * not positive definite and the diagonal alone serves.
 */
export const ssor = recipe<SsorOptions, Required<SsorOptions>>(
  'ssor',
  ['omega', 'schedule', 'precision', 'blocks'],
  (method, { omega = 1, ...rest }) => ({
    ...checkTriangular(method, rest),
    omega: numberOption(method, 'omega', omega, 0, 2, true),
  }),
  function* (method, A, { omega, blocks: most, ...keeping }) {
    const blocks = Math.min(most, Math.max(1, A.rows))
    yield* requireSymmetric(method, A)
    const triangle = yield* upperTriangleOf(A.pattern, blocks)
    const values = float64(triangle.pattern.columnIndices.length)
    const inverseDiagonal = float64(A.rows)
    const failed = yield* run(ssorFactor, A, triangle, omega, values, inverseDiagonal)
    if (failed >= 0) return { kind: 'jacobi', inverseDiagonal: yield* inverseDiagonalOf(A) }
    const upper = { pattern: triangle.pattern, values }
    return yield* scheduled({ kind: 'factor', method: 'ssor', upper, inverseDiagonal, blocks }, keeping)
  },
)
