import { readFileSync } from 'node:fs'
import { describe, expect, it, type TestContext } from 'vitest'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

/* Cases of the test suites of SciPy and Krylov.jl that say something about symmetric systems. */

interface Case {
  readonly name: string
  readonly A: { n: number; m: number; entries?: [number, number, number][]; dense_row_major?: number[] }
  readonly b: number[]
  readonly symmetric?: boolean
  readonly must_converge?: string[]
  readonly rtol?: number
}

const solvers = [
  ['cg', cgSync, cg],
  ['minres', minresSync, minres],
] as const

const load = (context: TestContext, suite: string): Case[] =>
  JSON.parse(readFileSync(sharedOrSkip(context, `conformance/${suite}.json`), 'utf8')).cases

function system({ A, b }: Case): { A: Csr; b: Float64Array } {
  const { n, m, entries, dense_row_major: values } = A
  const matrix =
    entries === undefined
      ? Csr.fromDense({ rows: n, columns: m, values: Float64Array.from(values!) })
      : Csr.fromTriplets(
          n,
          m,
          entries.map(([i]) => i),
          entries.map(([, j]) => j),
          entries.map(([, , a]) => a),
        )
  return { A: matrix, b: Float64Array.from(b) }
}

describe.each(solvers)('%s', (name, sync, async) => {
  it('converges where SciPy requires it', async context => {
    const cases = load(context, 'scipy_iterative').filter(({ must_converge }) => must_converge!.includes(name))
    expect(cases.length).toBeGreaterThan(0)
    for (const one of cases) {
      const { A, b } = system(one)
      const solution = await both(sync, async, A, b, { rtol: one.rtol! })
      expect([one.name, solution.reason]).toEqual([one.name, 'converged'])
      expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(one.rtol! * (1 + 1e-3))
    }
  })

  it.for([
    ['symmetric_definite', true, true],
    ['symmetric_indefinite', false, true],
    ['singular_consistent', true, true],
    ['square_preconditioned', true, true],
  ] as const)('on %s of Krylov.jl', async ([wanted, byCg, byMinres], context) => {
    const { A, b } = system(load(context, 'krylov_gallery').find(one => one.name === wanted)!)
    const solution = await both(sync, async, A, b, { rtol: 1e-6 })
    if (name === 'cg' ? byCg : byMinres) {
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-6)
    } else expect(solution.reason).toBe('indefinite-operator')
  })

  it.for(['square_inconsistent', 'npc', 'ssy_mo_breakdown2', 'unsymmetric_breakdown'])(
    'on %s of Krylov.jl is never wrong',
    async (wanted, context) => {
      const { A, b } = system(load(context, 'krylov_gallery').find(one => one.name === wanted)!)
      const dense = A.toDense().values
      const symmetric = dense.every((a, at) => a === dense[(at % A.rows) * A.rows + Math.floor(at / A.rows)])
      if (!symmetric) return expect(() => sync(A, b)).toThrow(expect.objectContaining({ code: 'ERR_NOT_SYMMETRIC' }))
      const solution = await both(sync, async, A, b, { rtol: 1e-6 })
      expect(solution.x.every(Number.isFinite)).toBe(true)
      expect(solution.relativeResidual).toBeCloseTo(trueRelativeResidual(A, solution.x, b), 9)
      if (solution.converged) expect(solution.relativeResidual).toBeLessThanOrEqual(1e-6)
    },
  )
})

describe('cg on A - 10 I of Krylov.jl', () => {
  it('meets non-positive curvature at once', async context => {
    const { A, b } = system(load(context, 'krylov_gallery').find(one => one.name === 'symmetric_indefinite')!)
    const values = A.toDense().values.map((a, at) => (at % (A.rows + 1) === 0 ? a - 10 : a))
    const solution = await both(cgSync, cg, Csr.fromDense({ rows: A.rows, columns: A.rows, values }), b)
    expect([solution.reason, solution.iterations]).toEqual(['indefinite-operator', 0])
  })
})
