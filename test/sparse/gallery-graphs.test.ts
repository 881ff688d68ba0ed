import { describe, expect, it } from 'vitest'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { digest } from '../support/digest.ts'
import { expectSymmetric, rowsOf } from '../support/matrices.ts'

describe('randomGraphLaplacian', () => {
  it.each([
    ['unit weights', {}],
    ['random weights', { weights: 'uniform' as const, seed: 8 }],
    ['hubs', { powerLaw: 2.5, degree: 6 }],
  ])('is a symmetric Laplacian: %s', (_, options) => {
    const A = randomGraphLaplacian(200, options)
    const { rowPointers, columnIndices } = A.pattern
    expectSymmetric(A)
    for (let i = 0; i < A.rows; i++) {
      let neighbours = 0
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++)
        if (columnIndices[k] !== i) {
          expect(A.values[k]).toBeLessThan(0)
          neighbours += A.values[k]!
        }
      expect(A.diagonal()[i]! + neighbours).toBe(0)
    }
  })

  it('holds a ring, so that it is connected', () => {
    const A = rowsOf(randomGraphLaplacian(30, { seed: 2 }))
    for (let i = 0; i < 30; i++) expect(A[i]![(i + 1) % 30]).toBeLessThanOrEqual(-1)
  })

  it('has the mean degree asked for', () => {
    const trace = (degree: number) =>
      randomGraphLaplacian(500, { degree })
        .diagonal()
        .reduce((a, b) => a + b)
    expect([2, 4, 7].map(trace)).toEqual([1000, 2000, 3500])
  })

  it('has hubs under a power law, and none without', () => {
    const hub = (options: object) => Math.max(...randomGraphLaplacian(2000, options).diagonal())
    expect(hub({ powerLaw: 2.2, degree: 6 })).toBeGreaterThan(200)
    expect(hub({ degree: 6 })).toBeLessThan(30)
  })

  it.each([
    [0, []],
    [1, [[0]]],
    [
      2,
      [
        [1, -1],
        [-1, 1],
      ],
    ],
    [
      3,
      [
        [2, -1, -1],
        [-1, 2, -1],
        [-1, -1, 2],
      ],
    ],
  ])('has a bare ring of %d', (n, rows) => expect(rowsOf(randomGraphLaplacian(n, { degree: 2 }))).toEqual(rows))

  it('has the same bits everywhere', () => {
    expect(digest(randomGraphLaplacian(100, { weights: 'uniform', seed: 6 }).values)).toBe('63c2a846')
    expect(digest(randomGraphLaplacian(100, { powerLaw: 3 }).pattern.columnIndices)).toBe('06830af1')
  })

  it.each([
    ['a negative size', () => randomGraphLaplacian(-1), 'ERR_SHAPE'],
    ['too many non-zeros', () => randomGraphLaplacian(1e6, { degree: 1e4 }), 'ERR_SHAPE'],
    ['a degree below that of the ring', () => randomGraphLaplacian(9, { degree: 1 }), 'ERR_OPTION'],
    ['a power law of 2', () => randomGraphLaplacian(9, { powerLaw: 2 }), 'ERR_OPTION'],
    ['unknown weights', () => randomGraphLaplacian(9, { weights: 'all' as 'unit' }), 'ERR_OPTION'],
    ['a bad seed', () => randomGraphLaplacian(9, { seed: 1.5 }), 'ERR_OPTION'],
    ['an unknown option', () => randomGraphLaplacian(9, { degre: 4 } as object), 'ERR_OPTION'],
  ])('refuses %s', (_, call, code) => expect(call).toThrow(expect.objectContaining({ code })))
})
