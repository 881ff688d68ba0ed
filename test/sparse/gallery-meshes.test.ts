import { describe, expect, it } from 'vitest'
import { interiorPoints, type Mesh } from '../../src/sparse/gallery/mesh.ts'
import { p1Laplacian } from '../../src/sparse/gallery/p1.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { expectMMatrix, expectSymmetric, isPositiveDefinite, rowsOf } from '../support/matrices.ts'

/** (n + 1)^2 squares, each cut by a diagonal: linear elements on them are the 5-point stencil. */
function cutSquares(n: number, turn: (t: number[]) => number[] = t => t): Mesh {
  const side = n + 2
  const points = Array.from({ length: side * side }, (_, i) => [i % side, Math.floor(i / side)]).flat()
  const triangles: number[] = []
  for (let y = 0; y <= n; y++)
    for (let x = 0; x <= n; x++) {
      const p = y * side + x
      triangles.push(...turn([p, p + 1, p + side]), ...turn([p + side + 1, p + side, p + 1]))
    }
  return { points, triangles }
}

const square = { points: [0, 0, 2, 0, 2, 2, 0, 2, 1, 1], triangles: [0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4] }

describe('p1Laplacian', () => {
  it.each([
    ['as given', (t: number[]) => t],
    ['reversed', (t: number[]) => t.toReversed()],
    ['turned', ([a, b, c]: number[]) => [b!, c!, a!]],
  ])('is the 5-point stencil on cut squares, triangles %s', (_, turn) => {
    const A = rowsOf(p1Laplacian(cutSquares(4, turn)))
    rowsOf(poisson2d(4)).forEach((row, i) => {
      row.forEach((a, j) => {
        expect(A[i]![j]).toBeCloseTo(a, 14)
      })
    })
  })

  it('does not depend on the scale of the mesh', () => {
    const { points, triangles } = cutSquares(3)
    const large = p1Laplacian({ points: Array.from(points, x => 1024 * x), triangles })
    expect(large.values).toEqual(p1Laplacian({ points, triangles }).values)
  })

  it('is a symmetric positive definite M-matrix', () => {
    const A = p1Laplacian(cutSquares(5))
    expectSymmetric(A)
    expectMMatrix(A)
    expect(isPositiveDefinite(A)).toBe(true)
  })

  it('knows one point amid a square', () => expect(rowsOf(p1Laplacian(square))).toEqual([[4]]))

  it('is empty without triangles, and without interior points', () => {
    expect(p1Laplacian({ points: [], triangles: [] }).rows).toBe(0)
    expect(p1Laplacian({ points: [0, 0, 1, 0, 0, 1], triangles: [0, 1, 2] }).rows).toBe(0)
  })

  it.each([
    ['a point that is not there', { ...square, triangles: [0, 1, 5] }, 'ERR_INDEX'],
    ['a negative index', { ...square, triangles: [0, -1, 4] }, 'ERR_INDEX'],
    ['two thirds of a triangle', { ...square, triangles: [0, 1] }, 'ERR_SHAPE'],
    ['half a point', { ...square, points: [...square.points, 1] }, 'ERR_SHAPE'],
    ['NaN', { ...square, points: square.points.with(3, Number.NaN) }, 'ERR_NOT_FINITE'],
    ['a triangle without area', { ...square, triangles: [0, 4, 2] }, 'ERR_SHAPE'],
    ['points that are no array', { ...square, points: 'points' as unknown as number[] }, 'ERR_TYPE'],
    ['no points', { triangles: [] } as unknown as Mesh, 'ERR_TYPE'],
    ['no mesh', null as unknown as Mesh, 'ERR_TYPE'],
  ])('refuses %s', (_, mesh, code) => expect(() => p1Laplacian(mesh)).toThrow(expect.objectContaining({ code })))
})

describe('interiorPoints', () => {
  it('are those on no edge of a single triangle', () => {
    expect(Array.from(interiorPoints(square))).toEqual([4])
    expect(Array.from(interiorPoints(cutSquares(2)))).toEqual([5, 6, 9, 10])
  })

  it('leave out points in no triangle', () =>
    expect(Array.from(interiorPoints({ ...square, points: [...square.points, 9, 9] }))).toEqual([4]))
})
