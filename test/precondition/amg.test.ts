import { describe, expect, it } from 'vitest'
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
import { densely, trueRelativeResidual } from '../support/problems.ts'

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
    const counts = [64, 128, 256].map(nx => iterations(poisson2d(nx)))
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

  it('of the K-cycle are no more', () => {
    const A = poisson2d(130)
    const counts = (['v', 'k'] as const).map(cycle => iterations(A, { cycle, coarsest: 40 }, { flexible: true }))
    expect(counts[1]).toBeLessThanOrEqual(counts[0]!)
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
    expect(sizes(hierarchy(amg.sync(A)))).toEqual([100])
    expect(iterations(A)).toBeLessThanOrEqual(2)
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

describe('awkward matrices', () => {
  const arrow = (n: number): Csr => {
    const i = [0]
    const j = [0]
    const a = [n]
    for (let k = 1; k < n; k++) {
      i.push(k, 0, k)
      j.push(k, k, 0)
      a.push(2, 1, 1)
    }
    return Csr.fromTriplets(n, n, i, j, a)
  }
  const scaledRows = (A: Csr, scale: (i: number) => number): Csr => {
    const values = A.values.slice()
    for (let i = 0; i < A.rows; i++)
      for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++)
        values[k]! *= scale(i) * scale(A.pattern.columnIndices[k]!)
    return A.withValues(values)
  }
  const apart = (A: Csr, B: Csr): Csr => {
    const triplets: [number[], number[], number[]] = [[], [], []]
    ;[A, B].forEach((M, part) => {
      for (let i = 0; i < M.rows; i++)
        for (let k = M.pattern.rowPointers[i]!; k < M.pattern.rowPointers[i + 1]!; k++) {
          triplets[0].push(i + part * A.rows)
          triplets[1].push(M.pattern.columnIndices[k]! + part * A.rows)
          triplets[2].push(M.values[k]!)
        }
    })
    return Csr.fromTriplets(A.rows + B.rows, A.rows + B.rows, ...triplets)
  }
  const diagonalOnly = (n: number): Csr =>
    Csr.fromTriplets(
      n,
      n,
      Array.from({ length: n }, (_, i) => i),
      Array.from({ length: n }, (_, i) => i),
      Array.from({ length: n }, (_, i) => 1 + (i % 7)),
    )

  it.each([
    ['an arrow', arrow(3000), 30],
    ['a diagonal', diagonalOnly(1000), 12],
    ['two grids', apart(poisson2d(50), poisson2d(40)), 14],
    ['a grid and a diagonal', apart(poisson2d(50), diagonalOnly(3000)), 16],
    ['couplings of either sign', flipped(poisson2d(60)), 20],
    ['rows scaled by up to 1e3', scaledRows(poisson2d(50), i => 10 ** (3 * ((i * 0.618) % 1))), 400],
    ['1 x 1', diagonalOnly(1), 1],
    ['2 x 2', Csr.fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [2, -1, -1, 2]), 2],
  ] as const)('%s', (_, A, most) => {
    expect(iterations(A)).toBeLessThanOrEqual(most)
    expect(iterations(A, { coarsest: 1 })).toBeLessThanOrEqual(2 * most)
  })

  it('no unknowns at all', () => {
    const A = Csr.fromTriplets(0, 0, [], [], [])
    expect(amg.sync(A).kind).toBe('amg')
    expect(cgSync(A, [], { preconditioner: amg }).converged).toBe(true)
  })

  it('singular ones: constants, once or on each of two parts', () => {
    for (const A of [randomGraphLaplacian(3000, { degree: 4, seed: 2 }), neumann(60)])
      for (const options of [{}, { nullspace: 'constant' as const }]) {
        const b = densely(A, normal(5, A.rows))
        const solution = cgSync(A, b, { preconditioner: amg(options), nullspace: 'constant' })
        expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.01e-8)
        expect(solution.iterations).toBeLessThanOrEqual(30)
      }
    const A = apart(neumann(40), neumann(30))
    const b = densely(A, normal(6, A.rows))
    expect(trueRelativeResidual(A, cgSync(A, b, { preconditioner: amg }).x, b)).toBeLessThanOrEqual(1.01e-8)
  })

  it('that are not positive definite get the diagonal', () => {
    const kinds = [
      Csr.fromTriplets(2, 2, [0, 1], [0, 1], [1, 0]),
      Csr.fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 2, 1]),
      Csr.fromTriplets(2, 2, [0, 1], [1, 0], [1, 1]),
      scaledRows(poisson2d(30), () => 1).withValues(poisson2d(30).values.map(a => -a)),
    ].map(A => amg.sync(A).kind)
    expect(kinds).toEqual(['jacobi', 'jacobi', 'jacobi', 'jacobi'])
  })
})

/** The Laplacian of a grid with nothing fixed. */
function neumann(nx: number): Csr {
  const A = poisson2d(nx)
  const { rowPointers, columnIndices } = A.pattern
  const values = A.values.slice()
  for (let i = 0; i < A.rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++)
      if (columnIndices[k] === i) values[k] = rowPointers[i + 1]! - rowPointers[i]! - 1
  return A.withValues(values)
}

/** D A D with D = +-1: couplings of either sign. */
function flipped(A: Csr): Csr {
  const sign = (i: number) => (Math.floor(i / 30) % 2 === 0 ? 1 : -1)
  const values = A.values.slice()
  for (let i = 0; i < A.rows; i++)
    for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++)
      values[k]! *= sign(i) * sign(A.pattern.columnIndices[k]!)
  return A.withValues(values)
}

describe('options are checked', () => {
  const A: CsrData = poisson2d(6)
  it.each([
    { cycle: 'w' },
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
