import { describe, expect, it } from 'vitest'
import { dense, gemm, gemmSync, solveTriangular, solveTriangularSync } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { frobenius, minus, randomDense, times, transposed } from '../support/dense.ts'
import { digest } from '../support/digest.ts'

const EPS = Number.EPSILON

describe.each([
  [0, 3, 2],
  [3, 0, 2],
  [2, 3, 0],
  [1, 1, 1],
  [5, 70, 3],
  [90, 33, 129],
  // few columns, which have a kernel of their own
  [1900, 70, 3],
  [70, 1300, 8],
  [130, 300, 21],
  [333, 2100, 32],
])('%i x %i by %i', (m, k, n) => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('gemm, transposed %s and %s', async (transposeA, transposeB) => {
    const [A, B] = [randomDense(m, k, 1), randomDense(k, n, 2)]
    const given = [transposeA ? transposed(A) : A, transposeB ? transposed(B) : B] as const
    const C = await both(gemmSync, gemm, ...given, { transposeA, transposeB, alpha: -2 })
    expect([C.rows, C.columns]).toEqual([m, n])
    const AB = times(A, B).values
    const error = C.values.map((c, at) => c + 2 * AB[at]!)
    expect(frobenius(dense(m, n, error))).toBeLessThanOrEqual(4 * EPS * k * frobenius(A) * frobenius(B))
    const out = randomDense(m, n, 3)
    const before = out.values.slice()
    expect(gemmSync(...given, { transposeA, transposeB, beta: 0.5, out })).toBe(out)
    const wanted = AB.map((x, at) => x + 0.5 * before[at]!)
    expect(frobenius(minus(out, dense(m, n, wanted)))).toBeLessThanOrEqual(
      4 * EPS * (k + 1) * (1 + frobenius(A) * frobenius(B)),
    )
  })
})

it.each([
  [40_000, 12, 9],
  [700, 300, 500],
  [37, 900, 1100],
  [500, 3000, 17],
  [9000, 400, 30],
])('gemm, %i terms, %i x %i: the same bits for any number of threads', (k, m, n) => {
  const [A, B] = [randomDense(k, m, 1), randomDense(k, n, 2)]
  const [one, two, three] = [1, 2, 3].map(threads => gemmSync(A, B, { transposeA: true, threads } as object))
  expect(digest(two!.values)).toBe(digest(one!.values))
  expect(digest(three!.values)).toBe(digest(one!.values))
  const [D, E] = [transposed(A), B]
  const [first, ...others] = [1, 2, 3].map(threads => gemmSync(D, E, { threads } as object))
  for (const other of others) expect(digest(other.values)).toBe(digest(first!.values))
})

it('gemm passes on what is not finite', () => {
  const C = gemmSync(dense(1, 2, [1, Number.NaN]), dense(2, 1, [1, 1]))
  expect(C.values[0]).toBeNaN()
})

describe('gemm refuses', () => {
  const A = randomDense(3, 4)
  const B = randomDense(4, 2)
  it('what does not fit', () => {
    expect(() => gemmSync(A, A)).toThrow(/gemmSync: B must be 4 rows, as A has columns, got 3/)
    expect(() => gemmSync(A, B, { out: A })).toThrow(/out must be 3 x 2, got "3 x 4"/)
    expect(() => gemmSync(A, B, { beta: 1 })).toThrow(/option out/)
    expect(() => gemmSync(A, B, { alpha: Number.NaN })).toThrow(/alpha/)
    const square = randomDense(3, 3)
    expect(() => gemmSync(square, square, { out: square })).toThrow(/overlaps/)
  })
})

describe.each([0, 1, 2, 9, 130])('solveTriangular, n = %i', n => {
  const whole = randomDense(n, n, 5)
  whole.values.forEach((_, at) => {
    if (at % (n + 1) === 0) whole.values[at]! += 2 * n
    else whole.values[at]! /= 4
  })
  const cases = [false, true].flatMap(lower =>
    [false, true].flatMap(transpose => [false, true].map(unit => ({ lower, transpose, unit }))),
  )
  it.each(cases)('%o', async options => {
    const { lower, transpose, unit } = options
    const T = dense(
      n,
      n,
      whole.values.map((x, at) => {
        const [i, j] = [Math.floor(at / n), at % n]
        if (i === j) return unit ? 1 : x
        return i > j === lower ? (unit ? x / n : x) : 0
      }),
    )
    const given = dense(
      n,
      n,
      whole.values.map(x => (unit ? x / n : x)),
    )
    const X = randomDense(n, 3, 6)
    const B = times(transpose ? transposed(T) : T, X)
    const found = await both(
      solveTriangularSync as (...args: [typeof T, typeof T, object]) => typeof T,
      solveTriangular as never,
      given,
      B,
      options,
    )
    expect(frobenius(minus(found, X))).toBeLessThanOrEqual(1e-13 * Math.max(1, n) * frobenius(X))
    const column = B.values.filter((_, at) => at % 3 === 0)
    const x = solveTriangularSync(given, column, options)
    expect(x).toBeInstanceOf(Float64Array)
    for (let i = 0; i < n; i++) expect(x[i]).toBeCloseTo(X.values[3 * i]!, 10)
  })
})

it('a zero on the diagonal is told', () => {
  expect(() => solveTriangularSync(dense(2, 2, [1, 1, 0, 0]), [1, 1])).toThrow(/zero in row 1/)
  expect(solveTriangularSync(dense(2, 2, [0, 1, 0, 0]), [1, 1], { unit: true })).toEqual(Float64Array.of(0, 1))
})
