import { describe, expect, it } from 'vitest'
import { anisotropic2d } from '../../src/sparse/gallery/anisotropic.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { q1Laplacian2d } from '../../src/sparse/gallery/q1.ts'
import { digest } from '../support/digest.ts'
import { denseOf, expectMMatrix, expectSymmetric, isPositiveDefinite, rowsOf } from '../support/matrices.ts'

/** The entry of a stencil: `weight(dx, dy, dz)` for two points of an nx x ny grid. */
const onGrid =
  (nx: number, ny: number, weight: (dx: number, dy: number, dz: number) => number) =>
  (i: number, j: number): number => {
    const at = (k: number) => [k % nx, Math.floor(k / nx) % ny, Math.floor(k / nx / ny)] as const
    const [x, y, z] = at(i)
    const [u, v, w] = at(j)
    return weight(u - x, v - y, w - z)
  }

const distance = (...d: number[]) => d.reduce((sum, x) => sum + Math.abs(x), 0)

describe('poisson2d', () => {
  it.each([
    [3, 3],
    [4, 2],
    [1, 5],
    [1, 1],
  ])('is the 5-point stencil on %d x %d', (nx, ny) => {
    const stencil = onGrid(nx, ny, (dx, dy) => [4, -1][distance(dx, dy)] ?? 0)
    expect(rowsOf(poisson2d(nx, ny))).toEqual(denseOf(nx * ny, stencil))
  })

  it('is a symmetric positive definite M-matrix', () => {
    expectSymmetric(poisson2d(7, 5))
    expectMMatrix(poisson2d(7, 5))
    expect(isPositiveDefinite(poisson2d(7, 5))).toBe(true)
  })

  it('has a square grid by default', () => expect(poisson2d(6).values).toEqual(poisson2d(6, 6).values))
})

describe('poisson3d', () => {
  it.each([
    [2, 3, 4],
    [3, 3, 3],
    [1, 1, 4],
  ])('is the 7-point stencil on %d x %d x %d', (nx, ny, nz) => {
    const stencil = onGrid(nx, ny, (dx, dy, dz) => [6, -1][distance(dx, dy, dz)] ?? 0)
    expect(rowsOf(poisson3d(nx, ny, nz))).toEqual(denseOf(nx * ny * nz, stencil))
  })

  it('is a symmetric positive definite M-matrix', () => {
    expectSymmetric(poisson3d(4))
    expectMMatrix(poisson3d(4))
    expect(isPositiveDefinite(poisson3d(4))).toBe(true)
  })
})

describe('q1Laplacian2d', () => {
  it('is the bilinear stencil', () => {
    const stencil = onGrid(4, 3, (dx, dy) => [8 / 3, -1 / 3][Math.max(Math.abs(dx), Math.abs(dy))] ?? 0)
    expect(rowsOf(q1Laplacian2d(4, 3))).toEqual(denseOf(12, stencil))
    expectSymmetric(q1Laplacian2d(5, 4))
    expectMMatrix(q1Laplacian2d(5, 4))
    expect(isPositiveDefinite(q1Laplacian2d(5, 4))).toBe(true)
  })
})

describe('anisotropic2d', () => {
  it('has five points along an axis', () => {
    const stencil = onGrid(4, 4, (dx, dy) => {
      if (distance(dx, dy) > 1) return 0
      return distance(dx, dy) === 0 ? 2.5 : dx === 0 ? -0.25 : -1
    })
    expect(rowsOf(anisotropic2d(4, { epsilon: 0.25 }))).toEqual(denseOf(16, stencil))
    expect(anisotropic2d(4, { epsilon: 0.25, angle: Math.PI / 2 }).nonZeros).toBe(anisotropic2d(4).nonZeros)
  })

  it('has nine points otherwise, exact for quadratics', () => {
    const [epsilon, angle] = [0.1, 0.7]
    const A = rowsOf(anisotropic2d(5, { epsilon, angle }))[12]! // the middle point sees no boundary
    const apply = (u: (x: number, y: number) => number) =>
      A.reduce((sum, a, j) => sum + a * u((j % 5) - 2, Math.floor(j / 5) - 2), 0)
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    expect(apply(() => 1)).toBeCloseTo(0, 14)
    expect(apply(x => x * x)).toBeCloseTo(-2 * (c * c + epsilon * s * s), 14)
    expect(apply((_, y) => y * y)).toBeCloseTo(-2 * (s * s + epsilon * c * c), 14)
    expect(apply((x, y) => x * y)).toBeCloseTo(-2 * (1 - epsilon) * c * s, 14)
  })

  it.each([0, 0.3, Math.PI / 4, 2, -1])('is symmetric positive definite at %d radians', angle => {
    const A = anisotropic2d(8, { epsilon: 1e-3, angle })
    expectSymmetric(A)
    expect(isPositiveDefinite(A)).toBe(true)
  })

  it('has the same bits everywhere', () => expect(digest(anisotropic2d(9, { angle: 1 }).values)).toBe('0c8d1806'))
})

describe('grid problems', () => {
  it.each([
    ['poisson2d', poisson2d(0)],
    ['poisson2d of no height', poisson2d(3, 0)],
    ['poisson3d', poisson3d(3, 0, 3)],
    ['anisotropic2d', anisotropic2d(0, { angle: 1 })],
    ['q1Laplacian2d', q1Laplacian2d(0, 3)],
  ])('are empty for a size of 0: %s', (_, A) => expect([A.rows, A.nonZeros]).toEqual([0, 0]))

  it.each([
    ['a negative size', () => poisson2d(-1), 'ERR_SHAPE'],
    ['a fractional size', () => poisson2d(2.5), 'ERR_SHAPE'],
    ['a size that is no number', () => poisson3d('3' as unknown as number), 'ERR_SHAPE'],
    ['NaN', () => q1Laplacian2d(3, Number.NaN), 'ERR_SHAPE'],
    ['too many rows', () => poisson2d(50_000), 'ERR_SHAPE'],
    ['too many non-zeros', () => poisson2d(30_000), 'ERR_SHAPE'],
    ['too many rows in space', () => poisson3d(2000), 'ERR_SHAPE'],
    ['too many rows of nine', () => q1Laplacian2d(20_000), 'ERR_SHAPE'],
    ['an epsilon of 0', () => anisotropic2d(3, { epsilon: 0 }), 'ERR_OPTION'],
    ['an infinite angle', () => anisotropic2d(3, { angle: Number.POSITIVE_INFINITY }), 'ERR_OPTION'],
    ['an unknown option', () => anisotropic2d(3, { eps: 1 } as object), 'ERR_OPTION'],
    ['options that are no object', () => anisotropic2d(3, 0.1 as unknown as object), 'ERR_OPTION'],
  ])('refuse %s', (_, call, code) => expect(call).toThrow(expect.objectContaining({ code })))

  it('name the option that was meant', () =>
    expect(() => anisotropic2d(3, { epsilom: 1 } as object)).toThrow(/did you mean epsilon/))
})
