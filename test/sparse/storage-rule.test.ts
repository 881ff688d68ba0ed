import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { kernels } from '../../src/core/kernels.ts'
import type { Steps } from '../../src/core/steps.ts'
import { type Csr, cgSync, diffusion2d, poisson2d, poisson3d, spmv } from '../../src/index.ts'
import { reference } from '../../src/kernels/reference.ts'
import { planned, planOf, shapeOf, withPlan } from '../../src/sparse/storage-plan.ts'
import { buildCost, choosePlan, productCost } from '../../src/sparse/storage-rule.ts'
import { expectSameBits } from '../support/close.ts'
import { generator, randomCsr, randomVector } from '../support/random.ts'

/* Which plan is made, and when: the cheapest one, its making included. */

const now = <R>(steps: Steps<R>): R => runSync(steps, makeControl('test', {}))

describe('the rule', () => {
  const all = ['csr', 'runs', 'sell'] as const
  const shape = (A: Csr) => now(shapeOf(A.pattern))
  const choice = (A: Csr, products: number) => choosePlan(A.rows, A.nonZeros, shape(A), products, all)

  it('counts', () => {
    expect(shape(poisson2d(30, 40))).toEqual({
      runs: 3 * 40,
      changes: 9 + 2 * 37, // lines in the middle begin as the one before ends
      shortEntries: 5 * 1200 - 2 * 70,
      far: 0,
    })
  })

  it('leaves what is small, or multiplied once, as it is', () => {
    expect(choice(poisson2d(60), 1000)).toBe('csr')
    expect(choice(poisson2d(300), 1)).toBe('csr')
  })

  it('takes runs for grids, slices for meshes and narrow bands, and neither where rows are alike and reach far', () => {
    expect(choice(poisson2d(300), 100)).toBe('runs')
    const random = generator(3)
    expect(
      choice(
        randomCsr(random, 20_000, 20_000, () => 3 + Math.floor(random() * 8)),
        100,
      ),
    ).toBe('sell')
    const sevenARow = (n: number) => randomCsr(random, n, n, () => 7)
    expect(choice(sevenARow(20_000), 1000)).toBe('sell')
    expect(choice(sevenARow(100_000), 1000)).toBe('csr')
  })

  it('never takes a plan that costs more than it saves', () => {
    const random = generator(4)
    const some = [poisson2d(200), poisson3d(25), randomCsr(random, 30_000, 30_000)]
    for (const A of some)
      for (let products = 1; products < 200; products++) {
        const kind = choice(A, products)
        const saved = productCost('csr', A.rows, A.nonZeros, shape(A)) - productCost(kind, A.rows, A.nonZeros, shape(A))
        expect(products * saved).toBeGreaterThanOrEqual(buildCost(kind, A.nonZeros))
      }
  })

  it('is followed by a solve, and the answer does not depend on it', () => {
    const A = poisson2d(150)
    const b = randomVector(generator(5), A.rows)
    const { x, iterations } = cgSync(A, b)
    expect(planOf(A).plan?.kind).toBe('runs')
    const B = poisson2d(150)
    now(withPlan(B, 'csr'))
    const other = cgSync(B, b, { maxIterations: iterations })
    expectSameBits(other.x, x)
  })

  it('is followed by spmv once a plan has paid for itself', () => {
    const A = poisson2d(150)
    const x = randomVector(generator(6), A.rows)
    const first = spmv(A, x)
    expect(planOf(A).plan).toBeUndefined()
    for (let k = 0; k < 60; k++) expectSameBits(spmv(A, x), first)
    expect(planOf(A).plan?.kind).toBe('runs')
  })

  it('is made anew where somebody wrote into the values', () => {
    const A = poisson2d(150)
    const [x, y] = [randomVector(generator(8), A.rows), new Float64Array(A.rows)]
    const csr = () => {
      reference.spmv({ pattern: A.pattern, values: A.values }, x, y, 0, A.rows)
      return y
    }
    const before = now(planned(A, 1e6))
    A.values[12_345] = -3 // one entry: a solve notices
    const after = now(planned(A, 1e6))
    expect(after).not.toBe(before)
    kernels.spmv(after, x, y, 0, A.rows)
    expectSameBits(y.slice(), csr())
    for (let k = 0; k < A.values.length; k++) A.values[k]! *= 1.5 // all of them: a product does
    expectSameBits(spmv(A, x), csr())
  })

  it('does not depend on which form of product came first', () => {
    const irregular = () => randomCsr(generator(9), 30_000, 30_000)
    for (const make of [() => poisson2d(150), irregular, () => diffusion2d(120)]) {
      const kinds = (first: 'vector' | 'block', second: 'vector' | 'block') => {
        const A = make()
        const found = { [first]: now(planned(A, 1e6, first)).plan?.kind }
        return {
          ...found,
          [second]: now(planned(A, 1e6, second)).plan?.kind,
          again: now(planned(A, 1, first)).plan?.kind,
        }
      }
      const [one, other] = [kinds('vector', 'block'), kinds('block', 'vector')]
      expect(other.vector).toBe(one.vector)
      expect(other.block).toBe(one.block)
      expect(one.again).toBe(one.vector)
      expect(other.again).toBe(one.block)
    }
  })

  it('keeps the plan that a matrix has', () => {
    const A = poisson2d(150)
    const P = now(withPlan(A, 'sell'))
    expect(now(planned(A, 1e6))).toBe(P)
  })
})
