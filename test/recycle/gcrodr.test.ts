import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { gcrodr, gcrodrSync } from '../../src/recycle/gcrodr.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { expectInvariants } from '../support/invariants.ts'
import { densely, gallery, trueRelativeResidual } from '../support/problems.ts'
import { withEigenvalues } from '../support/small.ts'

const n = 900
const b = normal(3, n)
const wind = (angle: number) => convectionDiffusion2d(30, { diffusion: 0.01, angle })

/** Rows and columns multiplied by powers of ten: a diagonal that a preconditioner has to meet. */
function rescaled(A: Csr): Csr {
  const { rowPointers, columnIndices } = A.pattern
  const s = (i: number) => 10 ** ((i % 5) / 4)
  const values = A.values.slice()
  for (let i = 0; i < A.rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) values[k]! *= s(i) * s(columnIndices[k]!)
  return A.withValues(values)
}
const byDiagonal = (A: Csr) => {
  const d = A.diagonal()
  return (v: Float64Array) => v.map((value, i) => value / d[i]!)
}

describe('gcrodr', () => {
  it('hands its space from one system to the next, which then takes fewer products', async () => {
    const [one, other] = [1, 2].map(seed => diffusion2d(30, { length: 0.3, seed })) as [Csr, Csr]
    const conductivities = [0, 0.05, 0.1, 0.15].map(t =>
      one.withValues(one.values.map((a, k) => a + t * other.values[k]!)),
    )
    let space = undefined as ReturnType<typeof gcrodrSync>['space'] | undefined
    for (const [at, A] of conductivities.entries()) {
      const rhs = normal(20 + at, n)
      const cold = gcrodrSync(A, rhs)
      const solution = await both(gcrodrSync, gcrodr, A, rhs, { ...(space && { space }) })
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, rhs)).toBeLessThanOrEqual(1.001e-8)
      expect(solution.products).toBe(solution.applications.operator)
      expectInvariants(A, solution.space)
      if (at > 0) {
        expect(solution.products).toBeLessThan(0.75 * cold.products)
        expect(solution.recycleDrift).toBeGreaterThan(0)
        expect(solution.recycleDrift).toBeLessThan(1)
      } else expect(solution.recycleDrift).toBeNaN()
      space = solution.space
    }
  })

  it('converges where restarted GMRES of the same memory crawls', () => {
    const A = poisson2d(30)
    const restarted = gmresSync(A, b, { restart: 12, maxIterations: 5000 })
    expect(gcrodrSync(A, b, { restart: 12, recycle: 6 }).products).toBeLessThan(restarted.applications.operator / 2)
  })

  it('keeps A M^-1 U = C with a changed matrix and a changed preconditioner', () => {
    let { space } = gcrodrSync(rescaled(wind(0.3)), b, { preconditioner: jacobi, rtol: 1e-10 })
    for (const angle of [0.35, 0.8]) {
      const A = rescaled(wind(angle))
      const solution = gcrodrSync(A, b, { preconditioner: jacobi, space, rtol: 1e-10 })
      expect(solution.converged).toBe(true)
      expectInvariants(A, solution.space, byDiagonal(A))
      const without = gcrodrSync(A, normal(7, n), { space: solution.space })
      expect(without.converged).toBe(true)
      expectInvariants(A, without.space)
      space = without.space
    }
  })

  it('keeps it in the units of A, however large those are', () => {
    for (const unit of [1e-180, 1e160]) {
      const A = wind(0.5).withValues(wind(0.5).values.map(value => value * unit))
      const first = gcrodrSync(A, b, { restart: 20, recycle: 8 })
      expectInvariants(A, first.space)
      const second = gcrodrSync(A, normal(9, n), { restart: 20, recycle: 8, space: first.space })
      expect(second.converged).toBe(true)
      expect(second.recycleDrift).toBeLessThan(1e-6)
      expectInvariants(A, second.space)
    }
  })

  it('measures no drift for the same matrix, and most for one that is not related', () => {
    const A = wind(0.3)
    const { space } = gcrodrSync(A, b)
    expect(gcrodrSync(A, normal(5, n), { space }).recycleDrift).toBeLessThan(1e-6)
    expect(gcrodrSync(diffusion2d(30, { seed: 4 }), normal(5, n), { space }).recycleDrift).toBeGreaterThan(0.1)
  })

  it('foretells the next solution of a smooth sequence, and asks for no more than one product in vain', () => {
    const products = (solutions: number, rhs: (step: number) => Float64Array) => {
      let last: ReturnType<typeof gcrodrSync> | undefined
      for (let step = 0; step < 8; step++)
        last = gcrodrSync(wind(0.02 * step), rhs(step), { solutions, ...(last && { space: last.space }) })
      expect(last!.converged).toBe(true)
      return last!.products
    }
    expect(products(8, () => b)).toBeLessThan(0.7 * products(0, () => b))
    // the guess and its residual; of several sequences, since in one rounding decides on a few products more or less
    const more = [0, 1, 2, 3].map(seed => {
      const fresh = (step: number) => normal(100 * seed + step, n)
      return products(8, fresh) - products(0, fresh)
    })
    expect(more.reduce((sum, x) => sum + x, 0) / more.length).toBeLessThanOrEqual(5)
  })

  it('remembers as many solutions as it is told, the newest first', () => {
    const first = gcrodrSync(wind(0.1), b, { solutions: 2 })
    expect(first.space.solutions).toEqual(first.x)
    const second = gcrodrSync(wind(0.2), b, { solutions: 2, space: first.space })
    const third = gcrodrSync(wind(0.3), b, { solutions: 2, space: second.space })
    expect(third.space.solutions).toEqual(Float64Array.of(...third.x, ...second.x))
    expect(gcrodrSync(wind(0.3), b, { solutions: 0, space: third.space }).space.solutions.length).toBe(0)
  })

  it('solves a symmetric system with negative eigenvalues', () => {
    const { A, b } = gallery.find(({ tag }) => tag === 'indefinite')!
    const solution = gcrodrSync(A, b, { preconditioner: jacobi, rtol: 1e-9 })
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-9)
    expectInvariants(A, solution.space, byDiagonal(A))
  })

  it('says that it stagnates once all directions are searched, and keeps cycles long where unknowns are few', () => {
    const singular = withEigenvalues(
      Array.from({ length: 20 }, (_, i) => i),
      4,
    )
    const solution = gcrodrSync(singular, normal(6, 20))
    expect(['stagnated', 'breakdown']).toContain(solution.reason)
    expect(solution.iterations).toBeLessThanOrEqual(60)
    const hard = withEigenvalues(
      Array.from({ length: 20 }, (_, i) => 10 ** (-0.6 * i)),
      2,
    )
    const { space, iterations } = gcrodrSync(hard, normal(10, 20), { rtol: 1e-9 })
    expect(iterations).toBeLessThanOrEqual(60)
    expect(space.columns).toBeLessThanOrEqual(10)
  })

  it('runs matrix-free, with the same space', async () => {
    const A = wind(0.4)
    const operator = { rows: n, columns: n, apply: (x: Float64Array, y: Float64Array) => void y.set(densely(A, x)) }
    const options = { restart: 20, recycle: 8, preconditioner: async (r: Float64Array) => byDiagonal(A)(r) }
    const solution = await gcrodr(operator, b, options)
    expect([solution.reason, solution.driver]).toEqual(['converged', 'ts'])
    expectInvariants(A, solution.space, byDiagonal(A))
    const next = await gcrodr(operator, normal(8, n), { ...options, space: solution.space })
    expect(next.converged).toBe(true)
    expectInvariants(A, next.space, byDiagonal(A))
  })
})
