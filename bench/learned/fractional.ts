import { cgSync } from '../../src/krylov/cg.ts'
import type { families } from '../../src/learned/families.ts'
import { fractionalIterations } from '../../src/learned/whole-solves.ts'
import type { Recipe } from '../../src/precondition/recipe.ts'
import type { Csr } from '../../src/sparse/csr.ts'

const TOLERANCE = 1e-8

/** Iterations of cg to the tolerance, between two of them by the logarithm of the residual. */
export function fractional(A: Csr, b: Float64Array, preconditioner: Recipe): number {
  const { history = new Float64Array(1) } = cgSync(A, b, { preconditioner, history: true, rtol: TOLERANCE })
  return fractionalIterations(history, TOLERANCE)
}

export const geometric = (list: readonly number[]): number =>
  Math.exp(list.reduce((sum, value) => sum + Math.log(value), 0) / list.length)

/** What is compared on: so many members of a family, of this size. */
export const sets: readonly (readonly [keyof typeof families, size: number, count: number])[] = [
  ['diff', 128, 10],
  ['fem', 128, 10],
  ['diff', 256, 5],
  ['fem', 256, 5],
  ['heat', 128, 5],
  ['aniso', 128, 5],
  ['diff3d', 25, 5],
]
