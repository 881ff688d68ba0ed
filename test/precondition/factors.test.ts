import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import type { Factor, Preconditioner } from '../../src/precondition/kinds.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { ssor } from '../../src/precondition/ssor.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { denseOf, rowsOf, shuffled } from '../support/matrices.ts'
import { densely } from '../support/problems.ts'
import { diagonal, times, tridiagonal, withEigenvalues } from '../support/small.ts'

interface Built extends Factor {
  readonly shift: number
  readonly omega: number
  readonly attempts: number
}

function factor(M: Preconditioner): Built {
  expect(M.kind).toBe('factor')
  return M as Built
}

/** L = U^T D^1/2 as dense rows: U unit upper triangular, its strict part stored. */
function lower({ upper, inverseDiagonal }: Factor): number[][] {
  const U = rowsOf(Csr.from(upper))
  const root = (i: number) => 1 / Math.sqrt(inverseDiagonal[i]!)
  return denseOf(inverseDiagonal.length, (i, j) => (i === j ? root(i) : i > j ? U[j]![i]! * root(j) : 0))
}

function product(L: number[][]): number[][] {
  return denseOf(L.length, (i, j) => L[i]!.reduce((sum, l, k) => sum + l * L[j]![k]!, 0))
}

const onPattern = (A: Csr, test: (i: number, j: number, a: number) => void) => {
  for (let i = 0; i < A.rows; i++)
    for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++)
      test(i, A.pattern.columnIndices[k]!, A.values[k]!)
}

const mMatrices = [
  ['Poisson', poisson2d(6, 5)],
  ['diffusion', diffusion2d(6, { variance: 1, seed: 1 })],
  ['a Delaunay mesh', delaunayLaplacian(40, { seed: 2 })],
  ['shuffled Poisson', shuffled(poisson2d(6), uniform(1, 36))],
] as const

describe.each(mMatrices)('on %s', (_, A) => {
  it('IC(0) equals A on its pattern', async () => {
    const built = factor(ic0.sync(A))
    expect([built.shift, built.omega, built.attempts]).toEqual([0, 0, 1])
    const LLt = product(lower(built))
    onPattern(A, (i, j, a) => void expect(LLt[i]![j]).toBeCloseTo(a, 10 - Math.ceil(Math.log10(Math.abs(a) + 1))))
    expect(await ic0(A)).toEqual(built)
  })

  it('a shift is added to the diagonal, relative to it', () => {
    const LLt = product(lower(factor(ic0.sync(A, { shift: 0.25 }))))
    onPattern(A, (i, j, a) => void expect(LLt[i]![j]! / (i === j ? 1.25 * a : a)).toBeCloseTo(1, 10))
  })

  it('MIC keeps the row sums: L L^T e = A e', () => {
    const { omega, shift, ...built } = factor(ric0.sync(A, { omega: 1 }))
    expect([omega, shift]).toEqual([1, 0])
    const LLt = product(lower({ ...built }))
    const Ae = densely(A, new Float64Array(A.rows).fill(1))
    const scale = Math.max(...A.values)
    LLt.forEach((row, i) => void expect((row.reduce((a, b) => a + b, 0) - Ae[i]!) / scale).toBeCloseTo(0, 12))
  })

  it('RIC(omega) lies between: off the diagonal it equals A, on it omega times the fill is missing', () => {
    const [none, half] = [0, 0.5].map(omega => product(lower(factor(ric0.sync(A, { omega })))))
    const ic = product(lower(factor(ic0.sync(A))))
    const fill = half!.map((row, i) => row.reduce((sum, v, j) => sum + (isStored(A, i, j) ? 0 : v), 0))
    onPattern(A, (i, j, a) => {
      expect(none![i]![j]).toBeCloseTo(ic[i]![j]!, 12)
      expect(half![i]![j]! / (i === j ? a - 0.5 * fill[i]! : a)).toBeCloseTo(1, 10)
    })
  })

  it.each([0.3, 1, 1.7])('SSOR(%d) equals (D + wL) D^-1 (D + wL)^T / (w (2 - w))', omega => {
    const { values } = A.toDense()
    const n = A.rows
    const half = denseOf(n, (i, j) => (i === j ? values[i * n + i]! : i > j ? omega * values[i * n + j]! : 0))
    const expected = denseOf(n, (i, j) => {
      const sum = half[i]!.reduce((total, l, k) => total + (l * half[j]![k]!) / values[k * n + k]!, 0)
      return sum / (omega * (2 - omega))
    })
    const found = product(lower(factor(ssor.sync(A, { omega }))))
    const scale = Math.max(...A.values)
    const worst = Math.max(...found.flatMap((row, i) => row.map((v, j) => Math.abs(v - expected[i]![j]!))))
    expect(worst / scale).toBeLessThan(1e-12)
  })
})

function isStored(A: Csr, i: number, j: number): boolean {
  return A.pattern.columnIndices.subarray(A.pattern.rowPointers[i]!, A.pattern.rowPointers[i + 1]!).includes(j)
}

describe('incomplete Cholesky', () => {
  it('is complete on a tridiagonal matrix, and on a dense one', () => {
    for (const A of [tridiagonal([4, 5, 6, 5, 4], [1, -2, 1, 2]), withEigenvalues([1, 2, 3, 50, 1e3])])
      for (const built of [ic0.sync(A), ric0.sync(A, { omega: 1 })]) {
        const LLt = product(lower(factor(built)))
        onPattern(A, (i, j, a) => void expect(LLt[i]![j]).toBeCloseTo(a, 9))
      }
  })

  it('raises the shift until every pivot is positive', () => {
    const H = hardButDefinite()
    const built = factor(ic0.sync(H))
    expect([built.shift > 0, built.attempts > 1]).toEqual([true, true])
    expect(Math.log2(built.shift / 1e-3) % 1).toBeCloseTo(0, 12)
    expectPositive(built)
  })

  it('drops the relaxation where no shift saves it, and serves the diagonal where nothing does', () => {
    const A = tridiagonal([1, 1, 1], [10, 10, 10])
    for (const recipe of [ic0, ric0]) expect(recipe.sync(A).kind).toBe('jacobi')
    expect(ic0.sync(diagonal([1, -1, 2])).kind).toBe('jacobi')
    expect(ic0.sync(diagonal([1, 0, 2])).kind).toBe('jacobi')
    expect(ssor.sync(diagonal([1, 0, 2])).kind).toBe('jacobi')
    expect(ssor.sync(Csr.fromTriplets(2, 2, [0, 1], [1, 0], [1, 1])).kind).toBe('jacobi')
  })

  it.each([1e-300, 1e-150, 1, 1e150, 1e300])('does not mind the size of A: %d', scale => {
    const A = times(poisson2d(5), scale)
    const built = factor(ric0.sync(A))
    expect(built.attempts).toBe(1)
    expectPositive(built)
    expect(cgSync(A, new Float64Array(25).fill(scale), { preconditioner: built }).iterations).toBe(
      cgSync(poisson2d(5), new Float64Array(25).fill(1), { preconditioner: ric0 }).iterations,
    )
  })

  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'never hands out a pivot that is not positive (seed %i)',
    seed => {
      const n = 24
      const u = uniform(seed, n * n)
      const values = normal(seed, n * n)
      const [i, j, a]: [number[], number[], number[]] = [[], [], []]
      for (let row = 0; row < n; row++)
        for (let column = 0; column <= row; column++) {
          if (row !== column && u[row * n + column]! > 0.3) continue
          const value = row === column ? 0.5 + 3 * u[row * n + column]! : values[row * n + column]!
          i.push(row, ...(row === column ? [] : [column]))
          j.push(column, ...(row === column ? [] : [row]))
          a.push(value, ...(row === column ? [] : [value]))
        }
      const A = Csr.fromTriplets(n, n, i, j, a)
      const built = [ic0.sync(A), ...[0.9, 1].map(omega => ric0.sync(A, { omega })), ssor.sync(A, { omega: 1.9 })]
      for (const M of built) {
        if (M.kind === 'factor') expectPositive(M)
        else expect(M.kind).toBe('jacobi')
      }
    },
  )
})

function expectPositive({ inverseDiagonal, upper }: Factor): void {
  expect(inverseDiagonal.every(d => d > 0 && d < Number.POSITIVE_INFINITY)).toBe(true)
  expect(upper.values.every(Number.isFinite)).toBe(true)
}

/** Kershaw's matrix: positive definite, and IC(0) without a shift meets a negative pivot. */
function hardButDefinite(): Csr {
  const rows = [
    [3, -2, 0, 2],
    [-2, 3, -2, 0],
    [0, -2, 3, -2],
    [2, 0, -2, 3],
  ]
  return Csr.fromDense({ rows: 4, columns: 4, values: Float64Array.from(rows.flat()) })
}
