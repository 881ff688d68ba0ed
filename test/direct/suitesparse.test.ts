import { describe, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import { normal } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { hasSuiteSparse } from '../../src/direct/external.ts'
import { ldlt, ldltSync } from '../../src/direct/ldlt.ts'
import { solveWith, solveWithSync } from '../../src/direct/solve-with.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { trueRelativeResidual } from '../support/problems.ts'
import { diagonal, tridiagonal } from '../support/small.ts'

const library = 'suitesparse' as const

describe('without SuiteSparse', () => {
  it('says so where it is asked for by name, and computes where not', () => {
    expect(hasSuiteSparse()).toBe(backend().suitesparse !== null)
    expect(ldltSync(poisson2d(5)).kind).toBe('ldlt')
    if (hasSuiteSparse()) return
    expect(() => ldltSync(poisson2d(5), { library })).toThrow(/libsuitesparse-dev/)
  })

  it('refuses other names', () => {
    expect(() => ldltSync(poisson2d(5), { library: 'mumps' as 'own' })).toThrow(/'auto', 'own' or 'suitesparse'/)
  })
})

describe.runIf(hasSuiteSparse())('with SuiteSparse', () => {
  const problems = [poisson2d(30), poisson3d(9), diffusion2d(25, { contrast: 1e4, seed: 1 }), diagonal([2, 3])]

  it.each(problems.map((A, k) => [k, A] as const))('solves problem %i as our own factor does', async (_, A) => {
    const own = ldltSync(A, { library: 'own' })
    const F = await ldlt(A, { library })
    expect(F).toMatchObject({ kind: 'external-factor', ok: true, positiveDefinite: true, inertia: own.inertia })
    expect(F.logDeterminant).toBeCloseTo(own.logDeterminant, 8)
    const b = normal(1, A.rows)
    const { x, converged } = await solveWith(F, b)
    expect(converged).toBe(true)
    expect(trueRelativeResidual(A, x, b)).toBeLessThan(1e-12)
    expect(solveWithSync(F, b).x).toEqual(x)
    const block = solveWithSync(F, dense(A.rows, 3, normal(2, 3 * A.rows)))
    expect([block.converged, block.columns.length]).toEqual([true, 3])
  })

  it('refactors a sequence, and gives up a matrix that is not positive definite', () => {
    const A = poisson2d(12)
    for (const scale of [1, 2, 5]) {
      const system = A.withValues(A.values.map(a => scale * a))
      const { x } = solveWithSync(ldltSync(system, { library }), new Float64Array(144).fill(scale))
      expect(trueRelativeResidual(A, x, new Float64Array(144).fill(1))).toBeLessThan(1e-13)
    }
    const indefinite = ldltSync(tridiagonal([1, 1, 1], [10, 10]), { library })
    expect([indefinite.kind, indefinite.positiveDefinite]).toEqual(['ldlt', false])
  })

  it('is chosen where minimum degree fills in much', () => {
    expect(ldltSync(poisson3d(26)).kind).toBe('external-factor')
    expect(ldltSync(poisson2d(120)).kind).toBe('ldlt')
  })

  it('gives a handle that cannot be copied, forged or used as a preconditioner', () => {
    const A = poisson2d(6)
    const F = ldltSync(A, { library })
    expect(() => structuredClone({ ...F })).toThrow()
    const b = new Float64Array(36).fill(1)
    for (const handle of [{}, null, 3, new Float64Array(1)])
      expect(() => solveWithSync({ ...F, handle } as typeof F, b)).toThrow()
    expect(() => solveWithSync({ ...F, matrix: poisson2d(7) }, new Float64Array(49))).toThrow()
    expect(() => cgSync(A, b, { preconditioner: F as never })).toThrow(/preconditioner/)
  })

  it('is left at once by an aborted call', async () => {
    const A = poisson3d(20)
    const stop = new AbortController()
    const running = ldlt(A, { library, signal: stop.signal })
    setTimeout(() => stop.abort(), 5)
    await expect(running).rejects.toThrow()
  })
})
