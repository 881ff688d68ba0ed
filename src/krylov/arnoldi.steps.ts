import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { basisDots, basisSubtract } from './basis.steps.ts'

/** Cosine up to which two vectors count as orthogonal; a measured one beyond it is taken out once more. */
const ORTHOGONAL = 1e-13

/** What is left of a vector that depends on the others, as a share of it: rounding. */
const DEPENDENT = 10 * Number.EPSILON

const PASSES = 3 // two are enough, but for vectors that depend on the others within rounding

/**
 * Makes vector number `count` of the block V orthogonal to those before it, which are orthonormal, and of norm 1; each has
 * n entries, one vector after the other. As it was, it is V h: h gets count + 1 entries, the last of which, also returned,
 * is the norm that was left. It is 0 where the vector depends on the others, and not finite where the vector is not.
 *
 * Classical Gram-Schmidt in blocks, repeated where it has to be (Giraud, Langou and Rozloznik 2005): each correction
 * measures on its way how far from orthogonal it left the vector. Traffic: V twice, three times where repeated.
 */
export function* orthonormalise(k: Kernels, V: Float64Array, n: number, count: number, h: Float64Array): Steps<number> {
  const basis = V.subarray(0, count * n)
  const w = V.subarray(count * n, (count + 1) * n)
  const dots = new Float64Array(count + 1)
  yield* basisDots(k, V.subarray(0, (count + 1) * n), w, dots)
  const size = Math.sqrt(dots[count]!)
  let left = size
  h.fill(0, 0, count)
  for (let pass = 0; pass < PASSES && count > 0; pass++) {
    for (let j = 0; j < count; j++) h[j]! += dots[j]!
    yield* basisSubtract(k, basis, dots.slice(0, count), w, dots)
    left = Math.sqrt(dots[count]!)
    let square = 0
    for (let j = 0; j < count; j++) square += dots[j]! * dots[j]!
    if (Math.sqrt(square) <= ORTHOGONAL * left || left <= DEPENDENT * size) break
  }
  if (left <= DEPENDENT * size) left = 0
  h[count] = left
  if (left > 0) k.axpby(1 / left, w, 0, w)
  return left
}
