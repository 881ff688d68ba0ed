import { describe, expect, it } from 'vitest'
import { Csr, type Dense, dense, lstsqSync, normal, solve, solveSync, uniform } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { expectClose, gaussianMatrix, residualOf, times } from '../support/least-squares.ts'

const sparse = (m: number, n: number, count: number): Csr => {
  const at = (seed: number, size: number) => Array.from(uniform(seed, count), u => Math.floor(u * size))
  return Csr.fromTriplets(m, n, at(1, m), at(2, n), normal(3, count))
}

describe('solve of a matrix that is not square', () => {
  it('is least squares', async () => {
    const A = gaussianMatrix(300, 12, 1)
    const b = normal(2, 300)
    const found = await both(solveSync, solve, A, b)
    expect([found.method, found.converged]).toEqual(['lstsq', true])
    expect(found.why).toMatch(/^300 x 12, full, in the sense of least squares/)
    expect(found.residualNorm).toBeCloseTo(Math.hypot(...residualOf(A, found.x as Float64Array, b)), 10)
    expect(Math.max(...times(A, residualOf(A, found.x as Float64Array, b), true).map(Math.abs))).toBeLessThan(1e-11)
  })

  it('of several right-hand sides, of fewer rows than columns, of one column', () => {
    const A = gaussianMatrix(50, 80, 1)
    const B = gaussianMatrix(50, 3, 2)
    const found = solveSync(A, B)
    expect([found.x.rows, found.x.columns, found.columns.length, found.converged]).toEqual([80, 3, 3, true])
    expect(found.relativeResidual).toBeLessThan(1e-14)
    expect(solveSync(dense(2, 1, [3, 4]), [3, 4]).x[0]).toBeCloseTo(1)
  })

  it('of a sparse one by a sketch, of a wide one by LSQR', () => {
    const tall = sparse(2000, 30, 8000)
    const b = normal(4, 2000)
    const found = solveSync(tall, b)
    expect([found.method, found.converged]).toEqual(['lstsq', true])
    expectClose(found.x, lstsqSync(tall.toDense(), b).x, 1e-12)
    const wide = sparse(40, 300, 2000)
    const rhs = normal(5, 40)
    const least = solveSync(wide, rhs, { rtol: 1e-12 })
    expect([least.method, least.converged]).toEqual(['lsqr', true])
    expectClose(least.x, lstsqSync(wide.toDense(), rhs).x, 1e-9)
    const block = solveSync(wide, gaussianMatrix(40, 2, 6))
    expect([block.x.rows, block.x.columns, block.converged]).toEqual([300, 2, true])
  })

  it('refuses NaN and a null space by name', () => {
    const spoiled: Dense = { rows: 3, columns: 2, values: Float64Array.of(1, 2, 3, Number.NaN, 5, 6) }
    expect(() => solveSync(spoiled, [1, 2, 3])).toThrow(/solveSync: A\.values\[3\] must be finite/)
    expect(() => solveSync(gaussianMatrix(3, 2, 1), [1, 2, 3], { nullspace: 'constant' })).toThrow(/nullspace/)
  })
})

describe('solve of a full matrix that is not symmetric', () => {
  it('is LU', async () => {
    const A = gaussianMatrix(80, 80, 1)
    const b = normal(2, 80)
    const found = await both(solveSync, solve, A, b)
    expect([found.method, found.converged]).toEqual(['lu', true])
    expect(Math.hypot(...residualOf(A, found.x as Float64Array, b))).toBeLessThan(1e-12 * Math.hypot(...b))
  })

  it('that is singular is said to be so', () => {
    const A = dense(3, 3, [1, 2, 3, 1, 2, 3, 0, 1, 0])
    const found = solveSync(A, [1, 2, 3])
    expect(found.converged).toBe(false)
    expect(found.why).toContain('lu: A is singular')
  })
})
