import type { Steps } from '../core/steps.ts'
import { realSchur } from './real-schur.steps.ts'

/** Eigenvalues of a symmetric matrix, ascending, and orthonormal eigenvectors, one after the other. */
export interface SymmetricEigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** Of a small symmetric matrix, n x n, which is overwritten: its Schur form is diagonal. Undefined where there is none. */
export function* symmetricEigen(A: Float64Array, n: number): Steps<SymmetricEigen | undefined> {
  const schur = yield* realSchur(A, n)
  if (schur === undefined) return undefined
  const { T, Z } = schur
  const order = Array.from({ length: n }, (_, j) => j).sort((i, j) => T[i * n + i]! - T[j * n + j]! || i - j)
  const vectors = new Float64Array(n * n)
  for (const [at, j] of order.entries()) for (let i = 0; i < n; i++) vectors[at * n + i] = Z[i * n + j]!
  return { values: Float64Array.from(order, j => T[j * n + j]!), vectors }
}
