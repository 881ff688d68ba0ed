import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { describe as describeThing } from '../../src/describe.ts'
import type { Lu } from '../../src/direct/kinds.ts'
import { ldltSync } from '../../src/direct/ldlt.ts'
import { solveWith, solveWithSync } from '../../src/direct/solve-with.ts'
import { ilut } from '../../src/precondition/ilut.ts'
import { lu } from '../../src/precondition/lu.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { both } from '../support/both.ts'
import { densely, gallery, norm, trueRelativeResidual } from '../support/problems.ts'
import { readSparse } from '../support/real-matrices.ts'
import { sharedOrSkip } from '../support/shared-data.ts'
import { diagonal, times } from '../support/small.ts'

/** ||b - A x|| / (||A|| ||x||), ||A|| the largest sum of a row. */
function error(A: Csr, x: Float64Array, b: Float64Array): number {
  const size = Math.max(...densely(A.withValues(A.values.map(Math.abs)), new Float64Array(A.columns).fill(1)))
  return (trueRelativeResidual(A, x, b) * norm(b)) / (size * norm(x))
}

const A = convectionDiffusion2d(18, { diffusion: 0.01, angle: 0.5 })
const column = (values: Float64Array, s: number, c: number) => values.filter((_, at) => at % s === c)

describe.each(gallery.filter(({ tag }) => tag !== 'semidefinite'))('$name', ({ A, b }) => {
  it('is solved to rounding, in both forms to the same bits', async () => {
    const F = await both(lu.sync, lu as (M: Csr) => Promise<Lu>, A)
    expect([F.ok, F.zeroPivots]).toEqual([true, 0])
    const { x, ...report } = await both(solveWithSync, solveWith, F, b)
    expect(report.converged).toBe(true)
    expect(report.backwardError).toBeLessThanOrEqual(1e-14)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1e-12)
    expect(report.relativeResidual).toBeCloseTo(trueRelativeResidual(A, x, b), 12)
  })
})

it('solves all real matrices that are not symmetric to rounding', async context => {
  const files = readdirSync(sharedOrSkip(context, 'nonsym')).filter(file => !/_rhs\d?\.mtx/.test(file))
  expect(files.length).toBe(29)
  for (const file of files) {
    const M = await readSparse(`nonsym/${file}`)
    const F = lu.sync(M)
    for (const b of [densely(M, new Float64Array(M.rows).fill(1)), normal(1, M.rows)]) {
      const { x, converged } = solveWithSync(F, b)
      expect([file, error(M, x, b) <= 1e-12]).toEqual([file, true])
      expect([file, converged]).toEqual([file, trueRelativeResidual(M, x, b) <= 1.001e-8])
    }
  }
})

describe('blocks of right-hand sides', () => {
  it.each([1, 2, 7, 16])('of %i columns are solved as each alone', async s => {
    const B = dense(A.rows, s, normal(3, A.rows * s))
    const F = lu.sync(A)
    const block = solveWithSync(F, B)
    expect((await solveWith(F, B)).x).toEqual(block.x)
    expect([block.converged, block.columns.length]).toEqual([true, s])
    for (let c = 0; c < s; c++) {
      const [x, b] = [column(block.x.values, s, c), column(B.values, s, c)]
      expect(error(A, x, b)).toBeLessThan(1e-14)
      const alone = solveWithSync(F, b).x
      expect(norm(alone.map((v, i) => v - x[i]!))).toBeLessThanOrEqual(1e-12 * norm(alone))
    }
  })

  it('may hold a zero column, and do not depend on the number of threads', () => {
    const values = normal(4, 3 * A.rows).map((v, at) => (at % 3 === 1 ? 0 : v))
    const F = lu.sync(A)
    const [one, two] = [1, 2].map(threads => solveWithSync(F, dense(A.rows, 3, values), { threads }))
    expect(two!.x).toEqual(one!.x)
    expect(one!.columns[1]).toMatchObject({ converged: true, residualNorm: 0 })
    expect(column(one!.x.values, 3, 1).every(v => v === 0)).toBe(true)
  })

  it('end soon after an abort', async () => {
    const M = convectionDiffusion2d(60)
    const stop = new AbortController()
    const running = solveWith(lu.sync(M), dense(M.rows, 300, normal(1, 300 * M.rows)), { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('enough')), 3)
    await expect(running).rejects.toThrow('enough')
  })
})

describe('units', () => {
  it.each([1e-300, 1e-150, 1e150, 1e300])('entries of size %d', size => {
    const M = times(A, size)
    const y = normal(1, A.rows)
    const { x, converged } = solveWithSync(lu.sync(M), densely(M, y))
    expect(converged).toBe(true)
    expect(norm(x.map((v, i) => v - y[i]!))).toBeLessThan(1e-11 * norm(y))
  })

  it('rows and columns in units of their own', () => {
    const [r, c] = [2, 3].map(seed => normal(seed, A.rows).map(v => 10 ** Math.round(5 * v)))
    const { rowPointers, columnIndices } = A.pattern
    const values = A.values.slice()
    for (let i = 0; i < A.rows; i++)
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) values[k]! *= r![i]! * c![columnIndices[k]!]!
    const M = A.withValues(values)
    const F = lu.sync(M)
    expect(F.ok).toBe(true)
    const y = c!.map(unit => 1 / unit)
    const { x } = solveWithSync(F, densely(M, y))
    expect(Math.max(...x.map((v, i) => Math.abs(v * c![i]! - 1)))).toBeLessThan(1e-9)
  })
})

describe('what is small or strange', () => {
  it('no unknowns, one, and a permutation', () => {
    const empty = lu.sync(Csr.fromTriplets(0, 0, [], [], []))
    expect([empty.ok, solveWithSync(empty, []).converged]).toEqual([true, true])
    expect(solveWithSync(lu.sync(diagonal([-4])), [2]).x).toEqual(Float64Array.of(-0.5))
    const P = Csr.fromTriplets(3, 3, [0, 1, 2], [2, 0, 1], [0.5, 1, 8])
    expect(solveWithSync(lu.sync(P), [1, 2, 4]).x).toEqual(Float64Array.of(2, 0.5, 2))
  })

  it('a singular matrix is not ok, and its system is solved only where it can be', () => {
    const M = Csr.fromTriplets(4, 4, [0, 0, 1, 1, 3], [0, 1, 0, 1, 3], [1, 2, 2, 4, 1])
    const F = lu.sync(M)
    expect([F.ok, F.zeroPivots]).toEqual([false, 2])
    expect(solveWithSync(F, [1, 0, 0, 1])).toMatchObject({ converged: false, reason: 'stagnated' })
    const b = Float64Array.of(1, 2, 0, 1)
    const { x, converged } = solveWithSync(F, b)
    expect([converged, trueRelativeResidual(M, x, b) <= 1e-15]).toEqual([true, true])
    const block = solveWithSync(F, dense(4, 2, [1, 1, 2, 0, 0, 0, 1, 1]))
    expect(block.columns.map(report => report.reason)).toEqual(['converged', 'stagnated'])
  })

  it('a matrix of zeros', () => {
    const zero = lu.sync(Csr.fromTriplets(3, 3, [], [], []))
    expect([zero.ok, zero.zeroPivots]).toEqual([false, 3])
    expect(solveWithSync(zero, [1, 0, 0])).toMatchObject({ converged: false, reason: 'stagnated', relativeResidual: 1 })
    expect(solveWithSync(zero, [0, 0, 0]).converged).toBe(true)
  })

  it.each([(A: Csr) => lu.sync(A), (A: Csr) => ldltSync(A)])(
    'a solution that doubles cannot hold is zero, and is told (%#)',
    factor => {
      const F = factor(diagonal([1e-300, 1]))
      const { x, ...report } = solveWithSync(F, [1e300, 1])
      expect(report).toMatchObject({ converged: false, reason: 'not-finite', relativeResidual: 1 })
      expect(x).toEqual(new Float64Array(2))
      const block = solveWithSync(F, dense(2, 2, [1e300, 1, 1, 1]))
      expect(block.columns.map(report => report.reason)).toEqual(['not-finite', 'converged'])
      expect(column(block.x.values, 2, 0)).toEqual(new Float64Array(2))
      expect(block.columns[1]!.relativeResidual).toBeLessThanOrEqual(1e-15)
    },
  )
})

describe('the record', () => {
  const F = lu.sync(A)
  const b = normal(6, A.rows)

  it('is plain data: its clone solves to the same bits', () => {
    const { x } = solveWithSync(F, b)
    const clone = structuredClone(F)
    for (let round = 0; round < 2; round++) expect(solveWithSync(clone, b).x).toEqual(x)
    const unshared = { ...clone, rows: F.rows.slice(), inverseDiagonal: F.inverseDiagonal.slice() }
    expect(solveWithSync(unshared, b).x).toEqual(x)
  })

  it('says what it is', () => {
    expect(describeThing(F)).toMatch(/^lu: L D U of 324 unknowns, .*\n.*\npivots: 0 zero to rounding$/)
    expect(describeThing(lu.sync(diagonal([1, 0])))).toContain('pivots: 1 zero to rounding')
  })

  it('is refused where it is spoilt, or of an incomplete factorization', () => {
    const spoilt = (change: object) => () => solveWithSync({ ...F, ...change } as typeof F, b)
    expect(spoilt({ rows: F.rows.map(i => i + 1) })).toThrow(/F\.rows/)
    expect(spoilt({ columns: F.columns.slice(1) })).toThrow(/F\.columns/)
    expect(spoilt({ inverseDiagonal: F.inverseDiagonal.map(() => Number.NaN) })).toThrow(/F\.inverseDiagonal/)
    expect(spoilt({ lower: F.upper })).toThrow(/F\.lower/)
    expect(spoilt({ upper: diagonal([1]) })).toThrow(/F\.upper/)
    expect(spoilt({ matrix: diagonal([1]) })).toThrow(/F\.matrix/)
    for (const matrix of [undefined, null, 7, {}]) expect(spoilt({ matrix })).toThrow(/F\.matrix/)
    for (const part of ['rows', 'columns', 'lower', 'upper', 'inverseDiagonal'])
      expect(spoilt({ [part]: undefined })).toThrow(`F.${part}`)
    expect(() => solveWithSync(ilut.sync(A) as typeof F, b)).toThrow(/F must be a factor that lu made/)
    expect(() => solveWithSync(F, b.slice(1))).toThrow(/324 long/)
  })
})
