import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { ssor } from '../../src/precondition/ssor.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { q1Laplacian2d } from '../../src/sparse/gallery/q1.ts'
import { digest } from '../support/digest.ts'
import { densely, norm } from '../support/problems.ts'

/* SSOR-CG without products: what it answers has to be what the textbook iteration answers. */

const problems = [
  ['a square', poisson2d(60)],
  ['lanes', poisson2d(410, 30)],
  ['a cube', poisson3d(17, 16, 19)],
  ['jumps', diffusion2d(50, { contrast: 1e3, seed: 4 })],
  ['nine points', q1Laplacian2d(110, 40)],
] as const

const residual = (A: (typeof problems)[number][1], b: Float64Array, x: Float64Array): number => {
  const Ax = densely(A, x)
  return norm(b.map((value, i) => value - Ax[i]!))
}

describe.each(problems)('on %s', (_, A) => {
  const b = normal(3, A.rows)

  it.each([0.7, 1, 1.6, 1.9])('omega = %d: as many iterations, no products, the true residual', async omega => {
    const plain = cgSync(A, b, { preconditioner: ssor({ omega, schedule: 'serial' }) })
    const options = { preconditioner: ssor({ omega, schedule: 'diagonals' }) } as const
    const found = cgSync(A, b, options)
    expect(found.reason).toBe('converged')
    expect(Math.abs(found.iterations - plain.iterations)).toBeLessThanOrEqual(Math.max(3, 0.03 * plain.iterations))
    expect(residual(A, b, found.x)).toBeLessThanOrEqual(1.0000001e-8 * norm(b))
    expect(found.applications.operator).toBeLessThanOrEqual(3)
    expect(digest((await cg(A, b, options)).x)).toBe(digest(found.x))
  })

  it('keeps a history of the residual itself', () => {
    const preconditioner = ssor.sync(A, { omega: 1.4, schedule: 'diagonals' })
    const { history } = cgSync(A, b, { preconditioner, history: true, maxIterations: 12 })
    for (const maxIterations of [1, 2, 7, 12]) {
      const { x } = cgSync(A, b, { preconditioner, maxIterations })
      expect(history![maxIterations]! / residual(A, b, x)).toBeCloseTo(1, 8)
    }
  })

  it('goes on from a first guess', () => {
    const preconditioner = ssor.sync(A, { omega: 1.5, schedule: 'diagonals' })
    const { x } = cgSync(A, b, { preconditioner, rtol: 1e-4 })
    const { iterations } = cgSync(A, b, { preconditioner, x0: x })
    expect(iterations).toBeLessThan(cgSync(A, b, { preconditioner }).iterations)
  })
})

it('serves only the matrix that it was made for', () => {
  const [A, other] = [poisson2d(60), diffusion2d(60, { variance: 0.1, seed: 1 })]
  const b = uniform(1, A.rows)
  const found = cgSync(other, b, { preconditioner: ssor.sync(A, { schedule: 'diagonals' }) })
  expect(found.converged).toBe(true)
  expect(found.applications.operator).toBeGreaterThanOrEqual(found.iterations)
})

it('names a matrix that is not definite', () => {
  const A = poisson2d(40)
  const indefinite = A.withValues(A.values.map(v => (v === 4 ? 1.5 : v)))
  const preconditioner = ssor({ schedule: 'diagonals' })
  expect(cgSync(indefinite, uniform(1, A.rows), { preconditioner }).reason).toBe('indefinite-operator')
})

it('takes b = 0 and targets out of reach', () => {
  const A = poisson2d(50)
  const preconditioner = ssor({ omega: 1.8, schedule: 'diagonals' })
  expect(cgSync(A, new Float64Array(A.rows), { preconditioner })).toMatchObject({ iterations: 0, reason: 'converged' })
  expect(cgSync(A, uniform(2, A.rows), { preconditioner, rtol: 0 }).reason).toBe('stagnated')
})
