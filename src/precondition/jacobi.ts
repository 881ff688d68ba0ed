import { float64 } from '../core/shared.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireFinite } from '../sparse/examine.ts'
import { recipe } from './recipe.ts'

/**
 * 1 / |a_ii|, and 1 where the diagonal is zero or not stored: positive, whatever A is, so that an indefinite A is
 * reported as what it is and not as an indefinite preconditioner.
 */
export function inverseAbsoluteDiagonal(A: Csr): Float64Array {
  const diagonal = A.diagonal()
  const inverse = float64(diagonal.length)
  for (let i = 0; i < inverse.length; i++) {
    const d = 1 / Math.abs(diagonal[i]!)
    inverse[i] = d < Number.POSITIVE_INFINITY ? d : 1
  }
  return inverse
}

/** Diagonal scaling: z_i = r_i / |a_ii|. Memory: n. Traffic: 24 n bytes. */
export const jacobi = recipe<object, object>(
  'jacobi',
  [],
  (_, options) => options,
  function* (method, A) {
    yield* requireFinite(method, A)
    return { kind: 'jacobi', inverseDiagonal: inverseAbsoluteDiagonal(A) }
  },
)
