import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { ldlt, ldltSync } from '../../src/direct/ldlt.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { minresSync } from '../../src/krylov/minres.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { ict } from '../../src/precondition/ict.ts'
import type { Factor, Preconditioner } from '../../src/precondition/kinds.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { rowsOf } from '../support/matrices.ts'
import { generator, randomSpd } from '../support/random.ts'
import { diagonal, times, tridiagonal } from '../support/small.ts'

type Built = Factor & { readonly shift: number; readonly attempts: number }

function factor(M: Preconditioner): Built {
  expect(M).toMatchObject({ kind: 'factor', method: 'ict' })
  return M as Built
}

/** U^T D U as dense rows. */
function product({ upper, inverseDiagonal }: Factor): number[][] {
  const U = rowsOf(Csr.from(upper))
  U.forEach((row, i) => {
    row[i] = 1
  })
  return U.map((_, i) => U.map((_, j) => U.reduce((sum, row, k) => sum + (row[i]! * row[j]!) / inverseDiagonal[k]!, 0)))
}

const problems = [
  ['Poisson', poisson2d(9, 8)],
  ['diffusion', diffusion2d(9, { variance: 2, seed: 1 })],
  ['a random matrix', randomSpd(generator(3), 70)],
] as const

describe.each(problems)('on %s', (_, A) => {
  it('is A itself where nothing is dropped', async () => {
    const M = factor(
      await both(ict.sync, (a: Csr, o: object) => ict(a, o), A, {
        dropTolerance: 0,
        maxFill: Number.POSITIVE_INFINITY,
      }),
    )
    const wanted = rowsOf(A)
    const scale = Math.max(...A.values)
    for (const [i, row] of product(M).entries())
      for (const [j, value] of row.entries()) expect(Math.abs(value - wanted[i]![j]!) / scale).toBeLessThan(1e-13)
    expect([M.shift, M.attempts]).toEqual([0, 1])
  })

  it('keeps at most maxFill entries more per row than A has', () => {
    for (const maxFill of [0, 2, 7]) {
      const { rowPointers } = factor(ict.sync(A, { dropTolerance: 0, maxFill })).upper.pattern
      for (let i = 0; i < A.rows; i++) {
        const own = rowsOf(A)[i]!.filter((a, j) => j > i && a !== 0).length
        expect(rowPointers[i + 1]! - rowPointers[i]!).toBeLessThanOrEqual(own + maxFill)
      }
    }
  })

  it('has fewer entries for a larger tolerance, and row sums kept for omega = 1', () => {
    const sizes = [1e-4, 1e-2, 0.1].map(dropTolerance => factor(ict.sync(A, { dropTolerance })).upper.values.length)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    const M = ict.sync(A, { dropTolerance: 0.05, maxFill: 3, omega: 1 }) as Built & { omega: number }
    if (M.kind !== 'factor' || M.omega !== 1 || M.shift !== 0) return
    const sums = (rows: number[][]) => rows.map(row => row.reduce((sum, v) => sum + v, 0))
    const [found, wanted] = [sums(product(M)), sums(rowsOf(A))]
    const scale = Math.max(...A.values)
    found.forEach((sum, i) => void expect(Math.abs(sum - wanted[i]!) / scale).toBeLessThan(1e-12))
  })
})

describe('ict', () => {
  it('needs fewer iterations than ic0, the fewer the less it drops', () => {
    const A = diffusion2d(60, { contrast: 1e4, seed: 2 })
    const b = normal(1, A.rows)
    const iterations = [ic0, ict({ dropTolerance: 1e-2 }), ict, ict({ dropTolerance: 1e-4, maxFill: 40 })].map(
      preconditioner => cgSync(A, b, { preconditioner }).iterations,
    )
    expect(iterations).toEqual([...iterations].sort((p, q) => q - p))
    expect(iterations[2]).toBeLessThan(iterations[0]! / 2)
  })

  it('raises the shift where a pivot fails, and serves the diagonal where nothing helps', () => {
    const rows = [3, -2, 0, 2, -2, 3, -2, 0, 0, -2, 3, -2, 2, 0, -2, 3] // Kershaw's matrix
    const M = factor(ict.sync(Csr.fromDense({ rows: 4, columns: 4, values: Float64Array.from(rows) }), { maxFill: 0 }))
    expect(M.shift).toBeGreaterThan(0)
    expect(M.inverseDiagonal.every(d => d > 0)).toBe(true)
    expect(ict.sync(tridiagonal([1, 1, 1], [10, 10, 10])).kind).toBe('jacobi')
    expect(ict.sync(diagonal([1, -1])).kind).toBe('jacobi')
    expect(ict.sync(Csr.fromTriplets(2, 2, [0, 1], [1, 0], [1, 1])).kind).toBe('jacobi')
    expect(factor(ict.sync(Csr.fromTriplets(0, 0, [], [], []))).upper.values.length).toBe(0)
  })

  it.each([1e-300, 1e-150, 1e150, 1e300])('does not mind the size of A: %d', scale => {
    const M = factor(ict.sync(times(poisson2d(6), scale)))
    const wanted = factor(ict.sync(poisson2d(6))).upper.values
    expect(M.upper.values.length).toBe(wanted.length)
    M.upper.values.forEach((value, at) => void expect(value).toBeCloseTo(wanted[at]!, 13))
  })

  it('refuses options that make no sense', () => {
    const A = poisson2d(3)
    for (const options of [{ maxFill: -1 }, { maxFill: 1.5 }, { dropTolerance: -1 }, { omega: 2 }, { shift: -1 }])
      expect(() => ict.sync(A, options)).toThrow(/must be/)
    expect(() => ict({ maxfill: 3 } as object)).toThrow(/maxFill/)
  })
})

describe('ldlt as a preconditioner', () => {
  it('solves in one or two iterations, as a recipe and built, and is symmetric', () => {
    const A = delaunayLaplacian(300, { seed: 1 })
    const b = normal(2, A.rows)
    for (const preconditioner of [
      ldltSync(A, { library: 'own' }),
      structuredClone({ ...ldltSync(A, { library: 'own' }) }),
      ldlt,
    ]) {
      const { iterations, converged } = cgSync(A, b, { preconditioner })
      expect(converged).toBe(true)
      expect(iterations).toBeLessThanOrEqual(2)
    }
  })

  it('applies with |D|, so that minres needs three iterations on an indefinite matrix', () => {
    const P = poisson2d(12)
    const A = P.withValues(P.values.map(a => (a === 4 ? 2.3 : a)))
    const F = ldltSync(A, { library: 'own' })
    expect(F.inertia.negative).toBeGreaterThan(10)
    const { iterations, converged } = minresSync(A, normal(4, A.rows), { preconditioner: F })
    expect(converged).toBe(true)
    expect(iterations).toBeLessThanOrEqual(3)
  })
})
