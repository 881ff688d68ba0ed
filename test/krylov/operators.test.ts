import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { minresQlp, minresQlpSync } from '../../src/krylov/minresQlp.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { spmv } from '../../src/sparse/spmv.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const A = poisson2d(12)
const b = normal(1, A.rows)
const size = { rows: A.rows, columns: A.rows }

describe.each([
  ['cg', cgSync, cg],
  ['minres', minresSync, minres],
  ['minresQlp', minresQlpSync, minresQlp],
] as const)('%s with a matrix-free operator', (_, sync, async) => {
  const stored = sync(A, b)

  it.each([
    ['filling y', (x: Float64Array, y: Float64Array) => void spmv(A, x, y)],
    ['returning y', (x: Float64Array, y: Float64Array) => spmv(A, x, y)],
    ['returning another array', (x: Float64Array) => spmv(A, x)],
  ])('%s', async (_, apply) => {
    const solution = await both(sync, async, { ...size, apply }, b)
    expect([solution.reason, solution.driver]).toEqual(['converged', 'ts'])
    expect(Math.abs(solution.iterations - stored.iterations)).toBeLessThanOrEqual(2)
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
  })

  it('answering later', async () => {
    const apply = async (x: Float64Array, y: Float64Array) => {
      await Promise.resolve()
      spmv(A, x, y)
    }
    const solution = await async({ ...size, apply }, b)
    expect([solution.reason, solution.x]).toEqual(['converged', sync({ ...size, apply: (x, y) => spmv(A, x, y) }, b).x])
  })

  it('that keeps its own state', async () => {
    class Scaled {
      readonly rows = A.rows
      readonly columns = A.rows
      readonly factor = 3
      apply(x: Float64Array, y: Float64Array) {
        spmv(A, x, y)
        for (let i = 0; i < y.length; i++) y[i]! *= this.factor
      }
    }
    const solution = await both(sync, async, new Scaled(), b)
    expect(
      trueRelativeResidual(
        A,
        solution.x.map(v => 3 * v),
        b,
      ),
    ).toBeLessThanOrEqual(1.001e-8)
  })

  it('passes its exception through unchanged, from any call', async () => {
    const mine = new RangeError('mine')
    for (const k of [0, 1, 5]) {
      let calls = 0
      const apply = (x: Float64Array, y: Float64Array) => {
        if (calls++ === k) throw mine
        spmv(A, x, y)
      }
      expect(() => sync({ ...size, apply }, b)).toThrow(mine)
      calls = 0
      await expect(async({ ...size, apply }, b)).rejects.toBe(mine)
    }
    await expect(async({ ...size, apply: () => Promise.reject(mine) }, b)).rejects.toBe(mine)
  })
})
