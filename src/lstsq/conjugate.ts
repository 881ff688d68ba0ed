import { float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { Problem } from './problem.ts'
import type { Basis } from './triangle.ts'

/**
 * (A P)^T (A P) z = c in place of c, by conjugate gradients: with P from a sketch the condition is a small constant, and the
 * number of steps is known before. Ends at ||c - (A P)^T (A P) z|| <= tolerance. One column; reads A once a step.
 */
export function* conjugate(
  problem: Problem,
  basis: Basis,
  c: Float64Array,
  tolerance: number,
  most: number,
): Steps<void> {
  const residual = c.slice()
  const direction = float64(c.length)
  direction.set(c)
  const y = float64(problem.n)
  const z = new Float64Array(c.length)
  let square = dot(residual, residual)
  for (let step = 1; step <= most && Math.sqrt(square) > tolerance; step++) {
    const length = yield* problem.normalProduct(yield* basis.apply(direction, 1), y)
    const q = yield* basis.adjoint(y, 1)
    const alpha = square / length
    if (!Number.isFinite(alpha)) break
    for (let i = 0; i < z.length; i++) {
      z[i]! += alpha * direction[i]!
      residual[i]! -= alpha * q[i]!
    }
    const next = dot(residual, residual)
    for (let i = 0; i < z.length; i++) direction[i] = residual[i]! + (next / square) * direction[i]!
    square = next
    if (yield* iterate(step, Math.sqrt(square))) break
  }
  c.set(z)
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
