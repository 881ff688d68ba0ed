import { describe, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { kernels } from '../../src/core/kernels.ts'
import { normal } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import { chebyshev } from '../../src/precondition/chebyshev.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import type { Preconditioner, TwoLevel } from '../../src/precondition/kinds.ts'
import type { Recipe } from '../../src/precondition/recipe.ts'
import { twoLevel } from '../../src/precondition/twoLevel.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'

function iterations(A: Csr, preconditioner: Recipe): number {
  const b = normal(1, A.rows)
  const { x, iterations, converged } = cgSync(A, b, { preconditioner })
  expect(converged).toBe(true)
  expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
  return iterations
}

/** Squares of s x s points. */
const squares = (nx: number, s: number): Int32Array =>
  Int32Array.from({ length: nx * nx }, (_, i) => Math.floor(i / nx / s) * Math.ceil(nx / s) + Math.floor((i % nx) / s))

function two(M: Preconditioner): TwoLevel {
  expect(M.kind).toBe('two-level')
  return M as TwoLevel
}

describe('twoLevel', () => {
  // 1024 x 1024 takes 51
  it.each(backend().name === 'native' ? [128, 256, 512] : [64, 128])(
    'makes iterations of ic0 independent of the grid: %i',
    nx => {
      const A = diffusion2d(nx, { variance: 0.5, seed: 1 })
      const own = iterations(A, twoLevel(ic0, { aggregates: squares(nx, 8) }))
      expect(own).toBeGreaterThanOrEqual(30)
      expect(own).toBeLessThanOrEqual(54)
      expect(iterations(A, twoLevel)).toBeLessThanOrEqual(64)
    },
  )

  it('is base^-1 + P E^-1 P^T', () => {
    const A = delaunayLaplacian(300, { seed: 2 })
    const M = two(twoLevel.sync(A, { base: jacobi, aggregates: 20 }))
    const count = M.starts.length - 1
    const P = Array.from({ length: count }, (_, c) => Float64Array.from(M.aggregates, a => (a === c ? 1 : 0)))
    const AP = P.map(p => densely(A, p))
    const E = P.map(p => AP.map(Aq => p.reduce((sum, pi, i) => sum + pi * Aq[i]!, 0)))
    const [r, z] = [normal(3, count), float64(count)]
    runSync(precondition(kernels, M.coarse, r, z), makeControl('test', {}))
    E.forEach((row, c) => {
      const [sum, size] = [0, 1].map(part =>
        row.reduce((total, e, d) => total + (part === 0 ? e * z[d]! : Math.abs(e * z[d]!)), 0),
      ) as [number, number]
      expect(Math.abs(sum - r[c]!)).toBeLessThanOrEqual(1e-12 * (size + norm(r)))
    })
    M.starts.forEach((start, c) => {
      for (let m = start; m < (M.starts[c + 1] ?? 0); m++) expect(M.aggregates[M.members[m]!]).toBe(c)
    })
  })

  it('takes any base with triangular factors, and no other', () => {
    const A = poisson2d(40)
    for (const base of [jacobi, ic0({ schedule: 'levels' }), ic0({ schedule: 'diagonals' })])
      expect(iterations(A, twoLevel(base, { aggregates: 30 }))).toBeLessThan(iterations(A, base))
    expect(() => twoLevel.sync(A, { base: chebyshev })).toThrow(/twoLevel.*option base/)
    expect(() => twoLevel(ic0, { aggregates: 1 })).toThrow(/option aggregates/)
    expect(() => twoLevel.sync(A, { aggregates: [0, 1] })).toThrow(/option aggregates/)
    expect(() => twoLevel.sync(A, { aggregates: new Int32Array(1600).fill(-2) })).toThrow(/option aggregates/)
  })

  it('is the same in both forms, and survives a clone', async () => {
    const A = poisson2d(50)
    const M = twoLevel.sync(A)
    expect(await twoLevel(A)).toEqual(M)
    const b = normal(2, A.rows)
    const { x } = cgSync(A, b, { preconditioner: M })
    expect(cgSync(A, b, { preconditioner: structuredClone(M) }).x).toEqual(x)
    for (const name of ['aggregates', 'starts', 'members'] as const) {
      const copy = structuredClone(two(M))
      copy[name].fill(1e6)
      expect(() => cgSync(A, b, { preconditioner: copy })).toThrow(/cg/)
    }
  })

  it('serves singular systems, isolated unknowns and small ones', () => {
    const A = randomGraphLaplacian(800, { degree: 4, seed: 2 })
    const b = densely(A, normal(5, A.rows))
    const { x } = cgSync(A, b, { preconditioner: twoLevel, nullspace: 'constant' })
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
    for (const n of [0, 1, 2, 5]) {
      const D = Csr.fromTriplets(n, n, [...Array(n).keys()], [...Array(n).keys()], new Float64Array(n).fill(3))
      const solved = cgSync(D, new Float64Array(n).fill(6), { preconditioner: twoLevel })
      expect([...solved.x].every(value => Math.abs(value - 2) < 1e-12)).toBe(true)
    }
  })
})
