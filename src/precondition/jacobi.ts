import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireFinite } from '../sparse/examine.ts'
import { inverseDiagonalSteps } from './jacobi.steps.ts'
import { recipe } from './recipe.ts'

const inverseDiagonal = bind('inverseDiagonal', inverseDiagonalSteps)

/** 1 / |a_ii|, and 1 where that is not positive and finite. */
export function* inverseDiagonalOf(A: Csr): Steps<Float64Array> {
  const inverse = float64(A.rows)
  yield* run(inverseDiagonal, A, inverse)
  return inverse
}

/** Diagonal scaling: z_i = r_i / |a_ii|. Memory: n. Traffic: 24 n bytes. */
export const jacobi = recipe<object, object>(
  'jacobi',
  [],
  (_, options) => options,
  function* (method, A) {
    yield* requireFinite(method, A)
    return { kind: 'jacobi', inverseDiagonal: yield* inverseDiagonalOf(A) }
  },
)
