import { describe, expect, it } from 'vitest'
import { Csr, type Dense, dense, lstsq, lstsqSync, normal, type RowsAndSides } from '../../src/index.ts'
import { expectClose, family, gaussianMatrix, judgeOf, ofRank, pseudo } from '../support/least-squares.ts'

const A = gaussianMatrix(300, 12, 1)
const b = normal(2, 300)

describe('a stream of rows', () => {
  async function* pieces(
    M: Dense,
    rhs: Float64Array,
    ends: readonly number[],
    sparse = false,
  ): AsyncIterable<RowsAndSides> {
    for (const [k, end] of ends.entries()) {
      const from = ends[k - 1] ?? 0
      const part = { rows: end - from, columns: M.columns, values: M.values.slice(from * M.columns, end * M.columns) }
      yield { A: sparse ? Csr.fromDense(part) : part, b: rhs.slice(from, end) }
    }
  }

  it('gives the solution, with the same bits however it is cut', async () => {
    const { A: M, b: rhs } = family(2500, 10, 3)(1e8, 1e-3)
    const whole = await lstsq(pieces(M, rhs, [2500]))
    expect([whole.method, whole.passes, whole.rank]).toEqual(['tsqr', 1, 10])
    expect(whole.residualNorm).toBeCloseTo(1e-3, 10)
    const error = judgeOf(M).backwardError(whole.x as Float64Array, rhs)
    expect(error).toBeLessThanOrEqual(whole.backwardError)
    expect(whole.backwardError).toBeLessThan(1e-14)
    for (const ends of [[1, 7, 1200, 2500], Array.from({ length: 25 }, (_, k) => 100 * (k + 1))])
      for (const sparse of [false, true]) expect((await lstsq(pieces(M, rhs, ends, sparse))).x).toEqual(whole.x)
  })

  it('of any rank, with a ridge, and with fewer rows than columns', async () => {
    const D = ofRank(200, 15, 9)
    const found = await lstsq(pieces(D, normal(8, 200), [50, 200]))
    expect([found.method, found.rank]).toEqual(['svd', 9])
    expectClose(found.x as Float64Array, pseudo(D, normal(8, 200), 9), 1e-12)
    const short = await lstsq(pieces(A, b, [5]))
    expectClose(
      short.x as Float64Array,
      lstsqSync({ rows: 5, columns: 12, values: A.values.slice(0, 60) }, b.slice(0, 5)).x,
      1e-12,
    )
    const damped = await lstsq(pieces(A, b, [100, 300]), undefined, { ridge: 0.7 })
    const wanted = lstsqSync(A, b, { ridge: 0.7 })
    expectClose(damped.x as Float64Array, wanted.x, 1e-13)
    expect(damped.residualNorm).toBeCloseTo(wanted.residualNorm, 10)
  })

  it.each([
    ['is empty', async function* () {}, /ended at once/],
    [
      'changes its width',
      async function* () {
        yield { A: dense(2, 2, [1, 2, 3, 4]), b: [1, 2] }
        yield { A: dense(1, 3, [1, 2, 3]), b: [1] }
      },
      /2 columns, as the first/,
    ],
    [
      'loses a right-hand side',
      async function* () {
        yield { A: dense(2, 2, [1, 2, 3, 4]), b: [1] }
      },
      /b must be 2 long/,
    ],
    [
      'brings NaN',
      async function* () {
        yield { A: dense(1, 2, [1, Number.NaN]), b: [1] }
      },
      /finite/,
    ],
    [
      'brings nothing',
      async function* () {
        yield null as never
      },
      /record/,
    ],
  ])('that %s is refused', async (_, stream, text) => {
    await expect(lstsq(stream() as AsyncIterable<RowsAndSides>)).rejects.toThrow(text)
  })
})
