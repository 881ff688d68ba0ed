import { float64 } from '../core/shared.ts'
import { FAMILY } from './differences.ts'

/** A function of symmetric matrices: what it is at an eigenvalue, and where it is defined. */
export interface Scalar {
  readonly family: number
  /** The power, of powers. */
  readonly p: number
  readonly value: (x: number) => number
  /** Of `table` alone: the others know theirs. */
  readonly slope?: ((x: number) => number) | undefined
  readonly second?: ((x: number) => number) | undefined
  /** Whether it wants positive eigenvalues, so that a policy decides on the others. */
  readonly positive: boolean
}

/** x^p; of non-negative whole p for any eigenvalues. */
export const power = (p: number): Scalar => ({
  family: FAMILY.power,
  p,
  value: p === 0.5 ? Math.sqrt : p === -0.5 ? x => 1 / Math.sqrt(x) : x => x ** p,
  positive: !(Number.isInteger(p) && p >= 0),
})

export const logarithm: Scalar = { family: FAMILY.log, p: 0, value: Math.log, positive: true }

export const exponential: Scalar = { family: FAMILY.exp, p: 0, value: Math.exp, positive: false }

/** f at every eigenvalue; zero at those left out. */
export function tabulated(f: (x: number) => number, w: Float64Array): Float64Array {
  const values = float64(w.length)
  for (let i = 0; i < w.length; i++) values[i] = Number.isNaN(w[i]) ? 0 : f(w[i]!)
  return values
}
