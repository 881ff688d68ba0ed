import type { Dense } from '../../src/index.ts'
import { dense, qrSync } from '../../src/index.ts'
import { randomDense, scaled, times, transposed } from './dense.ts'

/** Orthonormal columns, of Haar measure but for signs. */
export const haar = (m: number, k: number, seed: number): Dense => qrSync(randomDense(m, k, seed)).q

/** A matrix with these singular values. */
export const withSingularValues = (m: number, n: number, s: Float64Array, seed = 1): Dense =>
  times(scaled(haar(m, s.length, seed), s), transposed(haar(n, s.length, seed + 1)))

/** A symmetric matrix with these eigenvalues. */
export function withEigenvalues(w: Float64Array, seed = 1): Dense {
  const V = haar(w.length, w.length, seed)
  return times(scaled(V, w), transposed(V))
}

/** ||A||_2 by the largest singular value of a power iteration run to the end. */
export function spectralNorm(A: Dense): number {
  let x = dense(
    A.columns,
    1,
    Array.from({ length: A.columns }, (_, i) => 1 + (i % 7) / 7),
  )
  let norm = 0
  for (let step = 0; step < 300; step++) {
    const y = times(transposed(A), times(A, x))
    const size = Math.sqrt(y.values.reduce((sum, v) => sum + v * v, 0))
    if (size === 0) return 0
    const next = Math.sqrt(size)
    x = dense(
      A.columns,
      1,
      y.values.map(v => v / size),
    )
    if (Math.abs(next - norm) <= 1e-6 * next) return next
    norm = next
  }
  return norm
}
