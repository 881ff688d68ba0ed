import { describe, expect, it } from 'vitest'
import {
  Csr,
  cgSync,
  type Dense,
  dense,
  eighSync,
  gemmSync,
  type KernelMatrix,
  nystromPreconditioner,
  rpCholesky,
  rpCholeskySync,
  uniform,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { departure, frobenius, minus, randomDense, scaled, times, transposed } from '../support/dense.ts'
import { withEigenvalues } from '../support/spectra.ts'

const n = 300
const points = uniform(5, 2 * n)
const near = (i: number, j: number) => {
  const [x, y] = [points[2 * i]! - points[2 * j]!, points[2 * i + 1]! - points[2 * j + 1]!]
  return Math.exp(-(x * x + y * y) / 0.18)
}
const K = dense(
  n,
  n,
  Float64Array.from({ length: n * n }, (_, at) => near(Math.floor(at / n), at % n)),
)
let seen = 0
const kernel: KernelMatrix = {
  rows: n,
  diagonal: new Float64Array(n).fill(1),
  columns(indices) {
    seen += indices.length
    const values = new Float64Array(n * indices.length)
    for (let i = 0; i < n; i++) for (const [c, j] of indices.entries()) values[i * indices.length + c] = near(i, j)
    return { rows: n, columns: indices.length, values }
  },
}
const product = ({ values, vectors }: { values: Float64Array; vectors: Dense }) =>
  times(scaled(vectors, values), transposed(vectors))
const trace = ({ rows, values }: Dense) => {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += values[i * (rows + 1)]!
  return sum
}

describe('rpCholesky', () => {
  it('of twice the rank leaves no larger a trace than the best there is', async () => {
    const found = await both(rpCholeskySync, rpCholesky, K, { rank: 30, seed: 2 })
    const w = eighSync(K).values
    const best = w.slice(0, n - 15).reduce((sum, x) => sum + x, 0)
    expect(departure(found.vectors)).toBeLessThan(1e-12)
    expect(found.residualTrace).toBeLessThanOrEqual(best)
    const left = minus(K, product(found))
    expect(trace(left)).toBeCloseTo(found.residualTrace, 10)
    expect(eighSync(left).values[0]).toBeGreaterThan(-1e-12) // what is left is semidefinite
    expect(new Set(found.pivots).size).toBe(30)
    expect([...found.values].every((x, j, all) => j === 0 || x <= all[j - 1]!)).toBe(true)
  })

  it('looks at no more than the columns that it draws', async () => {
    seen = 0
    const asked = rpCholeskySync(kernel, { rank: 30, seed: 2 })
    expect(seen).toBe(asked.pivots.length)
    expect(asked.pivots).toEqual(rpCholeskySync(K, { rank: 30, seed: 2 }).pivots)
    const promised = { ...kernel, columns: async (indices: Int32Array) => kernel.columns(indices) }
    expect((await rpCholesky(promised, { rank: 30, seed: 2 })).values).toEqual(asked.values)
    expect(() => rpCholeskySync(promised, { rank: 3 })).toThrow(/promise/)
  })

  it('ends where nothing is left', () => {
    const A = withEigenvalues(Float64Array.from({ length: 40 }, (_, j) => (j < 5 ? 5 - j : 0)))
    const found = rpCholeskySync(A, { rank: 20, blockSize: 3 })
    expect(found.pivots.length).toBeLessThanOrEqual(8)
    expect(frobenius(minus(A, product(found)))).toBeLessThanOrEqual(1e-6)
    expect(rpCholeskySync(Csr.fromDense(A), { rank: 20, blockSize: 3 }).pivots).toEqual(found.pivots)
    expect(rpCholeskySync(dense(0, 0, []), { rank: 2 }).values.length).toBe(0)
    expect(rpCholeskySync(dense(2, 2, [0, 0, 0, 0]), { rank: 2 }).values.length).toBe(0)
  })

  it('makes a preconditioner that leaves a fifth of the iterations or fewer', () => {
    const mu = 1e-4
    const operator = {
      rows: n,
      columns: n,
      apply(x: Float64Array, y: Float64Array) {
        y.set(x)
        const column = (values: Float64Array): Dense => ({ rows: n, columns: 1, values })
        gemmSync(K, column(x), { beta: mu, out: column(y) })
      },
    }
    const b = randomDense(n, 1, 3).values
    const plain = cgSync(operator, b, { maxIterations: 5000 })
    const preconditioner = nystromPreconditioner(rpCholeskySync(kernel, { rank: 80 }), mu)
    const helped = cgSync(operator, b, { preconditioner })
    expect(helped.converged).toBe(true)
    expect(helped.iterations).toBeLessThanOrEqual(0.2 * plain.iterations)
  })

  it.each([
    ['columns of another shape', { ...kernel, columns: () => dense(1, 1, [1]) }, /300 x/],
    ['entries that are not finite', { ...kernel, diagonal: new Float64Array(n).fill(Number.NaN) }, /finite/],
    ['an indefinite matrix', withEigenvalues(Float64Array.of(1, -5, 2)), /semidefinite/],
    ['one that is not square', randomDense(3, 4), /square/],
  ])('refuses %s', (_, A, message) => {
    expect(() => rpCholeskySync(A as Dense, { rank: 3 })).toThrow(message)
  })
})
