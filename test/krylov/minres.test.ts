import { describe, expect, it } from 'vitest'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'

const diagonal = (entries: readonly number[]) => {
  const at = entries.map((_, i) => i)
  return Csr.fromTriplets(entries.length, entries.length, at, at, entries)
}

describe('minres', () => {
  it('ends after as many steps as A has distinct eigenvalues, indefinite or not', () => {
    const A = diagonal([-3, -3, 1, 1, 7, 7, 7])
    const b = Float64Array.of(1, 2, 3, 4, 5, 6, 7)
    const solution = minresSync(A, b, { rtol: 1e-13 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 3])
    expect(Array.from(solution.x, (x, i) => x * A.values[i]!)).toEqual(Array.from(b, v => expect.closeTo(v, 11)))
  })

  it('never lets the residual grow', () => {
    const A = poisson2d(20)
    const b = densely(
      A,
      Float64Array.from({ length: 400 }, (_, i) => Math.sin(i)),
    )
    const { history } = minresSync(A, b, { history: true })
    expect(history!.length).toBeGreaterThan(10)
    history!.forEach((norm, i) => {
      if (i > 0) expect(norm).toBeLessThanOrEqual(history![i - 1]! * (1 + 1e-12))
    })
  })

  it('solves a preconditioned indefinite system to the true residual', async () => {
    const A = diagonal(Array.from({ length: 60 }, (_, i) => (i % 2 ? -1 : 1) * (1 + i * i)))
    const b = new Float64Array(60).fill(1)
    const solution = await minres(A, b, { preconditioner: jacobi, rtol: 1e-12 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 2])
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1e-12)
  })

  it('names an indefinite preconditioner', () => {
    const flip = (r: Float64Array, z: Float64Array) => z.set(r.map((v, i) => (i % 2 ? -v : v)))
    const solution = minresSync(
      poisson2d(4),
      Float64Array.from({ length: 16 }, (_, i) => i % 2),
      { preconditioner: flip },
    )
    expect(solution.reason).toBe('indefinite-preconditioner')
  })

  it('never calls the least-squares answer of an inconsistent system converged', () => {
    const A = Csr.fromTriplets(3, 3, [0, 0, 1, 1], [0, 1, 0, 1], [1, -1, -1, 1])
    const solution = minresSync(A, Float64Array.of(1, 0, 1))
    expect(solution.converged).toBe(false)
    expect(solution.x.every(Number.isFinite)).toBe(true)
    expect(Math.max(...solution.x.map(Math.abs))).toBeLessThan(10)
  })
})
