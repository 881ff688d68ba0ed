import { afterAll, describe, expect, it } from 'vitest'
import { backend, dense, setThreads } from '../../src/index.ts'
import { type MatrixRow, matrixMethods } from '../../src/matrix-methods.ts'
import { both } from '../support/both.ts'
import { randomDense } from '../support/dense.ts'
import { withEigenvalues, withSingularValues } from '../support/spectra.ts'

/* Every method on one matrix, on every matrix that it accepts. */

const falling = (n: number, share: number) => Float64Array.from({ length: n }, (_, j) => share ** j)
const signed = (n: number) => falling(n, 0.7).map((x, j) => (j % 3 === 1 ? -x : x))

const gallery = [
  ['a number', 'definite', dense(1, 1, [3])],
  ['tall', 'any', randomDense(60, 18, 1)],
  ['wide', 'any', randomDense(14, 70, 2)],
  ['square', 'square', randomDense(33, 33, 3)],
  ['of falling singular values', 'any', withSingularValues(50, 30, falling(30, 0.6))],
  ['of few dimensions', 'any', withSingularValues(40, 24, Float64Array.from([5, 2, 1]))],
  ['zero', 'any', dense(20, 11, new Float64Array(220))],
  ['symmetric', 'symmetric', withEigenvalues(signed(30))],
  ['definite', 'definite', withEigenvalues(falling(40, 0.8))],
] as const

const kinds = ['any', 'square', 'symmetric', 'definite'] as const
const suitable = (row: MatrixRow) => gallery.filter(([, kind]) => kinds.indexOf(kind) >= kinds.indexOf(row.accepts))

const before = backend().threads
afterAll(() => setThreads(before))

describe.each(matrixMethods)('$name', row => {
  it.each(suitable(row))('%s: one answer in both forms and on any number of threads', async (_, __, A) => {
    const given = A.values.slice()
    setThreads(1)
    const one = await both(row.sync, row.async, A)
    expect(A.values).toEqual(given)
    for (const threads of [2, 3]) {
      setThreads(threads)
      expect(await row.async(A)).toEqual(one)
    }
  })

  it('refuses what is no matrix', () => {
    expect(() => row.sync({ rows: 3, columns: 3, values: new Float64Array(8) })).toThrow(
      expect.objectContaining({ name: 'KrylovError', code: 'ERR_SHAPE' }),
    )
  })
})

// gemm passes NaN on, as sums do
describe.each(matrixMethods.filter(({ name }) => name !== 'gemm'))('$name', row => {
  it('refuses what is not finite', async () => {
    const A = dense(9, 9, new Float64Array(81).fill(1))
    A.values[40] = Number.NaN
    const refusal = { name: 'KrylovError', code: 'ERR_NOT_FINITE' }
    expect(() => row.sync(A)).toThrow(expect.objectContaining(refusal))
    await expect(row.async(A)).rejects.toMatchObject(refusal)
  })
})
