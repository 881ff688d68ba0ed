import { bind } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { lanczosSteps } from './lanczos.steps.ts'

/** Extreme eigenvalues of a symmetric matrix, scaled by a diagonal. */
export const lanczos = bind('lanczos', lanczosSteps)

/** A fixed start vector with all frequencies in it: a Weyl sequence, the same on every machine. */
export function lanczosStart(n: number): Float64Array {
  const start = float64(n)
  for (let i = 0; i < n; i++) start[i] = (((i + 1) * 0.6180339887498949) % 1) - 0.5
  return start
}
