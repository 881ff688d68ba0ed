import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { type AmgOptions, amg } from '../../src/precondition/amg.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'

/** Iterations of CG to a true residual of 1e-8. */
function iterations(A: Csr, options: AmgOptions = {}, cg: object = {}): number {
  const b = normal(1, A.rows)
  const { x, iterations, converged } = cgSync(A, b, { preconditioner: amg(options), ...cg })
  expect(converged).toBe(true)
  expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
  return iterations
}

describe('amg on awkward matrices', () => {
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
