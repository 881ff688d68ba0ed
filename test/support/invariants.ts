import { expect } from 'vitest'
import type { RecycledSpace } from '../../src/recycle/space.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { densely } from './problems.ts'

const columns = (V: Float64Array, n: number) =>
  Array.from({ length: V.length / n }, (_, j) => V.subarray(j * n, (j + 1) * n))
/** Without overflow. */
const norm = (v: Float64Array): number => {
  const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), Number.MIN_VALUE)
  return largest * Math.sqrt(v.reduce((sum, x) => sum + (x / largest) ** 2, 0))
}
const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, ui, i) => sum + ui * v[i]!, 0)

/**
 * ||A M^-1 U - C||_F <= 100 eps (||A M^-1|| ||U||_F + ||C||_F) and ||C^T C - I||_F <= 1e-12, by the plainest loops; the norm
 * of A M^-1 is bounded from below by what it does to U and to some vectors.
 */
export function expectInvariants(A: Csr, space: RecycledSpace, applyM = (v: Float64Array) => v): void {
  const n = A.rows
  const [U, C] = [columns(space.vectors, n), columns(space.images, n)]
  expect([U.length, C.length, space.rows]).toEqual([space.columns, space.columns, n])
  const image = (u: Float64Array) => densely(A, applyM(u))
  const probes = [...U, ...C]
  const size = Math.max(...probes.map(v => norm(image(v)) / norm(v)), 0)
  let wrong = 0
  for (const [j, u] of U.entries()) wrong += image(u).reduce((sum, value, i) => sum + (value - C[j]![i]!) ** 2, 0)
  expect(Math.sqrt(wrong)).toBeLessThanOrEqual(100 * Number.EPSILON * (size * norm(space.vectors) + norm(space.images)))
  let skew = 0
  for (const [i, c] of C.entries()) for (const [j, d] of C.entries()) skew += (dot(c, d) - (i === j ? 1 : 0)) ** 2
  expect(Math.sqrt(skew)).toBeLessThanOrEqual(1e-12)
}
