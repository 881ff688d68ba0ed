import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { ldlt as factor, ldltSync as factorSync, type LdltOptions } from '../../src/direct/ldlt.ts'
import { solveWith, solveWithSync } from '../../src/direct/solve-with.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { filledColumns, negativeEigenvalues, rowsOfL } from '../support/elimination.ts'
import { shuffled } from '../support/matrices.ts'
import { densely, gallery, norm, trueRelativeResidual } from '../support/problems.ts'
import { generator, randomSpd } from '../support/random.ts'
import { diagonal, times, tridiagonal, withEigenvalues } from '../support/small.ts'

/* Our own factorization, whatever is installed. */
const own = (options: LdltOptions = {}) => ({ ...options, library: 'own' as const })
const ldlt = (A: Csr, options?: LdltOptions) => factor(A, own(options))
const ldltSync = (A: Csr, options?: LdltOptions) => factorSync(A, own(options))

const shift = (A: Csr, by: number): Csr =>
  A.withValues(A.values.map((a, at) => a - (at === diagonalAt(A, at) ? by : 0)))
function diagonalAt({ pattern }: Csr, at: number): number {
  let i = 0
  while (pattern.rowPointers[i + 1]! <= at) i++
  return pattern.columnIndices[at] === i ? at : -1
}

const regular = gallery.filter(({ tag }) => tag !== 'semidefinite' && tag !== 'nonsymmetric')

describe.each(regular)('$name', ({ A, b, tag }) => {
  it('is solved to rounding, in both forms to the same bits', async () => {
    const F = await both(ldltSync, ldlt, A)
    const { x, ...report } = await both(solveWithSync, solveWith, F, b)
    expect(report.converged).toBe(true)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1e-12)
    expect(report.relativeResidual).toBeCloseTo(trueRelativeResidual(A, x, b), 12)
    expect(F.positiveDefinite).toBe(tag === 'spd')
  })

  it('has as many negative pivots as eigenvalues below zero', () => {
    const { inertia, ok } = ldltSync(A)
    expect(ok).toBe(true)
    expect(inertia.zero).toBe(0)
    expect(inertia.negative).toBe(negativeEigenvalues(A))
  })
})

describe('blocks of right-hand sides', () => {
  it.each([1, 2, 7, 16])('of %i columns are solved as each alone', async s => {
    const A = delaunayLaplacian(300, { seed: 1 })
    const B = dense(A.rows, s, normal(3, A.rows * s))
    const F = ldltSync(A)
    const block = solveWithSync(F, B)
    expect((await solveWith(F, B)).x).toEqual(block.x)
    expect([block.converged, block.columns.length]).toEqual([true, s])
    for (let c = 0; c < s; c++) {
      const pick = (values: Float64Array) => Float64Array.from({ length: A.rows }, (_, i) => values[i * s + c]!)
      expect(trueRelativeResidual(A, pick(block.x.values), pick(B.values))).toBeLessThan(1e-12)
      const alone = solveWithSync(F, pick(B.values)).x
      expect(norm(alone.map((x, i) => x - block.x.values[i * s + c]!))).toBeLessThanOrEqual(1e-11 * norm(alone))
    }
  })

  it('may hold a zero column', () => {
    const F = ldltSync(poisson2d(4))
    const values = new Float64Array(32)
    values[1] = 1
    const { x, columns, converged } = solveWithSync(F, dense(16, 2, values))
    expect(converged).toBe(true)
    expect(columns[0]).toMatchObject({ residualNorm: 0, relativeResidual: 0 })
    expect(x.values.filter((_, at) => at % 2 === 0).every(v => v === 0)).toBe(true)
  })
})

describe('the factor', () => {
  const problems = [
    poisson2d(11, 7),
    poisson3d(5),
    diffusion2d(12, { variance: 1, seed: 1 }),
    randomSpd(generator(1), 90),
  ]

  it.each(problems.map((A, k) => [k, A] as const))('of problem %i is S A S = P^T L D L^T P', (_, A) => {
    const F = ldltSync(A)
    const n = A.rows
    const L = rowsOfL(F)
    const { values } = A.toDense()
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let k = 0; k <= j; k++) sum += L[i]![k]! * F.diagonal[k]! * L[j]![k]!
        const [p, q] = [F.order[i]!, F.order[j]!]
        expect(Math.abs(sum - values[p * n + q]! * F.scale[p]! * F.scale[q]!)).toBeLessThan(1e-13)
      }
  })

  it.each(problems.map((A, k) => [k, A] as const))(
    'of problem %i has the entries that elimination fills in',
    (_, A) => {
      const { order, entries, memory, flops } = ldltSync(A)
      const counts = filledColumns(A, order)
      expect(entries).toBe(counts.reduce((sum, c) => sum + c, 0))
      expect(flops).toBeGreaterThanOrEqual(counts.reduce((sum, c) => sum + c * c, 0))
      expect(memory).toBeGreaterThan(8 * entries)
    },
  )

  it('is smaller in its order than in the natural one, or backwards', () => {
    for (const A of [poisson2d(30), poisson3d(9), delaunayLaplacian(900, { seed: 4 })]) {
      const natural = filledColumns(
        A,
        Int32Array.from({ length: A.rows }, (_, i) => i),
      )
      expect(ldltSync(A).entries).toBeLessThan(0.75 * natural.reduce((sum, c) => sum + c, 0))
    }
  })

  it('does not depend much on how A is numbered', () => {
    const A = poisson2d(40)
    const entries = [1, 2, 3].map(seed => ldltSync(shuffled(A, uniform(seed, A.rows))).entries)
    expect(Math.max(...entries)).toBeLessThan(1.25 * ldltSync(A).entries)
  })

  it('knows its determinant', () => {
    expect(ldltSync(diagonal([1, 2, 4])).logDeterminant).toBeCloseTo(Math.log(8), 14)
    const eigenvalues = [1, -2, 30, 4, 500]
    const F = ldltSync(withEigenvalues(eigenvalues))
    expect(F.logDeterminant).toBeCloseTo(Math.log(eigenvalues.reduce((p, e) => p * Math.abs(e), 1)), 10)
    expect(F.inertia).toEqual({ positive: 4, negative: 1, zero: 0 })
    expect(ldltSync(diagonal([1, 0])).logDeterminant).toBe(Number.NEGATIVE_INFINITY)
  })

  it('keeps order and symbolic part for all matrices of one pattern', () => {
    const A = poisson2d(20)
    const [F, G] = [ldltSync(A), ldltSync(A.withValues(A.values.map(a => 3 * a)))]
    expect(G.order).toBe(F.order)
    expect(G.rows).toBe(F.rows)
    expect(ldltSync(poisson2d(20)).order).toEqual(F.order)
  })
})

describe('what is small or strange', () => {
  it('no unknowns, and one', () => {
    const empty = ldltSync(Csr.fromTriplets(0, 0, [], [], []))
    expect(empty).toMatchObject({ ok: true, entries: 0, inertia: { positive: 0, negative: 0, zero: 0 } })
    expect(solveWithSync(empty, new Float64Array(0)).x.length).toBe(0)
    expect(solveWithSync(ldltSync(diagonal([-4])), [2]).x).toEqual(Float64Array.of(-0.5))
  })

  it('diagonal, and in pieces', () => {
    const d = [1, -3, 1e-8, 5e7]
    expect(solveWithSync(ldltSync(diagonal(d)), [1, 1, 1, 1]).x).toEqual(Float64Array.from(d, v => 1 / v))
    const pieces = Csr.fromTriplets(
      5,
      5,
      [0, 0, 1, 1, 2, 3, 3, 4, 4],
      [0, 3, 1, 4, 2, 0, 3, 1, 4],
      [2, 1, 3, 1, 4, 1, 2, 1, 3],
    )
    const b = [1, 2, 3, 4, 5]
    expect(trueRelativeResidual(pieces, solveWithSync(ldltSync(pieces), b).x, Float64Array.from(b))).toBeLessThan(1e-15)
  })

  it('a dense row, and a dense matrix', () => {
    const n = 400
    const at = Array.from({ length: n }, (_, i) => i)
    const rest = at.slice(1)
    const arrow = Csr.fromTriplets(
      n,
      n,
      [...at, ...rest, ...rest.map(() => 0)],
      [...at, ...rest.map(() => 0), ...rest],
      [2 * n, ...rest.map(() => 3), ...rest.map(() => 1), ...rest.map(() => 1)],
    )
    expect(ldltSync(arrow).entries).toBe(2 * n - 1)
    const full = withEigenvalues(Array.from({ length: 150 }, (_, i) => 1 + i))
    const b = normal(1, 150)
    expect(trueRelativeResidual(full, solveWithSync(ldltSync(full), b).x, b)).toBeLessThan(1e-13)
  })

  it('a pattern that is not symmetric, where the values are', () => {
    const A = Csr.fromTriplets(3, 3, [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 2], [2, 1, 1, 2, 0, 1])
    expect(solveWithSync(ldltSync(A), [3, 3, 1]).x).toEqual(Float64Array.of(1, 1, 1))
  })

  it.each([1e-300, 1e-150, 1e150, 1e300])('entries of size %d', size => {
    const A = times(poisson2d(6), size)
    const F = ldltSync(A)
    expect(F).toMatchObject({ ok: true, positiveDefinite: true, pivotGrowth: 1 })
    const b = densely(A, normal(1, 36))
    const { x, converged } = solveWithSync(F, b)
    expect(converged).toBe(true)
    expect(norm(x.map((v, i) => v - normal(1, 36)[i]!))).toBeLessThan(1e-12)
  })

  it('rows of very different size', () => {
    const P = poisson2d(7)
    const s = normal(5, 49).map(v => 10 ** (4 * v))
    const { rowPointers, columnIndices } = P.pattern
    const values = P.values.slice()
    for (let i = 0; i < 49; i++)
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) values[k]! *= s[i]! * s[columnIndices[k]!]!
    const F = ldltSync(P.withValues(values))
    expect(F).toMatchObject({ ok: true, positiveDefinite: true })
  })
})

describe('limits', () => {
  it('of memory are kept before anything is taken', () => {
    const A = poisson2d(40)
    const { memory } = ldltSync(A)
    expect(() => ldltSync(A, { maxMemory: memory })).toThrow(/ERR_MEMORY|would take/)
    expect(() => ldltSync(A, { maxMemory: -1 })).toThrow(/maxMemory/)
    expect(ldltSync(A, { maxMemory: 3 * memory }).ok).toBe(true)
  })

  it.each([poisson3d(20), delaunayLaplacian(20_000, { seed: 2 })])('an aborted call rejects at once (%#)', async A => {
    const stop = new AbortController()
    const running = ldlt(A, { signal: stop.signal })
    await new Promise(resolve => setTimeout(resolve, 3))
    stop.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
  })

  it('of what is no matrix, or no factor', () => {
    expect(() => ldltSync(Csr.fromTriplets(2, 3, [0], [0], [1]))).toThrow(/square/)
    expect(() => ldltSync(Csr.fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 1, 1]))).toThrow(/symmetric/)
    const F = ldltSync(poisson2d(3))
    const b = new Float64Array(9)
    const spoilt = (change: object) => () => solveWithSync({ ...F, ...change } as typeof F, b)
    expect(spoilt({ order: F.order.map(() => 0) })).toThrow(/order/)
    expect(spoilt({ rows: F.rows.map(i => i + 1) })).toThrow(/rows/)
    expect(spoilt({ values: F.values.slice(1) })).toThrow(/values/)
    expect(spoilt({ diagonal: F.diagonal.map(() => 0) })).toThrow(/diagonal/)
    expect(spoilt({ starts: new Int32Array(1) })).toThrow(/starts/)
    expect(spoilt({ kind: 'lu' })).toThrow(/F must be/)
    expect(() => solveWithSync(F, new Float64Array(8))).toThrow(/9 long/)
    expect(solveWithSync(structuredClone({ ...F, matrix: { ...F.matrix } }) as typeof F, b.fill(1)).converged).toBe(
      true,
    )
  })
})

describe('honesty', () => {
  it('a singular matrix is not ok, and its system is solved only where it can be', () => {
    const A = tridiagonal([1, 2, 2, 1], [-1, -1, -1])
    const F = ldltSync(A)
    expect(F).toMatchObject({ ok: false, positiveDefinite: false, inertia: { positive: 3, negative: 0, zero: 1 } })
    const impossible = solveWithSync(F, [1, 1, 1, 1])
    expect([impossible.converged, impossible.reason]).toEqual([false, 'stagnated'])
    const b = densely(A, Float64Array.of(1, -2, 3, 5))
    const possible = solveWithSync(F, b)
    expect(possible.converged).toBe(true)
    expect(trueRelativeResidual(A, possible.x, b)).toBeLessThanOrEqual(1e-8)
  })

  it('missing and zero diagonal entries are either solved or told', () => {
    const saddle = Csr.fromTriplets(3, 3, [0, 0, 1, 1, 2, 2, 2], [0, 2, 1, 2, 0, 1, 2], [2, 1, 3, 1, 1, 1, 0])
    const missing = Csr.fromTriplets(2, 2, [0, 1], [1, 0], [1, 1])
    for (const A of [saddle, missing]) {
      const b = densely(
        A,
        Float64Array.from({ length: A.rows }, (_, i) => i + 1),
      )
      const { x, converged } = solveWithSync(ldltSync(A), b)
      expect(converged).toBe(trueRelativeResidual(A, x, b) <= 1e-8)
    }
    expect(ldltSync(missing).ok).toBe(false)
    const zero = ldltSync(Csr.fromTriplets(3, 3, [], [], []))
    expect(zero).toMatchObject({ ok: false, inertia: { zero: 3 } })
    expect(solveWithSync(zero, [1, 0, 0]).converged).toBe(false)
  })

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'a random indefinite matrix is solved or told (seed %i)',
    seed => {
      const A = shift(randomSpd(generator(seed), 60), 2 + seed / 10)
      const b = normal(seed, 60)
      const { x, converged, relativeResidual } = solveWithSync(ldltSync(A), b)
      expect(relativeResidual).toBeCloseTo(trueRelativeResidual(A, x, b), 10)
      expect(converged).toBe(relativeResidual <= 1e-8)
      expect(x.every(Number.isFinite)).toBe(true)
    },
  )

  it('a small pivot shows as growth', () => {
    const A = Csr.fromDense({ rows: 2, columns: 2, values: Float64Array.of(1e-10, 1, 1, 1e-10) })
    const F = ldltSync(A)
    expect(F.ok).toBe(false)
    expect(F.pivotGrowth).toBeGreaterThan(1e9)
    const { x } = solveWithSync(F, [1, 2])
    expect(x[0]).toBeCloseTo(2, 6)
  })
})
