import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Dense, lpRegression, lpRegressionSync, lstsqSync, normal } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { expectClose, gaussianMatrix, residualOf, times } from '../support/least-squares.ts'

interface Golden {
  readonly minima: Readonly<Record<string, { readonly x: readonly number[]; readonly objective: number }>>
  readonly deficient: { readonly x: readonly number[]; readonly rank: number }
  readonly wide: readonly number[]
}

/** By SciPy: golden/make.py, whose formula this repeats. */
const golden = JSON.parse(readFileSync(new URL('golden/scipy.json', import.meta.url), 'utf8')) as Golden
const [m, n] = [240, 6]
const A: Dense = {
  rows: m,
  columns: n,
  values: Float64Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return Math.sin(1 + 7 * i + 3 * j * j + (i * j) / 5)
  }),
}
const b = times(A, Float64Array.of(1, 2, 3, 4, 5, 6)).map(
  (value, i) => value + 0.1 * Math.cos(5 * i) + (i % 17 === 0 ? 10 * Math.sin(i / 17) : 0),
)
const objective = (M: Dense, x: Float64Array, rhs: Float64Array, p: number) =>
  residualOf(M, x, rhs).reduce((sum, value) => sum + Math.abs(value) ** p, 0)

describe('the least sum of p-th powers', () => {
  it.each(Object.entries(golden.minima))('is a convex solver’s, p = %s', async (power, wanted) => {
    const p = Number(power)
    const found = await both(lpRegressionSync, lpRegression, A, b, { p })
    expect(found.converged).toBe(true)
    expect(objective(A, found.x, b, p)).toBeLessThanOrEqual(wanted.objective * (1 + 1e-6))
    expect(found.objective).toBeCloseTo(objective(A, found.x, b, p), 6)
  })

  it('for p = 2 is least squares, and does not mind outliers for p = 1', () => {
    expectClose(lpRegressionSync(A, b, { p: 2 }).x, lstsqSync(A, b).x, 1e-12)
    const [robust, squares] = [lpRegressionSync(A, b).x, lstsqSync(A, b).x]
    const error = (x: Float64Array) => Math.hypot(...x.map((value, j) => value - (j + 1)))
    expect(error(robust)).toBeLessThan(error(squares) / 5)
  })

  it.each([1, 1.5, 3])('of a sample is within 1 + epsilon of it, p = %d', p => {
    const rows = 12_000
    const M = gaussianMatrix(rows, 5, 1)
    const noise = normal(3, rows)
    const rhs = times(M, normal(2, 5)).map((value, i) => value + noise[i]! ** 3)
    const whole = lpRegressionSync(M, rhs, { p })
    for (const [epsilon, most] of [
      [0.1, p < 2 ? 9000 : rows],
      [0.3, p < 2 ? 1200 : rows],
    ] as const) {
      const some = lpRegressionSync(M, rhs, { p, epsilon })
      expect(some.rows).toBeLessThanOrEqual(most)
      expect(some.objective / objective(M, some.x, rhs, p)).toBeCloseTo(1, 10)
      expect(some.objective ** (1 / p)).toBeLessThanOrEqual((1 + epsilon) * whole.objective ** (1 / p))
    }
  })

  it('of an exact fit, and of no columns', () => {
    const exact = times(A, Float64Array.of(1, 1, 1, 1, 1, 1))
    expect(lpRegressionSync(A, exact).objective).toBeLessThan(1e-10)
    expect(lpRegressionSync({ rows: 3, columns: 0, values: new Float64Array(0) }, [1, -2, 3]).objective).toBe(6)
  })

  it.each([
    ['p below 1', { p: 0.5 }, /option p/],
    ['a sample for p = 4', { p: 4, epsilon: 0.1 }, /epsilon/],
    ['no rounds', { maxIterations: 0 }, /maxIterations/],
    ['a name that does not exist', { tol: 1 }, /tol/],
  ])('refuses %s', (_, options, text) => {
    expect(() => lpRegressionSync(A, b, options as never)).toThrow(text)
  })
})

it('least squares are LAPACK’s: dgelsd by way of SciPy', () => {
  const values = A.values.map((value, at) => (at % n === 4 ? A.values[at - 3]! - 2 * A.values[at - 2]! : value))
  const deficient = lstsqSync({ ...A, values }, b)
  expect(deficient.rank).toBe(golden.deficient.rank)
  expectClose(deficient.x, Float64Array.from(golden.deficient.x), 1e-12)
  const wide = lstsqSync({ rows: 4, columns: n, values: A.values.slice(0, 4 * n) }, b.slice(0, 4))
  expectClose(wide.x, Float64Array.from(golden.wide), 1e-12)
})
