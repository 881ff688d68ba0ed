import { describe, expect, it } from 'vitest'
import {
  amg,
  chebyshev,
  describe as describeThing,
  diffusion2d,
  ic0,
  ilu0,
  jacobi,
  ldltSync,
  type Preconditioner,
  poisson2d,
  twoLevel,
} from '../../src/index.ts'

/* What is printed is counted here from the records themselves. */

const A = poisson2d(60)
const B = diffusion2d(150, { seed: 1 })

describe('describe', () => {
  it('says levels, sizes, operator complexity and memory of a hierarchy', () => {
    const M = amg.sync(A)
    if (M.kind !== 'amg') return expect.fail(M.kind)
    const lines = describeThing(M).split('\n')
    const count = M.levels.length / 4
    expect(lines.length).toBe(2 + count)
    expect(lines[0]).toMatch(
      /^amg: V-cycle, chebyshev of degree 2, \d levels in single precision, .*B besides A's pattern$/,
    )
    let entries = 0
    for (let l = 0; l < count; l++) {
      entries += M.levels[4 * l + 1]!
      expect(lines[2 + l]).toContain(`level ${l}: ${M.levels[4 * l]} unknowns, ${M.levels[4 * l + 1]} non-zeros`)
    }
    expect(lines[1]).toContain(`operator complexity ${(entries / A.nonZeros).toFixed(2)},`)
    expect(lines.at(-1)).toContain('factored densely')
  })

  it('says what the other preconditioners are made of', () => {
    const upper = (A.nonZeros - A.rows) / 2
    const text = (M: Preconditioner) => describeThing(M)
    expect(text(jacobi.sync(A))).toBe(`jacobi: the diagonal of 3600 unknowns, ${28.8} kB`)
    expect(text(ic0.sync(A))).toContain(`ic0: U^T D U of 3600 unknowns, ${upper} non-zeros in U`)
    expect(text(ic0.sync(A, { blocks: 4 }))).toContain('4 blocks')
    expect(text(ic0.sync(A, { schedule: 'levels' }))).toContain('119 levels')
    expect(text(ic0.sync(B))).toContain('by 2 diagonals beside the main one, in double precision')
    expect(text(chebyshev.sync(A, { degree: 3 }))).toContain('degree 3')
    const M = ilu0.sync(A)
    if (M.kind !== 'lu') return expect.fail(M.kind)
    expect(text(M)).toContain(`ilu0: L D U of 3600 unknowns, ${M.lower.values.length} non-zeros in L`)
    expect(text(twoLevel.sync(A))).toMatch(/^two-level: 3600 unknowns in \d+ aggregates/)
  })

  it('says size, work and inertia of a factorization', () => {
    const F = ldltSync(A)
    expect(describeThing(F)).toContain(`${F.entries} entries in L`)
    expect(describeThing(F)).toContain('3600 positive, 0 negative, 0 zero')
  })

  it('refuses records without their fields', () => {
    for (const kind of ['amg', 'factor', 'levels', 'diagonals', 'two-level', 'ldlt', 'jacobi', 'lu', 'chebyshev'])
      expect(() => describeThing({ kind })).toThrow(/describe: thing must be a record with all its fields/)
  })
})
