import { run } from '../core/method.ts'
import { normal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gramOf } from '../dense/gram.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { tsqr } from '../dense/tsqr.ts'
import { cholesky, trace } from './dense-steps.ts'

/* A factor of a covariance from samples: by products where their rounding may be afforded, else by rotations. */

/** F with F^T F = C: by rows k x d, or F^T, where it is `transposed`. */
export interface Factor {
  readonly k: number
  readonly values: Float64Array
  readonly transposed: boolean
  /**
   * ||E||_2 ||L^-1||_F, E the rounding of C where L is the factor of C + E. Moves tr (C D)^(1/2) by at most half of it times
   * ||D^(1/2)||_F, since the derivative is tr (T E) / 2 with T = D^(1/2) Q L^-1, Q orthogonal.
   */
  readonly doubt: number
}

/** Dimensions from which a Gram matrix and its Cholesky factor are worth it. */
const PRODUCTS_FROM = 256

/** Rounding errors of the entries of C have either sign: ||E||_2 stays below this many eps (max C_ii tr C)^(1/2). */
const ROUNDING = 8

/** Random vectors that estimate ||L^-1||_F, to a factor of two but for one case in 10^4. */
const PROBES = 16

/** Centred samples as rows, N > d, by products; undefined where they are not many more than rounding away from dependent. */
export function* productFactor(centred: Float64Array, d: number): Steps<Factor | undefined> {
  if (d < PRODUCTS_FROM) return undefined
  const C = float64(d * d)
  yield* run(gramOf, centred, d, C)
  let largest = 0
  for (let i = 0; i < d; i++) largest = Math.max(largest, C[i * d + i]!)
  const rounding = ROUNDING * Number.EPSILON * Math.sqrt(largest * trace(C, d))
  const L = yield* cholesky(C, d)
  if (L === undefined) return undefined
  const probes = float64(d * PROBES)
  probes.set(normal(0, d * PROBES))
  yield* run(solveTriangularIn, L, d, probes, PROBES, true, false, false)
  const inverse = Math.sqrt(probes.reduce((sum, x) => sum + x * x, 0) / PROBES)
  const firstOrder = rounding * inverse ** 2 < 1 / 4
  return firstOrder ? { k: d, values: L, transposed: true, doubt: rounding * inverse } : undefined
}

/** The same by rotations, without doubt. */
export function* rotatedFactor(centred: Float64Array, d: number): Steps<Factor> {
  const R = float64(d * d)
  yield* run(tsqr, centred, d, float64(0), 0, R)
  return { k: d, values: R, transposed: false, doubt: 0 }
}
