import { describe, expect, it } from 'vitest'
import {
  backend,
  type Dense,
  type LstsqOptions,
  lsqrSync,
  lstsqSync,
  qrSync,
  sketchSync,
  solveTriangularSync,
  sparseStack,
} from '../../src/index.ts'
import { family, judgeOf, times } from '../support/least-squares.ts'

/*
 * Problems over a grid of conditions and residuals (Epperly's random_ls_problem), each method's answer judged from the singular
 * value decomposition of A. KRYLOV_GRID=30 takes 30 x 30 cells with m = 4000 and n = 50.
 */

const full = Number(process.env.KRYLOV_GRID ?? 0)
const cells = full > 0 ? full : 5
const [m, n] = full > 0 || backend().name === 'native' ? [4000, 50] : [600, 20]
const logspace = (from: number, to: number) =>
  Array.from({ length: cells }, (_, k) => 10 ** (from + ((to - from) * k) / (cells - 1)))
const conditions = logspace(0, 15)
const residuals = logspace(-15, 0)
const problem = family(m, n, 1)
const BOUND = 10 * Number.EPSILON
const NOISE = 1.5 * Number.EPSILON // of A^T r in the judge's own sums

describe.each(conditions)('condition %d', kappa => {
  const judge = judgeOf(problem(kappa, 0).A)

  it.each(['auto', 'gram', 'tsqr', 'spir', 'svd'] as const)('%s is backward stable, and says no less', method => {
    for (const residual of residuals) {
      const { A, b } = problem(kappa, residual)
      const found = lstsqSync(A, b, { method })
      const error = judge.backwardError(found.x, b)
      expect(error, `residual ${residual}, by ${found.method}`).toBeLessThanOrEqual(BOUND)
      expect(error, `residual ${residual}, by ${found.method}`).toBeLessThanOrEqual(found.backwardError + NOISE)
    }
  })
})

it('a method that does not serve gives way, and the answer says to which', () => {
  const by = (kappa: number, options: LstsqOptions) => {
    const { A, b } = problem(kappa, 1e-3)
    return lstsqSync(A, b, options).method
  }
  expect(by(1e2, {})).toBe('gram')
  expect(by(1e10, {})).toBe('tsqr')
  expect(by(1e10, { method: 'gram' })).toBe('tsqr')
  expect(by(1e10, { method: 'spir' })).toBe('spir')
})

/** LSQR on A R^-1 from zero, R from a sketch, as it is often recommended: once, and without a look at the answer. */
function coldStart(A: Dense, b: Float64Array): Float64Array {
  const { columns } = A
  const { r } = qrSync(sketchSync(sparseStack({ rows: 12 * columns, columns: A.rows }), A))
  const solved = (x: Float64Array, transpose: boolean) =>
    solveTriangularSync(r, Float64Array.from(x), { transpose }) as Float64Array
  const operator = {
    rows: A.rows,
    columns,
    apply: (x: Float64Array) => times(A, solved(x, false)),
    applyTranspose: (x: Float64Array) => solved(times(A, x, true), true),
  }
  return solved(lsqrSync(operator, b, { rtol: 1e-16, maxIterations: 60 }).x, false)
}

it('preconditioned LSQR from zero is not', () => {
  const { A, b } = problem(1e10, 1e-12)
  expect(judgeOf(A).backwardError(coldStart(A, b), b)).toBeGreaterThan(1e-12)
})
