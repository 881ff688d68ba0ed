import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import type { Solution } from '../../src/krylov/solution.ts'
import { chebyshev } from '../../src/precondition/chebyshev.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { ssor } from '../../src/precondition/ssor.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const A = diffusion2d(16, { variance: 1, seed: 1 })
const b = normal(2, A.rows)
const d = A.diagonal()
function byDiagonal(r: Float64Array, z: Float64Array): Float64Array {
  r.forEach((v, i) => {
    z[i] = v / d[i]!
  })
  return z
}

const byJacobi = cgSync(A, b, { preconditioner: jacobi })

const expectSame = (solution: Solution, expected: Solution) =>
  expect([solution.iterations, solution.x]).toEqual([expected.iterations, expected.x])

describe.each([
  ['jacobi', jacobi, {}],
  ['ssor', ssor, { omega: 1.4 }],
  ['ic0', ic0, { shift: 0.01 }],
  ['ric0', ric0, { omega: 0.95, shift: 0.001 }],
  ['chebyshev', chebyshev, { degree: 3, ratio: 20 }],
] as const)('%s', (_, recipe, options) => {
  // biome-ignore lint/suspicious/noExplicitAny: one row of options per recipe, whose types the table cannot pair
  const named = recipe as any

  it('is itself a recipe, and made into others by options', async () => {
    const plain = await both(cgSync, cg, A, b, { preconditioner: named })
    expectSame(await both(cgSync, cg, A, b, { preconditioner: named({}) }), plain)
    const tuned = await both(cgSync, cg, A, b, { preconditioner: named(options) })
    expect(trueRelativeResidual(A, tuned.x, b)).toBeLessThanOrEqual(1.001e-8)
    if (Object.keys(options).length > 0) expect(tuned.x).not.toEqual(plain.x)
    expectSame(cgSync(A, b, { preconditioner: named.sync(A, options) }), tuned)
    expectSame(await cg(A, b, { preconditioner: await named(A, options) }), tuned)
    expectSame(await cg(A, b, { preconditioner: named(A, options) }), tuned)
  })

  it('is a record that survives a clone', () => {
    const built = named.sync(A)
    expectSame(cgSync(A, b, { preconditioner: structuredClone(built) }), cgSync(A, b, { preconditioner: built }))
  })
})

describe('a user function', () => {
  it.each([
    ['filling z', (r: Float64Array, z: Float64Array) => void byDiagonal(r, z)],
    ['returning z', byDiagonal],
    ['returning another array', (r: Float64Array) => r.map((v, i) => v / d[i]!)],
    ['returning some number', (r: Float64Array, z: Float64Array) => byDiagonal(r, z).length],
  ])('%s', async (_, preconditioner) => {
    const solution = await both(cgSync, cg, A, b, {
      preconditioner: preconditioner as (r: Float64Array, z: Float64Array) => void,
    })
    expect([solution.reason, solution.driver]).toEqual(['converged', 'ts'])
    expect(Math.abs(solution.iterations - byJacobi.iterations)).toBeLessThanOrEqual(2)
  })

  it('that answers later', async () => {
    const later = await cg(A, b, { preconditioner: async r => r.map((v, i) => v / d[i]!) })
    expect(later.reason).toBe('converged')
    expect(() => cgSync(A, b, { preconditioner: async r => r.map((v, i) => v / d[i]!) })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })

  it('is handed the same two arrays every time', () => {
    const seen = new Set<Float64Array>()
    cgSync(A, b, {
      preconditioner: (r, z) => {
        seen.add(r)
        seen.add(z)
        z.set(r)
      },
    })
    expect(seen.size).toBe(2)
  })

  it.each([0, 1, 7])('passes its exception at call %i through unchanged', async k => {
    const mine = new TypeError('mine')
    let calls = 0
    const preconditioner = (r: Float64Array, z: Float64Array) => {
      if (calls++ === k) throw mine
      z.set(r)
    }
    expect(() => cgSync(A, b, { preconditioner })).toThrow(mine)
    calls = 0
    await expect(cg(A, b, { preconditioner })).rejects.toBe(mine)
  })

  it('of the wrong length is refused, not used in part', async () => {
    const short = (r: Float64Array) => r.slice(1)
    expect(() => cgSync(A, b, { preconditioner: short })).toThrow(expect.objectContaining({ code: 'ERR_SHAPE' }))
    await expect(cg(A, b, { preconditioner: short })).rejects.toMatchObject({ code: 'ERR_SHAPE' })
  })
})

it('a promise is refused by the synchronous form', () => {
  expect(() => cgSync(A, b, { preconditioner: ic0(A) })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
})
