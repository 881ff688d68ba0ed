import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { upperTriangleOf } from '../sparse/upper.ts'
import { inverseAbsoluteDiagonal } from './jacobi.ts'
import { numberOption, recipe } from './recipe.ts'
import { ssorSteps } from './ssor.steps.ts'

const ssorFactor = bind('ssorFactor', ssorSteps)

/**
 * Symmetric successive over-relaxation with parameter omega in (0, 2), default 1. Set-up is one pass over A. Where a
 * diagonal entry is not positive the matrix is not positive definite and the diagonal alone serves.
 */
export const ssor = recipe<{ readonly omega?: number }, number>(
  'ssor',
  ['omega'],
  (method, { omega = 1 }) => numberOption(method, 'omega', omega, 0, 2, true),
  function* (method, A, omega) {
    yield* requireSymmetric(method, A)
    const triangle = yield* upperTriangleOf(A.pattern)
    const values = float64(triangle.pattern.columnIndices.length)
    const inverseDiagonal = float64(A.rows)
    const failed = yield* run(ssorFactor, A, triangle, omega, values, inverseDiagonal)
    if (failed >= 0) return { kind: 'jacobi', inverseDiagonal: inverseAbsoluteDiagonal(A) }
    return { kind: 'factor', method: 'ssor', upper: { pattern: triangle.pattern, values }, inverseDiagonal }
  },
)
