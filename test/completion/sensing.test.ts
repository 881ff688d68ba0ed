import { describe, expect, it } from 'vitest'
import type { Dense } from '../../src/index.ts'
import {
  backend,
  matrixSensing,
  matrixSensingSync,
  normal,
  qrSync,
  robustComplete,
  robustCompleteSync,
  uniform,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { entriesOf, partial, unseenError } from '../support/completion.ts'
import { frobenius, minus, times, transposed } from '../support/dense.ts'

/** m symmetric Gaussian measurements of a semidefinite matrix of rank r, eigenvalues 1 .. 1 / kappa. */
function sensing(n: number, r: number, m: number, kappa: number, seed: number, outliers = 0) {
  const stack: Dense = { rows: m, columns: n * n, values: normal(seed, m * n * n, 1) }
  const { values: a } = stack
  for (let k = 0; k < m; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const mean = (a[k * n * n + i * n + j]! + a[k * n * n + j * n + i]!) / 2
        a[k * n * n + i * n + j] = a[k * n * n + j * n + i] = mean
      }
  const U = qrSync({ rows: n, columns: r, values: normal(seed, n * r, 2) }).q
  const root = U.values.map((u, at) => u * kappa ** (-(at % r) / (2 * Math.max(1, r - 1))))
  const factor = { rows: n, columns: r, values: root }
  const M = times(factor, transposed(factor))
  const y = times(stack, { rows: n * n, columns: 1, values: M.values }).values
  const drawn = uniform(seed, m, 3)
  const wrong = normal(seed, m, 4)
  return { operator: stack, values: y.map((value, k) => (drawn[k]! < outliers ? 100 * wrong[k]! : value)), M }
}
const errorOf = ({ factor }: { factor: Dense }, M: Dense): number =>
  frobenius(minus(times(factor, transposed(factor)), M)) / frobenius(M)

/** TypeScript takes ten times as long: the hardest of each there, as many measurements for what the matrix has of freedom. */
const inNative = backend().name === 'native'
const conditions = inNative ? [1, 10, 100] : [1, 100]
const shares = inNative ? [0, 0.1, 0.3] : [0.3]
const sizes = inNative
  ? { exact: [40, 1200], over: [30, 400], outliers: [30, 1000] }
  : { exact: [24, 700], over: [20, 270], outliers: [20, 660] }

describe('matrixSensing', () => {
  it('by scaled gradients takes as many iterations for every condition', async () => {
    const [n, m] = sizes.exact as [number, number]
    const counts: number[] = []
    for (const kappa of conditions) {
      const { operator, values, M } = sensing(n, 3, m, kappa, 5)
      const found = await both(matrixSensingSync, matrixSensing, { operator, values, rank: 3, rtol: 1e-6 })
      expect(found).toMatchObject({ converged: true, reason: 'converged' })
      expect(errorOf(found, M)).toBeLessThan(3e-6)
      counts.push(found.iterations)
    }
    expect(counts.length).toBe(conditions.length)
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.1)
  })

  it.each(conditions)('and of twice the rank, condition %d, is right to 1e-10 within 700 iterations', kappa => {
    const [n, m] = sizes.over as [number, number]
    const { operator, values, M } = sensing(n, 3, m, kappa, 6)
    const found = matrixSensingSync({ operator, values, rank: 6, maxIterations: 700, rtol: 1e-12 })
    expect(errorOf(found, M)).toBeLessThan(1e-10)
  })

  it.each(shares)('by subgradients with outliers %d is right to 1e-6 within 900 iterations', share => {
    const [n, m] = sizes.outliers as [number, number]
    const { operator, values, M } = sensing(n, 3, m, 2, 7, share)
    const options = { operator, values, rank: 3, method: 'subgradient', maxIterations: 900, rtol: 0 } as const
    expect(errorOf(matrixSensingSync(options), M)).toBeLessThan(1e-6)
  })

  it('of two factors, rebalanced once: the tail does not depend on how small they began', async () => {
    // square matrices, not symmetric: these would not see the skew part of the product
    const [n, m] = [16, 250]
    const stack = { rows: m, columns: n * n, values: normal(11, m * n * n) }
    const [A, B] = [normal(12, 2 * n), normal(13, 2 * n)]
    const M = times({ rows: n, columns: 2, values: A }, transposed({ rows: n, columns: 2, values: B }))
    const values = times(stack, { rows: n * n, columns: 1, values: M.values }).values
    const tails = await Promise.all(
      [0.5, 0.05].map(async scale => {
        const options = { operator: stack, values, rank: 4, method: 'rebalanced', scale, rtol: 1e-8 } as const
        const found = await both(matrixSensingSync, matrixSensing, options)
        expect(found.converged).toBe(true)
        expect(frobenius(minus(times(found.factor, transposed(found.right!)), M))).toBeLessThan(1e-6 * frobenius(M))
        const at = (error: number) => found.history.findIndex(residual => residual < error)
        return at(1e-8) - at(1e-3)
      }),
    )
    expect(Math.abs(tails[0]! / tails[1]! - 1)).toBeLessThan(0.1)
  })

  it('takes functions as well', async () => {
    const { operator: stack, values, M } = sensing(12, 2, 200, 2, 8)
    const operator = {
      size: 12,
      apply: (X: Float64Array) => times(stack, { rows: 144, columns: 1, values: X }).values,
      adjoint: (y: Float64Array) => times({ rows: 1, columns: 200, values: y }, stack).values,
    }
    expect(errorOf(await matrixSensing({ operator, values, rank: 2 }), M)).toBeLessThan(1e-10)
    const later = { ...operator, apply: async (X: Float64Array) => operator.apply(X) }
    expect(errorOf(await matrixSensing({ operator: later, values, rank: 2 }), M)).toBeLessThan(1e-10)
    expect(() => matrixSensingSync({ operator: later, values, rank: 2 })).toThrow(/synchronous/)
    const bad = { ...stack, columns: 143, values: stack.values.slice(0, 143 * 200) }
    expect(() => matrixSensingSync({ operator: bad, values, rank: 2 })).toThrow(/operator.columns/)
  })
})

describe('robustComplete', () => {
  it('with a tenth of the entries wrong is right to 1e-6', async () => {
    const size = process.env.KRYLOV_LONG === '1' ? 1000 : 300
    const truth = partial(size, size, size / 100, 0.3 * (1000 / size) ** 0.5, 2, 9)
    const { rowIndices, columnIndices, values } = truth.observed
    const drawn = uniform(1, values.length)
    const largest = Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const wrong = Float64Array.from(values, (x, e) =>
      drawn[e]! < 0.1 ? x + 10 * largest * (2 * drawn[e]! * 10 - 1) : x,
    )
    const observed = { rows: size, columns: size, rowIndices, columnIndices, values: wrong }
    const found = await both(robustCompleteSync, robustComplete, observed, { rank: size / 100, seed: 1 })
    expect(unseenError(truth, found)).toBeLessThan(1e-6)
    expect(found.outliers.reduce((a, b) => a + b, 0)).toBeLessThan(0.12 * values.length)
  })

  it('without any is a completion', () => {
    const truth = partial(60, 50, 2, 0.6, 2, 4)
    const noise = normal(1, 3000)
    const noisy = entriesOf(60, 50, (i, j) => truth.at(i, j) + 1e-3 * noise[i * 50 + j]!, truth.seen)
    expect(unseenError(truth, robustCompleteSync(noisy, { rank: 2 }))).toBeLessThan(0.05)
  })
})
