import { describe, expect, it } from 'vitest'
import {
  type Dense,
  gaussian,
  lstsqSync,
  normal,
  type SketchOperator,
  sketchAndSolve,
  sketchAndSolveSync,
  sparseStack,
  srht,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { gaussianMatrix, residualOf } from '../support/least-squares.ts'

const norm = (x: Float64Array) => Math.hypot(...x)
const largest = (x: Float64Array) => Math.max(...x.map(Math.abs))

describe('the solution of a sketched problem', () => {
  const [m, n] = [1500, 12]
  const A = gaussianMatrix(m, n, 1)
  const b = normal(2, m)
  const least = lstsqSync(A, b).residualNorm
  const kinds: readonly (readonly [string, (rows: number) => SketchOperator])[] = [
    ['sparseStack', rows => sparseStack({ rows, columns: m })],
    ['gaussian', rows => gaussian({ rows, columns: m })],
    ['srht', rows => srht({ rows, columns: m })],
  ]

  it.each(kinds)('has nearly the least residual: %s', async (_, make) => {
    for (const times of [2, 10, 40]) {
      const S = make(times * n)
      const x = await both<[SketchOperator, Dense, Float64Array], Float64Array>(
        sketchAndSolveSync,
        sketchAndSolve,
        S,
        A,
        b,
      )
      const excess = norm(residualOf(A, x, b)) / least - 1
      const expected = Math.sqrt(1 + 1 / (times - 1)) - 1
      expect(excess).toBeGreaterThan(expected / 3)
      expect(excess).toBeLessThan(3 * expected)
    }
  })

  it('takes blocks, and refuses operators that do not fit', () => {
    const S = sparseStack({ rows: 200, columns: m })
    const B = gaussianMatrix(m, 2, 3)
    const X = sketchAndSolveSync(S, A, B)
    expect([X.rows, X.columns]).toEqual([n, 2])
    const first = sketchAndSolveSync(
      S,
      A,
      B.values.filter((_, at) => at % 2 === 0),
    )
    first.forEach((value, j) => void expect(X.values[2 * j]).toBeCloseTo(value, 12))
    expect(() => sketchAndSolveSync(sparseStack({ rows: 11, columns: m }), A, b)).toThrow(/at least 12 rows/)
    expect(() => sketchAndSolveSync(sparseStack({ rows: 200, columns: 9 }), A, b)).toThrow(/9 rows/)
    expect(() => sketchAndSolveSync(S, A, b.slice(1))).toThrow(/b must be 1500 long/)
  })
})

/*
 * Song, Ye, Yin and Zhang 2023: each coordinate. A = [I; 0] and a residual of one spike, whose solution is zero: sqrt(n) max |x_i| / ||x||
 * is 1 where all coordinates have their share of the error, and sqrt(n) where one has it all.
 */
it('a dense operator shares the error among the coordinates, a sparse one does not', () => {
  const [m, n, d] = [8192, 100, 1600]
  const A = { rows: m, columns: n, values: new Float64Array(m * n) }
  for (let j = 0; j < n; j++) A.values[j * n + j] = 1
  const b = new Float64Array(m)
  b[m - 1] = 1
  const share = (make: (seed: number) => SketchOperator) => {
    const found: number[] = []
    for (let seed = 0; found.length < 5 && seed < 40; seed++) {
      const x = sketchAndSolveSync(make(seed), A, b)
      if (largest(x) > 1e-12) found.push((Math.sqrt(n) * largest(x)) / norm(x))
    }
    return found.sort((p, q) => p - q)[2]!
  }
  expect(share(seed => sparseStack({ rows: d, columns: m, zeta: 4, seed }))).toBeGreaterThan(4.5)
  expect(share(seed => srht({ rows: d, columns: m, seed }))).toBeLessThan(4)
})
