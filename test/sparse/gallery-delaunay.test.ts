import { describe, expect, it } from 'vitest'
import { uniform } from '../../src/core/random.ts'
import { delaunay, delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { interiorPoints } from '../../src/sparse/gallery/mesh.ts'
import { p1Laplacian } from '../../src/sparse/gallery/p1.ts'
import { digest } from '../support/digest.ts'
import { expectSymmetric, isPositiveDefinite } from '../support/matrices.ts'

describe('delaunayLaplacian', () => {
  it('has a row for each random point, and about seven entries in it', () => {
    const A = delaunayLaplacian(2000)
    expect(A.rows).toBe(2000)
    expect(A.nonZeros / A.rows).toBeGreaterThan(6)
    expect(A.nonZeros / A.rows).toBeLessThan(7)
    expectSymmetric(A)
  })

  it('is positive definite, with no positive entry off the diagonal beyond rounding', () => {
    const A = delaunayLaplacian(150, { seed: 3 })
    const d = A.diagonal()
    expect(isPositiveDefinite(A)).toBe(true)
    for (let i = 0; i < A.rows; i++)
      for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++)
        if (A.pattern.columnIndices[k] !== i) expect(A.values[k]).toBeLessThan(1e-12 * d[i]!)
  })

  // -Laplace(u) = 0 for u = x: the rows sum to what the boundary takes, so A x is zero away from it
  it('is exact for linear functions away from the boundary', () => {
    const points = uniform(5, 600)
    const mesh = delaunay(points)
    const inside = interiorPoints(mesh)
    const A = p1Laplacian(mesh)
    const onHull = new Set(Array.from({ length: 300 }, (_, i) => i).filter(i => !inside.includes(i)))
    const nearHull = new Set<number>()
    for (let t = 0; t < mesh.triangles.length; t += 3) {
      const corners = Array.from({ length: 3 }, (_, c) => mesh.triangles[t + c]!)
      if (corners.some(p => onHull.has(p))) for (const p of corners) nearHull.add(p)
    }
    inside.forEach((p, i) => {
      if (nearHull.has(p)) return
      let sum = 0
      for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++)
        sum += A.values[k]! * points[2 * inside[A.pattern.columnIndices[k]!]!]!
      expect(Math.abs(sum)).toBeLessThan(1e-12)
    })
    expect(nearHull.size).toBeLessThan(150)
    expect(delaunayLaplacian(points).values).toEqual(A.values)
  })

  it('has the same bits everywhere', () => expect(digest(delaunayLaplacian(100, { seed: 1 }).values)).toBe('21d787c1'))

  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
  ])('has %d rows for %d points', (n, rows) => expect(delaunayLaplacian(n).rows).toBe(rows))

  it.each([
    ['none', []],
    ['two', [0, 0, 1, 1]],
    ['three on a line', [0, 0, 1, 1, 2, 2]],
  ])('is empty for given points that leave no interior: %s', (_, points) =>
    expect(delaunayLaplacian(points).rows).toBe(0),
  )

  it.each([
    ['a negative number', () => delaunayLaplacian(-1), 'ERR_SHAPE'],
    ['too large a number', () => delaunayLaplacian(2 ** 31 - 1), 'ERR_SHAPE'],
    ['an odd number of coordinates', () => delaunayLaplacian([0, 1, 2]), 'ERR_SHAPE'],
    ['infinity', () => delaunayLaplacian([0, 1, 2, Number.POSITIVE_INFINITY]), 'ERR_NOT_FINITE'],
    ['a string', () => delaunayLaplacian('12' as unknown as number), 'ERR_TYPE'],
    ['a bad seed', () => delaunayLaplacian(5, { seed: -1 }), 'ERR_OPTION'],
    ['an unknown option', () => delaunayLaplacian(5, { sead: 1 } as object), 'ERR_OPTION'],
  ])('refuses %s', (_, call, code) => expect(call).toThrow(expect.objectContaining({ code })))
})
