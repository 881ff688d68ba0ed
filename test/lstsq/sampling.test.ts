import { describe, expect, it } from 'vitest'
import {
  Csr,
  choleskySync,
  type Dense,
  leverageScores,
  leverageScoresSync,
  lewisWeights,
  lewisWeightsSync,
  normal,
  qrSync,
  sampleRows,
  sampleRowsSync,
  solveWithSync,
  uniform,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { gaussianMatrix, ofRank, times } from '../support/least-squares.ts'

/** Rows of all sizes, some far larger than the others, and one that is zero. */
function uneven(m: number, n: number, seed: number): Dense {
  const scales = normal(seed + 1, m).map(g => Math.exp(2 * g))
  const values = normal(seed, m * n).map((value, at) => value * scales[Math.floor(at / n)]!)
  values.fill(0, 5 * n, 6 * n)
  return { rows: m, columns: n, values }
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
const rowsOfQ = (A: Dense): Float64Array => {
  const { q } = qrSync(A)
  return Float64Array.from({ length: A.rows }, (_, i) =>
    q.values.subarray(i * q.columns, (i + 1) * q.columns).reduce((total, value) => total + value * value, 0),
  )
}

describe('leverage scores', () => {
  it('are the squared row norms of an orthonormal basis', async () => {
    const A = uneven(900, 7, 1)
    const scores = await both(leverageScoresSync, leverageScores, A)
    const wanted = rowsOfQ(A)
    scores.forEach((score, i) => void expect(score).toBeCloseTo(wanted[i]!, 12))
    expect(sum(scores)).toBeCloseTo(7, 10)
    expect(scores[5]).toBe(0)
  })

  it('of a sparse matrix, one of lower rank, one with few rows', () => {
    const at = (seed: number, n: number) => Array.from(uniform(seed, 3000), u => Math.floor(u * n))
    const S = Csr.fromTriplets(800, 9, at(1, 800), at(2, 9), normal(3, 3000))
    const wanted = leverageScoresSync(S.toDense())
    leverageScoresSync(S).forEach((score, i) => void expect(score).toBeCloseTo(wanted[i]!, 12))
    expect(sum(leverageScoresSync(ofRank(300, 12, 5)))).toBeCloseTo(5, 10)
    for (const score of leverageScoresSync(gaussianMatrix(3, 8, 1))) expect(score).toBeCloseTo(1, 12)
  })

  it.each([3, 10, 50])('by a sketch are within a factor of 1.5, %i columns', n => {
    const A = uneven(20_000, n, 2)
    const exact = leverageScoresSync(A)
    for (const seed of [0, 1]) {
      const sketched = leverageScoresSync(A, { method: 'sketch', seed })
      let worst = 1
      for (const [i, score] of exact.entries())
        if (score > 0) worst = Math.max(worst, score / sketched[i]!, sketched[i]! / score)
      expect(worst).toBeGreaterThan(1)
      expect(worst).toBeLessThan(1.5)
    }
  })
})

describe('Lewis weights', () => {
  it.each([0.5, 1, 1.5, 2, 3, 3.5])('satisfy their equation, p = %d', async p => {
    const A = uneven(600, 5, 3)
    const { rows: m, columns: n, values } = A
    const weights = await both<[Dense, number], Float64Array>(lewisWeightsSync, lewisWeights, A, p)
    expect(sum(weights)).toBeCloseTo(n, 6)
    const M = new Float64Array(n * n)
    for (let i = 0; i < m; i++)
      for (let r = 0; r < n && weights[i]! > 0; r++)
        for (let c = 0; c < n; c++)
          M[r * n + c]! += weights[i]! ** (1 - 2 / p) * values[i * n + r]! * values[i * n + c]!
    const F = choleskySync({ rows: n, columns: n, values: M })
    for (let i = 0; i < m; i += 7) {
      const a = values.slice(i * n, (i + 1) * n)
      const { x } = solveWithSync(F, a)
      const square = a.reduce((total, value, j) => total + value * x[j]!, 0)
      expect(Math.abs(weights[i]! - square ** (p / 2))).toBeLessThanOrEqual(1e-6 * weights[i]!)
    }
  })

  it('for p = 2 are the leverage scores', () => {
    const A = uneven(300, 6, 4)
    const scores = leverageScoresSync(A)
    lewisWeightsSync(A, 2).forEach((weight, i) => void expect(weight).toBeCloseTo(scores[i]!, 12))
  })
})

describe('a sample of rows', () => {
  const A = uneven(20_000, 4, 5)
  const kinds = [
    ['sensitivity', 1],
    ['sensitivity', 1.5],
    ['sensitivity', 3],
    ['root-leverage', 1],
    ['root-leverage', 1.5],
    ['augmented', 1],
    ['augmented', 2],
    ['augmented', 3],
  ] as const

  it.each(kinds)('by %s, p = %d, keeps l_p norms', async (by, p) => {
    const epsilon = 0.3
    const { indices, weights, expected } = await both(sampleRowsSync, sampleRows, A, { by, p, epsilon, seed: 3 })
    expect(indices.length).toBe(weights.length)
    expect(Math.abs(indices.length - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1)
    for (let k = 1; k < indices.length; k++) expect(indices[k]! > indices[k - 1]!).toBe(true)
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(1)
    for (let trial = 0; trial < 50; trial++) {
      const y = times(A, normal(100 + trial, 4))
      const whole = y.reduce((total, value) => total + Math.abs(value) ** p, 0)
      const sampled = indices.reduce((total, i, k) => total + weights[k]! * Math.abs(y[i]!) ** p, 0)
      expect(Math.abs((sampled / whole) ** (1 / p) - 1)).toBeLessThanOrEqual(epsilon)
    }
  })

  it('has as many rows as are asked for, and all where those are more than there are', () => {
    const few = sampleRowsSync(A, { rows: 500 })
    expect(few.expected).toBe(500)
    expect(Math.abs(few.indices.length - 500)).toBeLessThan(100)
    const all = sampleRowsSync(gaussianMatrix(50, 3, 1), { rows: 1000 })
    expect([...all.indices]).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(all.weights.every(weight => weight === 1)).toBe(true)
  })

  it('by plain chance loses the large rows', () => {
    const y = times(A, normal(100, 4)) // a tenth of the rows, each ten times
    const whole = sum(y.map(value => value ** 2))
    const errors = Array.from({ length: 20 }, (_, seed) => {
      const chance = uniform(seed, 20_000)
      return Math.abs(Math.sqrt((10 * sum(y.map((value, i) => (chance[i]! < 0.1 ? value ** 2 : 0)))) / whole) - 1)
    })
    expect(Math.max(...errors)).toBeGreaterThan(0.3)
  })
})

it.each([
  ['a bad method', () => leverageScoresSync(gaussianMatrix(4, 2, 1), { method: 'fast' as never }), /method/],
  ['no matrix', () => leverageScoresSync(undefined as never), /A/],
  ['p = 4', () => lewisWeightsSync(gaussianMatrix(4, 2, 1), 4), /below 4/],
  ['a tolerance of zero', () => lewisWeightsSync(gaussianMatrix(4, 2, 1), 1, { tolerance: 0 }), /tolerance/],
  ['scores of another kind', () => sampleRowsSync(gaussianMatrix(4, 2, 1), { by: 'size' as never }), /by/],
  ['root leverage for p = 3', () => sampleRowsSync(gaussianMatrix(4, 2, 1), { by: 'root-leverage', p: 3 }), /by/],
  ['epsilon = 0', () => sampleRowsSync(gaussianMatrix(4, 2, 1), { epsilon: 0 }), /epsilon/],
  ['no rows', () => sampleRowsSync(gaussianMatrix(4, 2, 1), { rows: 0 }), /rows/],
])('%s is refused', (_, call, text) => {
  expect(call).toThrow(expect.objectContaining({ name: 'KrylovError', message: expect.stringMatching(text) }))
})
