import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, times, withEigenvalues } from '../support/small.ts'

const solvers = [
  ['cg', cgSync, cg],
  ['minres', minresSync, minres],
] as const

const allFinite = (x: Float64Array) => x.every(Number.isFinite)

describe.each(solvers)('%s never claims more than it has', (_, sync, async) => {
  it('asked for an absolute residual below what doubles can hold', async () => {
    const A = diffusion2d(64, { variance: 1, seed: 9 })
    const b = times1e6(normal(10, A.rows))
    const x0 = uniform(11, A.rows)
    const solution = await both(sync, async, A, b, { rtol: 0, atol: 1e-12, x0 })
    const found = trueRelativeResidual(A, solution.x, b) * norm(b)
    expect([solution.converged, solution.reason]).toEqual([false, 'stagnated'])
    expect(found).toBeGreaterThan(1e-12)
    expect(solution.relativeResidual).toBeLessThan(1e-12)
    expect(Math.abs(Math.log2(solution.residualNorm / found))).toBeLessThan(1)
  })

  it('asked for rtol 0', async () => {
    const A = poisson2d(20)
    const b = normal(12, A.rows)
    const solution = await both(sync, async, A, b, { rtol: 0 })
    expect(solution.reason).toBe('stagnated')
    expect(solution.iterations).toBeLessThan(400)
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThan(1e-14)
  })

  it('asked for rtol 0, with a preconditioner', async () => {
    const A = diffusion2d(16, { variance: 1, seed: 2 })
    const b = normal(12, A.rows)
    const solution = await both(sync, async, A, b, { rtol: 0, preconditioner: jacobi })
    expect(solution.reason).toBe('stagnated')
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThan(1e-13)
  })

  it('on a singular inconsistent system', async () => {
    const A = Csr.fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, -1, -1, 1])
    for (const b of [
      [1, 1],
      [1, 0],
      [3, 1],
    ]) {
      const solution = await both(sync, async, A, b)
      expect(solution.converged).toBe(false)
      expect(allFinite(solution.x)).toBe(true)
      expect(solution.relativeResidual).toBeCloseTo(trueRelativeResidual(A, solution.x, Float64Array.from(b)), 10)
    }
  })

  it('for the zero matrix', async () => {
    const A = Csr.fromTriplets(3, 3, [0], [0], [0])
    const solution = await both(sync, async, A, [1, 2, 3])
    expect(solution.converged).toBe(false)
    expect(Array.from(solution.x)).toEqual([0, 0, 0])
  })

  it.each([
    [1e-200, 1],
    [1, 1e-200],
    [1, 1e200],
    [1e200, 1],
    [1e-200, 1e-200],
    [1e200, 1e200],
    [1e-300, 1e-300],
    [1e300, 1e300],
    [1e-310, 1e-310],
    [1e120, 1e-120],
  ])('where A is about %d and b about %d', async (a, c) => {
    const A = times(poisson2d(8), a)
    const y = normal(13, 64)
    const b = densely(poisson2d(8), y).map(value => value * c)
    const solution = await both(sync, async, A, b, { history: true })
    expect(solution.reason).toBe('converged')
    expect(norm(solution.x.map((value, i) => (a === c ? value : (value / c) * a) - y[i]!)) / norm(y)).toBeLessThan(1e-6)
    expect(solution.history![0]! / c).toBeCloseTo(norm(b.map(value => value / c)), 9)
    expect(solution.residualNorm / c).toBeLessThanOrEqual(1e-8 * norm(b.map(value => value / c)))
  })

  it('where doubles cannot hold the answer', async () => {
    for (const [a, c] of [
      [1e-200, 1e200],
      [1e200, 1e-200],
    ] as const) {
      const solution = await both(sync, async, diagonal([a, 2 * a]), [c, c])
      expect([solution.reason, Array.from(solution.x)]).toEqual(['not-finite', [0, 0]])
      expect(solution.relativeResidual).toBeCloseTo(1, 12)
    }
  })

  it('where the operator returns NaN', async () => {
    let calls = 0
    const operator = {
      rows: 3,
      columns: 3,
      apply: (x: Float64Array, y: Float64Array) =>
        void y.set(calls++ > 1 ? [1, Number.NaN, 1] : x.map((v, i) => v * (i + 1))),
    }
    const solution = sync(operator, [1, 1, 1])
    expect(solution.reason).toBe('not-finite')
    expect(allFinite(solution.x)).toBe(true)
    calls = 2
    expect((await async(operator, [1, 1, 1])).reason).toBe('not-finite')
  })

  it('where the operator overflows', async () => {
    const operator = {
      rows: 2,
      columns: 2,
      apply: (x: Float64Array, y: Float64Array) => void y.set(x.map(v => v * 1e308 * 10)),
    }
    const solution = await both(sync, async, operator, [1, 2])
    expect([solution.reason, allFinite(solution.x)]).toEqual(['not-finite', true])
  })

  it('where the preconditioner returns NaN', async () => {
    const preconditioner = (r: Float64Array, z: Float64Array) => void z.set(r.map(() => Number.NaN))
    const solution = await both(sync, async, poisson2d(3), normal(1, 9), { preconditioner })
    expect([solution.reason, allFinite(solution.x)]).toEqual(['not-finite', true])
  })

  it('where the preconditioner is negative', async () => {
    const preconditioner = (r: Float64Array, z: Float64Array) => void z.set(r.map(v => -v))
    const solution = await both(sync, async, poisson2d(3), normal(1, 9), { preconditioner })
    expect([solution.reason, Array.from(solution.x)]).toEqual(['indefinite-preconditioner', Array(9).fill(0)])
  })

  it('where the preconditioner returns nothing but zeros', async () => {
    const preconditioner = (_: Float64Array, z: Float64Array) => void z.fill(0)
    const solution = await both(sync, async, poisson2d(3), normal(1, 9), { preconditioner })
    expect([solution.reason, Array.from(solution.x)]).toEqual(['breakdown', Array(9).fill(0)])
  })
})

describe('cg names an operator that is not positive definite', () => {
  it('diag(1, -1), b = (1, 1)', async () => {
    const solution = await both(cgSync, cg, diagonal([1, -1]), [1, 1])
    expect(['breakdown', 'indefinite-operator']).toContain(solution.reason)
    expect(Array.from(solution.x)).toEqual([0, 0])
  })

  it.each([
    ['negative definite', [-1, -2, -3]],
    ['one negative eigenvalue', [1, 2, -5]],
    ['barely indefinite', [1, 1, -1e-9]],
  ])('%s', async (_, entries) => {
    const solution = await both(cgSync, cg, diagonal(entries), [1, 1, 1])
    expect(solution.reason).toBe('indefinite-operator')
    expect(allFinite(solution.x)).toBe(true)
  })

  it('with a Jacobi preconditioner, as what it is', async () => {
    const solution = await both(cgSync, cg, diagonal([1, 2, -3]), [1, 1, 1], { preconditioner: jacobi })
    expect(['breakdown', 'indefinite-operator']).toContain(solution.reason)
  })

  it('hidden in many positive ones', async () => {
    const eigenvalues = Array.from({ length: 60 }, (_, i) => (i === 30 ? -0.5 : 1 + i))
    const solution = await both(cgSync, cg, withEigenvalues(eigenvalues), normal(3, 60))
    expect(solution.reason).toBe('indefinite-operator')
    expect(allFinite(solution.x)).toBe(true)
  })
})

describe('cg on a condition number of 1e14', () => {
  it('reaches the residual that it claims, or says that it did not', async () => {
    const A = withEigenvalues(Array.from({ length: 40 }, (_, i) => 10 ** ((-14 * i) / 39)))
    const b = densely(A, normal(5, 40))
    const solution = await both(cgSync, cg, A, b, { maxIterations: 10_000 })
    const found = trueRelativeResidual(A, solution.x, b)
    if (solution.converged) expect(found).toBeLessThanOrEqual(1.01e-8)
    expect(allFinite(solution.x)).toBe(true)
  })

  it('solves it where the diagonal alone made it so', async () => {
    const A = diagonal(Array.from({ length: 40 }, (_, i) => 10 ** ((-14 * i) / 39)))
    const solution = await both(cgSync, cg, A, densely(A, normal(5, 40)), { preconditioner: jacobi })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 1])
  })
})

function times1e6(x: Float64Array): Float64Array {
  return x.map(value => value * 1e6)
}
