import { expect } from 'vitest'
import type { Csr } from '../../src/sparse/csr.ts'

/** A dense matrix from its entries: the oracle that generators are compared with. */
export const denseOf = (n: number, entry: (i: number, j: number) => number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)))

/** A sparse matrix as rows of numbers. */
export function rowsOf(A: Csr): number[][] {
  const { rows, columns, values } = A.toDense()
  return denseOf(rows, (i, j) => (j < columns ? values[i * columns + j]! : Number.NaN))
}

/** Asserts A = A^T to the bit, pattern and values, and that the matrix says so. */
export function expectSymmetric(A: Csr): void {
  const T = A.transpose()
  expect(A.symmetric).toBe('yes')
  expect(T.pattern.rowPointers).toEqual(A.pattern.rowPointers)
  expect(T.pattern.columnIndices).toEqual(A.pattern.columnIndices)
  expect(T.values).toEqual(A.values)
}

/** Asserts a positive diagonal, no positive entry off it, and rows whose sum is not negative beyond rounding. */
export function expectMMatrix(A: Csr): void {
  const { rowPointers, columnIndices } = A.pattern
  for (let i = 0; i < A.rows; i++) {
    let sum = 0
    let diagonal = 0
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const a = A.values[k]!
      sum += a
      if (columnIndices[k] === i) diagonal = a
      else if (!(a <= 0)) expect.fail(`entry (${i}, ${columnIndices[k]}) is ${a}`)
    }
    if (!(diagonal > 0 && sum >= -1e-14 * diagonal)) expect.fail(`row ${i}: diagonal ${diagonal}, sum ${sum}`)
  }
}

/** Whether a dense Cholesky factorization runs through. */
export function isPositiveDefinite(A: Csr): boolean {
  const a = rowsOf(A)
  for (let j = 0; j < a.length; j++)
    for (let i = j; i < a.length; i++) {
      let s = a[i]![j]!
      for (let k = 0; k < j; k++) s -= a[i]![k]! * a[j]![k]!
      if (i === j && !(s > 0)) return false
      a[i]![j] = i === j ? Math.sqrt(s) : s / a[j]![j]!
    }
  return true
}

/** Iterations of conjugate gradients with the diagonal as preconditioner, from zero, to a relative residual of 1e-8. */
export function jacobiIterations(A: Csr, b: Float64Array): number {
  const { rowPointers, columnIndices } = A.pattern
  const d = A.diagonal()
  const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, x, i) => sum + x * v[i]!, 0)
  const r = b.slice()
  const p = r.map((x, i) => x / d[i]!)
  const q = new Float64Array(b.length)
  const threshold = 1e-8 * Math.sqrt(dot(b, b))
  let rz = dot(r, p)
  for (let iteration = 1; iteration < 10_000; iteration++) {
    for (let i = 0; i < q.length; i++) {
      let sum = 0
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) sum += A.values[k]! * p[columnIndices[k]!]!
      q[i] = sum
    }
    const alpha = rz / dot(p, q)
    for (let i = 0; i < q.length; i++) r[i]! -= alpha * q[i]!
    if (Math.sqrt(dot(r, r)) <= threshold) return iteration
    const z = r.map((x, i) => x / d[i]!)
    const next = dot(r, z)
    for (let i = 0; i < q.length; i++) p[i] = z[i]! + (next / rz) * p[i]!
    rz = next
  }
  return Number.POSITIVE_INFINITY
}

/** The matrix with its rows and columns in another order, drawn from `u` in (0, 1). */
export function shuffled(A: Csr, u: Float64Array): Csr {
  const order = Array.from({ length: A.rows }, (_, i) => i).sort((i, j) => u[i]! - u[j]!)
  return A.permute(order)
}
