import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { orthonormalise } from '../krylov/arnoldi.steps.ts'
import { basisSubtract } from '../krylov/basis.steps.ts'
import type { Stopping } from '../krylov/stopping.ts'
import { type LinearOperator, multiply, residual } from '../sparse/operator.steps.ts'

/** The next earlier solution is tried where the last one took away at least this share of the residual. */
const WORTH = 0.5

/**
 * Adds to x the combination of earlier solutions X, the newest first, with the smallest residual (Fischer 1998): of a sequence
 * that changes smoothly they predict the next one. Ends after the first that does not halve what is left, so that solutions
 * foretelling nothing cost one product. Returns the number of products with A. Workspace: (count + 2) n.
 */
export function* guessSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  X: Float64Array,
  { warm, rtol, atol }: Stopping,
): Steps<number> {
  const n = b.length
  const count = n === 0 ? 0 : X.length / n
  const W = float64((count + 1) * n) // images, orthonormal, and then what they leave of the residual
  const r = float64(n)
  if (warm) yield* residual(k, A, x, b, r)
  else r.set(b)
  const h = new Float64Array(count + 1)
  const R: Float64Array[] = []
  const c: number[] = []
  const target = Math.max(rtol * Math.sqrt(k.dot(b, b)), atol)
  let left = Math.sqrt(k.dot(r, r))
  let products = warm ? 1 : 0
  while (R.length < count && left > target && left < Number.POSITIVE_INFINITY) {
    const j = R.length
    const w = W.subarray(j * n, (j + 1) * n)
    yield* multiply(k, A, X.subarray(j * n, (j + 1) * n), w)
    products++
    const rest = yield* orthonormalise(k, W, n, j, h)
    if (!(rest > 0 && rest < Number.POSITIVE_INFINITY)) break
    R.push(h.slice(0, j + 1))
    const part = k.dot(w, r)
    c.push(part)
    k.axpy(-part, w, r)
    const before = left
    left = Math.sqrt(k.dot(r, r))
    if (!(left <= WORTH * before)) break
  }
  for (let j = R.length - 1; j >= 0; j--) {
    c[j]! /= R[j]![j]!
    for (let i = 0; i < j; i++) c[i]! -= R[j]![i]! * c[j]!
  }
  yield* basisSubtract(
    k,
    X.subarray(0, c.length * n),
    Float64Array.from(c, value => -value),
    x,
    new Float64Array(1),
  )
  return products
}
