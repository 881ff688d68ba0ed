import { describe, expect, it } from 'vitest'
import { uniform } from '../../src/core/random.ts'
import { bandwidth } from '../../src/sparse/bandwidth.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { reverseCuthillMckee } from '../../src/sparse/reverse-cuthill-mckee.ts'
import { digest } from '../support/digest.ts'
import { shuffled } from '../support/matrices.ts'

const sorted = (p: Int32Array) => Array.from(p).sort((a, b) => a - b)
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

/** A matrix of ones at the given places. */
const at = (n: number, places: readonly (readonly [number, number])[]): Csr =>
  Csr.fromTriplets(
    n,
    n,
    places.map(p => p[0]),
    places.map(p => p[1]),
    places.map(() => 1),
  )

describe('bandwidth', () => {
  it('measures both sides and the envelope', () => {
    expect(bandwidth(poisson2d(5, 3))).toEqual({ lower: 5, upper: 5, profile: 4 + 10 * 5 })
    const A = at(5, [
      [0, 3],
      [2, 0],
      [2, 4],
      [3, 3],
      [4, 3],
    ])
    expect(bandwidth(A)).toEqual({ lower: 2, upper: 3, profile: 2 + 0 + 1 })
  })

  it.each([
    ['an empty matrix', at(0, [])],
    ['one without entries', at(3, [])],
    [
      'a diagonal one',
      at(2, [
        [0, 0],
        [1, 1],
      ]),
    ],
  ])('is 0 for %s', (_, A) => expect(bandwidth(A)).toEqual({ lower: 0, upper: 0, profile: 0 }))

  it('is never negative', () => {
    expect(bandwidth(at(3, [[0, 2]]))).toEqual({ lower: 0, upper: 2, profile: 0 })
    expect(bandwidth(at(3, [[2, 0]]))).toEqual({ lower: 2, upper: 0, profile: 2 })
  })
})

describe('reverseCuthillMckee', () => {
  it.each([
    ['a grid', shuffled(poisson2d(30, 40), uniform(1, 1200)), 30 + 4],
    ['a long grid', shuffled(poisson2d(5, 100), uniform(2, 500)), 5 + 2],
    ['a path', shuffled(poisson2d(1, 200), uniform(3, 200)), 1],
    ['a ring', shuffled(randomGraphLaplacian(101, { degree: 2 }), uniform(4, 101)), 2],
  ])('restores the band of a shuffled matrix: %s', (_, A, wanted) => {
    const p = reverseCuthillMckee(A)
    const { lower, upper } = bandwidth(A.permute(p))
    expect(sorted(p)).toEqual(upTo(A.rows))
    expect(bandwidth(A).lower).toBeGreaterThan(5 * wanted)
    expect(lower).toBe(upper)
    expect(lower).toBeLessThanOrEqual(wanted)
  })

  it('shrinks the envelope of a shuffled box', () => {
    const A = shuffled(poisson3d(10), uniform(5, 1000))
    const ordered = bandwidth(A.permute(reverseCuthillMckee(A)))
    expect(ordered.lower).toBeLessThan(110)
    expect(ordered.profile).toBeLessThan(bandwidth(poisson3d(10)).profile)
  })

  it('keeps components together, and single points too', () => {
    const A = at(7, [
      [0, 4],
      [4, 0],
      [4, 6],
      [6, 4],
      [1, 5],
      [5, 1],
      [2, 2],
    ])
    const p = reverseCuthillMckee(A)
    expect(sorted(p)).toEqual(upTo(7))
    expect(bandwidth(A.permute(p))).toEqual({ lower: 1, upper: 1, profile: 3 })
  })

  it('orders an unsymmetric pattern as A + A^T', () => {
    const upper = at(6, [
      [0, 5],
      [5, 2],
      [2, 4],
      [1, 4],
      [1, 3],
    ])
    const p = reverseCuthillMckee(upper)
    const { lower, upper: above } = bandwidth(upper.permute(p))
    expect(Math.max(lower, above)).toBe(1)
    expect(reverseCuthillMckee(upper.transpose())).toEqual(p)
  })

  it('does not see the diagonal', () => {
    const bare = at(3, [
      [0, 2],
      [2, 0],
      [2, 1],
      [1, 2],
    ])
    const full = at(3, [
      [0, 2],
      [2, 0],
      [2, 1],
      [1, 2],
      [0, 0],
      [1, 1],
      [2, 2],
    ])
    expect(reverseCuthillMckee(full)).toEqual(reverseCuthillMckee(bare))
  })

  it('gives the same order every time, on shared memory', () => {
    const p = reverseCuthillMckee(randomGraphLaplacian(300))
    expect(digest(p)).toBe('0455d5a1')
    expect(p.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('does not recurse: a path of 300 000', () =>
    expect(bandwidth(poisson2d(1, 300_000).permute(reverseCuthillMckee(poisson2d(1, 300_000)))).lower).toBe(1))

  it('orders nothing', () => expect(reverseCuthillMckee(poisson2d(0))).toHaveLength(0))

  it('refuses a matrix that is not square', () =>
    expect(() => reverseCuthillMckee(Csr.fromTriplets(2, 3, [], [], []))).toThrow(
      expect.objectContaining({ code: 'ERR_SHAPE' }),
    ))
})
