import { describe, expect, it } from 'vitest'
import { completeSync, dense, normal, predict, topN } from '../../src/index.ts'
import { partial } from '../support/completion.ts'

const truth = partial(60, 50, 3, 0.6, 2, 5)
const model = completeSync(truth.observed, { rank: 3, biases: true, ridge: 1e-8, range: [-0.03, 0.05] })

describe('predict', () => {
  it('gives entries, within the range', () => {
    const [i, j] = [
      Array.from({ length: 3000 }, (_, e) => Math.floor(e / 50)),
      Array.from({ length: 3000 }, (_, e) => e % 50),
    ]
    const found = predict(model, i, j)
    for (const [e, value] of found.entries())
      expect(Math.abs(value - Math.min(0.05, Math.max(-0.03, truth.at(i[e]!, j[e]!))))).toBeLessThan(1e-3)
    expect(found.some(value => value === 0.05)).toBe(true)
  })

  it('refuses ids that it has never seen', () => {
    expect(() => predict(model, [60], [0])).toThrow('predict: rowIndices[0] must be an integer from 0 to 59, got 60')
    expect(() => predict(model, [0], [-1])).toThrow(/columnIndices\[0\]/)
    expect(() => predict(model, [0, 1], [0])).toThrow(/2 long/)
  })
})

describe('topN', () => {
  it('is the head of the sorted row', () => {
    const n = 20_000
    const [left, right] = [dense(2, 10, normal(1, 20)), dense(n, 10, normal(2, 10 * n))]
    const plain = { ...model, left, right, mean: 1, rowBiases: undefined, columnBiases: normal(3, n), range: undefined }
    const { rowBiases: _, range: __, ...whole } = plain
    const scores = predict(
      whole,
      new Int32Array(n).fill(1),
      Int32Array.from({ length: n }, (_, j) => j),
    )
    const order = Int32Array.from({ length: n }, (_, j) => j).sort((a, b) => scores[b]! - scores[a]!)
    const found = topN(whole, 1, 25)
    expect(found.columns).toEqual(order.slice(0, 25))
    for (const [at, score] of found.scores.entries()) expect(score).toBeCloseTo(scores[order[at]!]!, 12)
    const others = topN(whole, 1, 5, { exclude: [order[0]!, order[2]!] })
    expect(Array.from(others.columns)).toEqual([1, 3, 4, 5, 6].map(at => order[at]!))
    expect(topN(whole, { factor: left.values.slice(10), bias: 0 }, 3).columns).toEqual(order.slice(0, 3))
    expect(topN(whole, 0, 0).columns).toHaveLength(0)
    expect(topN(whole, 0, 2 * n).columns).toHaveLength(n)
  })

  it('refuses rows that are not there', () => {
    expect(() => topN(model, 60, 3)).toThrow(/row must be an integer from 0 to 59/)
    expect(() => topN(model, 1, -1)).toThrow(/option n/)
  })
})
