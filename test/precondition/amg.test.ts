import { describe, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import { normal, uniform } from '../../src/core/random.ts'
import type { CsrData } from '../../src/core/types.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { type AmgOptions, amg } from '../../src/precondition/amg.ts'
import type { Amg, Preconditioner } from '../../src/precondition/kinds.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { anisotropic2d } from '../../src/sparse/gallery/anisotropic.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d, diffusion3d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { q1Laplacian2d } from '../../src/sparse/gallery/q1.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { shuffled } from '../support/matrices.ts'
import { trueRelativeResidual } from '../support/problems.ts'

function hierarchy(M: Preconditioner): Amg {
  expect(M.kind).toBe('amg')
  return M as Amg
}

/** Iterations of CG to a true residual of 1e-8. */
function iterations(A: Csr, options: AmgOptions = {}, cg: object = {}): number {
  const b = normal(1, A.rows)
  const { x, iterations, converged } = cgSync(A, b, { preconditioner: amg(options), ...cg })
  expect(converged).toBe(true)
  expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
  return iterations
}

const sizes = ({ levels }: Amg): number[] => [...levels].filter((_, k) => k % 4 === 0)
const complexity = ({ levels }: Amg): number =>
  [...levels].filter((_, k) => k % 4 === 1).reduce((sum, entries) => sum + entries) / levels[1]!

describe('iterations to 1e-8', () => {
  it.each([
    ['2D, 60 x 60', poisson2d(60), 12],
    ['2D, 150 x 150', poisson2d(150), 13],
    ['2D, 300 x 200', poisson2d(300, 200), 14],
    ['3D, 16 x 16 x 16', poisson3d(16), 10],
    ['3D, 30 x 30 x 30', poisson3d(30), 11],
    ['Q1 elements', q1Laplacian2d(120), 14],
    ['P1 elements', delaunayLaplacian(8000, { seed: 1 }), 19],
    ['strong anisotropy', anisotropic2d(100, { epsilon: 1e-3 }), 14],
    ['diffusion, jumps of 1e4', diffusion2d(128, { contrast: 1e4, seed: 1 }), 16],
    ['diffusion, jumps of 1e6', diffusion2d(100, { contrast: 1e6, seed: 2 }), 18],
    ['diffusion 3D, jumps of 1e4', diffusion3d(20, { contrast: 1e4, seed: 1 }), 12],
    ['rows in random order', shuffled(poisson2d(60), uniform(1, 3600)), 15],
  ] as const)('%s', (_, A, most) => {
    expect(iterations(A)).toBeLessThanOrEqual(most)
  })

  it('do not grow with the grid', () => {
    const counts = (backend().name === 'native' ? [250, 500, 1000] : [64, 128, 256]).map(nx =>
      iterations(poisson2d(nx)),
    )
    expect(Math.max(...counts)).toBeLessThanOrEqual(12)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3)
  })

  it('are the same in single precision', () => {
    for (const A of [poisson2d(100), diffusion2d(80, { contrast: 1e4, seed: 3 })])
      expect(iterations(A, { precision: 'single' })).toBe(iterations(A, { precision: 'double' }))
  })

  it.each([
    [{ smoother: 'jacobi' }, 15],
    [{ smoother: 'jacobi', degree: 1 }, 19],
    [{ smoother: 'l1' }, 17],
    [{ degree: 4 }, 12],
    [{ threshold: 0 }, 16],
    [{ coarsest: 20 }, 14],
  ] as const)('with %o', (options, most) => {
    expect(iterations(poisson2d(120), options)).toBeLessThanOrEqual(most)
  })

  it('of the W-cycle are no more, nor of the K-cycle', () => {
    const A = poisson2d(130)
    const counts = (['v', 'w', 'k'] as const).map(cycle => iterations(A, { cycle, coarsest: 40 }, { flexible: true }))
    expect(counts[1]).toBeLessThanOrEqual(counts[0]!)
    expect(counts[2]).toBeLessThanOrEqual(counts[0]!)
  })
})

describe('a hierarchy', () => {
  it('gets small quickly', () => {
    for (const [A, most] of [
      [poisson2d(200), 1.4],
      [poisson3d(25), 1.65],
    ] as const) {
      const M = hierarchy(amg.sync(A))
      const n = sizes(M)
      expect(n.at(-1)).toBeLessThanOrEqual(256)
      n.slice(1).forEach((size, l) => void expect(size).toBeLessThan(n[l]! / 4))
      expect(complexity(M)).toBeLessThan(most)
      expect(M.finest).toBeInstanceOf(Float32Array)
    }
  })

  it('is the matrix itself where that is small', () => {
    const A = poisson2d(10)
    const M = hierarchy(amg.sync(A))
    expect(sizes(M)).toEqual([100])
    expect(iterations(A)).toBeLessThanOrEqual(2)
    expect(cgSync(A, normal(1, A.rows), { preconditioner: M }).iterations).toBeLessThanOrEqual(2)
  })

  it('is the same in both forms and on any number of threads', async () => {
    const A = diffusion2d(120, { variance: 2, seed: 1 })
    const M = amg.sync(A)
    expect(await amg(A)).toEqual(M)
    expect(amg.sync(A, { threads: 1 })).toEqual(M)
  })

  it('holds constants: the rows of a prolongation sum to one where rows of A sum to zero', () => {
    const A = randomGraphLaplacian(2000, { degree: 5, seed: 3 })
    const M = hierarchy(amg.sync(A, { nullspace: 'constant', precision: 'double', coarsest: 50 }))
    const [n, , entries] = M.levels
    let met = 0
    for (let i = 0; i < n!; i++) {
      let sum = 0
      for (let k = M.rowPointers[i]!; k < M.rowPointers[i + 1]!; k++) sum += M.values[k]!
      met += M.rowPointers[i + 1]! - M.rowPointers[i]!
      expect(sum).toBeCloseTo(1, 12)
    }
    expect(met).toBe(entries)
  })

  it('survives a structured clone, and is refused where it was damaged', () => {
    const A = poisson2d(40)
    const b = normal(2, A.rows)
    const M = hierarchy(amg.sync(A))
    const before = cgSync(A, b, { preconditioner: M })
    expect(cgSync(A, b, { preconditioner: structuredClone(M) }).x).toEqual(before.x)
    const bad = (change: (copy: Amg) => void) => {
      const copy = structuredClone(M)
      change(copy)
      expect(() => cgSync(A, b, { preconditioner: copy })).toThrow(/cg/)
    }
    bad(copy => copy.levels.fill(7))
    bad(copy => copy.rowPointers.fill(1e6))
    bad(copy => copy.columnIndices.fill(2 ** 30))
    bad(copy => copy.values.fill(Number.NaN))
    bad(copy => copy.aggregates.fill(1e6))
    bad(copy => copy.coarse.fill(0))
    bad(copy => copy.inverseDiagonal.fill(-1))
    bad(copy => void Object.assign(copy, { finest: new Float32Array(3) }))
    bad(copy => void Object.assign(copy, { inverseDiagonal: new Float64Array(copy.inverseDiagonal) }))
  })
})

describe('update', () => {
  const first = diffusion2d(90, { variance: 1, seed: 1 })
  const second = first.withValues(diffusion2d(90, { variance: 1, seed: 2 }).values)

  it('of the same matrix is the hierarchy itself', async () => {
    const M = amg.sync(first)
    expect(await amg.update(M, first)).toEqual(M)
    expect(amg.updateSync(M, first)).toEqual(M)
  })

  it('serves the next matrix as well as a new hierarchy', () => {
    const b = normal(4, first.rows)
    const updated = amg.updateSync(amg.sync(first), second)
    const [kept, fresh] = [updated, amg.sync(second)].map(preconditioner => cgSync(second, b, { preconditioner }))
    expect(trueRelativeResidual(second, kept!.x, b)).toBeLessThanOrEqual(1.01e-8)
    expect(kept!.iterations).toBeLessThanOrEqual(fresh!.iterations + 4)
  })

  it('refuses another pattern', () => {
    const M = amg.sync(first)
    expect(() => amg.updateSync(M, poisson2d(90, 91))).toThrow(/amg.update/)
    expect(() => amg.updateSync(M, q1Laplacian2d(89))).toThrow(/amg.update/)
  })

  it('of what fell back builds anew', () => {
    const indefinite = Csr.fromTriplets(2, 2, [0, 1], [0, 1], [1, -1])
    const M = amg.sync(indefinite)
    expect(M.kind).toBe('jacobi')
    expect(amg.updateSync(M, Csr.fromTriplets(2, 2, [0, 1], [0, 1], [1, 1])).kind).toBe('amg')
  })
})

describe('options are checked', () => {
  const A: CsrData = poisson2d(6)
  it.each([
    { cycle: 'x' },
    { smoother: 'gauss' },
    { degree: 0 },
    { degree: 1.5 },
    { threshold: -1 },
    { coarsest: 0 },
    { blockSize: 5 },
    { precision: 'half' },
    { nullspace: 'linear' },
    { nearNullspace: { rows: 36, columns: 0, values: new Float64Array(0) } },
    { nearNullspace: [1, 2, 3] },
    { levels: 3 },
  ])('%o', options => {
    expect(() => amg.sync(A, options as AmgOptions)).toThrow(/amg/)
  })
})
