import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { bicgstabSync } from '../../src/krylov/bicgstab.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { idrs, idrsSync } from '../../src/krylov/idrs.ts'
import { ilu0 } from '../../src/precondition/ilu0.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'
import { diagonal } from '../support/small.ts'

const A = convectionDiffusion2d(40, { diffusion: 0.01, angle: 0.4 })
const b = normal(3, A.rows)

describe('idrs', () => {
  it.each([1, 2, 4, 8])('s = %d solves convection to the true residual, plain and preconditioned', async s => {
    for (const preconditioner of [undefined, ilu0]) {
      const options = preconditioner === undefined ? { s } : { s, preconditioner }
      const solution = await both(idrsSync, idrs, A, b, options)
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
      // a product a step, and one for the true residual
      expect(solution.applications.operator).toBeGreaterThan(solution.iterations)
      expect(solution.applications.operator).toBeLessThanOrEqual(solution.iterations + 4)
    }
  })

  it('takes fewer products than bicgstab, the nearer to full GMRES the larger s', () => {
    const products = (solution: { applications: { operator: number } }) => solution.applications.operator
    const [one, four, sixteen] = [1, 4, 16].map(s => products(idrsSync(A, b, { s })))
    const full = products(gmresSync(A, b, { restart: 500 }))
    expect(four).toBeLessThan(one!)
    expect(four).toBeLessThan(products(bicgstabSync(A, b)))
    expect(sixteen).toBeLessThan(1.3 * full)
    expect(sixteen).toBeGreaterThanOrEqual(full - 1)
  })

  it('ends after n + n / s products at most, but for rounding', () => {
    const n = 24
    const entries = Array.from({ length: n }, (_, i) => 1 + i / 4)
    for (const s of [1, 2, 3, 4, 6]) {
      const { reason, iterations } = idrsSync(diagonal(entries), normal(1, n), { s, rtol: 1e-9 })
      expect(reason).toBe('converged')
      expect(iterations).toBeLessThanOrEqual(n + n / s + 1)
    }
  })

  it('depends on the seed, and on nothing else', () => {
    const of = (seed: number) => idrsSync(A, b, { seed }).x
    expect(of(5)).toEqual(of(5))
    expect(of(5)).not.toEqual(of(6))
    expect(idrsSync(A, b, { seed: 2 ** 53 - 1 }).converged).toBe(true)
  })

  it('takes no more directions than there are unknowns', () => {
    expect([...idrsSync(Csr.fromTriplets(1, 1, [0], [0], [4]), [2], { s: 8 }).x]).toEqual([expect.closeTo(0.5, 14)])
    const two = Csr.fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 2, 3])
    expect([...idrsSync(two, [5, 6]).x]).toEqual([expect.closeTo(1, 7), expect.closeTo(2, 7)])
  })

  it('names a breakdown that it cannot get around', () => {
    const zero = Csr.fromTriplets(3, 3, [], [], [])
    expect(idrsSync(zero, [1, 0, 2])).toMatchObject({ reason: 'breakdown', relativeResidual: 1 })
  })

  it('says what doubles allow, where more is asked for', () => {
    const solution = idrsSync(A, b, { rtol: 0 })
    expect(solution.reason).toBe('stagnated')
    expect(solution.relativeResidual).toBeLessThan(1e-12)
  })

  it.each([
    ['s', 0],
    ['s', 1.5],
    ['s', 65],
    ['seed', -1],
    ['seed', '2'],
  ])('refuses %s = %s', (key, value) => {
    expect(() => idrsSync(A, b, { [key]: value } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(`idrsSync: option ${key}`) }),
    )
  })
})
