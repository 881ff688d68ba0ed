import { describe, expect, it } from 'vitest'
import type { Dense, RootOptions } from '../../src/index.ts'
import { dense, differentiateSync, invSqrtmSync, sqrtm, sqrtmSync } from '../../src/index.ts'
import { definite, inner, logSpaced, randomSymmetric, stack } from '../support/batches.ts'
import { both } from '../support/both.ts'
import { frobenius, identity, minus, scaled, times } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'

const EPS = Number.EPSILON
const apart = (X: Dense, wanted: Dense) => frobenius(minus(X, wanted)) / frobenius(wanted)
const residualOf = (X: Dense, A: Dense) => apart(times(X, X), A)

describe('polar', () => {
  it.each([1, 2, 3, 8, 16, 32, 50])('n = %i: X^2 is A to 50 n eps, and so is the inverse root', n => {
    for (const kappa of [1, 10, 1e4, 1e8, 1e12]) {
      const A = definite(n, kappa, n + 1)
      const root = sqrtmSync(A, { method: 'polar' })
      expect(residualOf(root.value, A)).toBeLessThanOrEqual(50 * n * EPS)
      const inverse = invSqrtmSync(A, { method: 'polar' })
      expect(apart(times(inverse.value, root.value), identity(n))).toBeLessThan(n * EPS * (kappa + 50))
    }
  })

  it('gives a batch the bits of its matrices, and leaves what it cannot do to eigh', () => {
    const singular = scaled(
      identity(9),
      Float64Array.from({ length: 9 }, (_, i) => (i === 4 ? 0 : 1 + i)),
    )
    const list = [definite(9, 10), singular, definite(9, 1e13), definite(9, 1e6)]
    const options = { method: 'polar', eigenvalues: 'pseudo' } as const
    const batch = sqrtmSync(stack(...list), { ...options, count: 4 })
    for (const [i, A] of list.entries())
      expect(batch.value.values.subarray(81 * i, 81 * i + 81)).toEqual(sqrtmSync(A, options).value.values)
    expect(batch.residual).toBeLessThan(50 * 9 * EPS)
    expect(failure(() => sqrtmSync(singular, { method: 'polar' }))).toMatchObject({ code: 'ERR_SINGULAR' })
  })

  it('is what auto takes for small matrices without gradient', () => {
    const A = definite(16, 100)
    expect(sqrtmSync(A, { gradient: false }).value).toEqual(sqrtmSync(A, { method: 'polar' }).value)
    expect(sqrtmSync(A).value).toEqual(sqrtmSync(A, { method: 'eigh' }).value)
    const B = definite(33, 100)
    expect(sqrtmSync(B, { gradient: false }).value).toEqual(sqrtmSync(B, { method: 'eigh' }).value)
  })

  it('has the same bits in both forms', async () => {
    const A = stack(definite(12, 1e3), definite(12, 10))
    const value = ({ value, residuals }: { readonly value: Dense; readonly residuals: Float64Array }) => [
      value,
      residuals,
    ]
    await both(
      (A: Dense, options: RootOptions) => value(sqrtmSync(A, options)),
      async (A: Dense, options: RootOptions) => value(await sqrtm(A, options)),
      A,
      { method: 'polar', count: 2 },
    )
  })
})

/* Errors as measured by others in the eigenbasis, table H2: methods, order, condition, ||X - A^(1/2)||_F / ||A^(1/2)||_F. */
const measured: readonly (readonly [method: RootOptions, n: number, kappa: number, error: number, digits: number])[] = [
  [{ method: 'pade' }, 32, 1e1, 5e-3, 1],
  [{ method: 'pade' }, 32, 1e4, 0.17, 2],
  [{ method: 'pade' }, 32, 1e8, 0.29, 2],
  [{ method: 'pade' }, 64, 1e4, 0.21, 2],
  [{ method: 'pade' }, 128, 1e4, 0.26, 2],
  [{ method: 'taylor' }, 32, 1e1, 5e-2, 1],
  [{ method: 'taylor' }, 32, 1e4, 0.39, 2],
  [{ method: 'taylor' }, 32, 1e8, 0.6, 2],
  [{ method: 'taylor' }, 64, 1e4, 0.48, 2],
  [{ method: 'taylor' }, 128, 1e4, 0.59, 2],
  [{ method: 'newton-schulz', degree: 5 }, 32, 1e4, 0.07, 1],
  [{ method: 'newton-schulz', degree: 5 }, 64, 1e4, 0.09, 1],
  [{ method: 'newton-schulz', degree: 5 }, 128, 1e4, 0.1, 2],
]
const diagonal = (w: Float64Array) => scaled(identity(w.length), w)

it.each(measured)('the error of %o, n = %i, kappa = %f, is %f', (options, n, kappa, error) => {
  const w = logSpaced(n, kappa)
  const found = apart(sqrtmSync(diagonal(w), options).value, diagonal(w.map(Math.sqrt)))
  expect(Math.abs(found / error - 1)).toBeLessThan(0.1)
})

describe('the published methods', () => {
  it.each([10, 1e4, 1e8])('partial fractions are the Pade approximant, kappa = %f', kappa => {
    const A = definite(20, kappa)
    expect(
      apart(sqrtmSync(A, { method: 'partial-fraction' }).value, sqrtmSync(A, { method: 'pade' }).value),
    ).toBeLessThan(1e-13)
    const finer = apart(sqrtmSync(A, { method: 'partial-fraction', degree: 40 }).value, sqrtmSync(A).value)
    expect(finer).toBeLessThan(kappa < 100 ? 1e-13 : 0.06)
  })

  it.each(['newton-schulz', 'denman-beavers'] as const)('%s ends where it converges', method => {
    for (const kappa of [1, 10, 1e4, 1e6]) {
      const A = definite(24, kappa)
      expect(apart(sqrtmSync(A, { method }).value, sqrtmSync(A).value)).toBeLessThan(1e-14 * Math.sqrt(kappa) * 24)
      expect(apart(invSqrtmSync(A, { method }).value, invSqrtmSync(A).value)).toBeLessThan(1e-14 * kappa * 24)
    }
  })

  it('inverse roots by series are inverse to order', () => {
    const A = definite(10, 1.5) // eigenvalues / ||A||_F from 0.21 on
    const exact = invSqrtmSync(A).value
    expect(apart(invSqrtmSync(A, { method: 'taylor', degree: 200 }).value, exact)).toBeLessThan(1e-12)
    expect(apart(invSqrtmSync(A, { method: 'pade' }).value, exact)).toBeLessThan(1e-2)
    expect(apart(invSqrtmSync(A, { method: 'partial-fraction', degree: 30 }).value, exact)).toBeLessThan(1e-13)
  })

  it('report their residual', () => {
    const A = definite(16, 1e4)
    const { value, residual } = sqrtmSync(A, { method: 'pade' })
    expect(Math.abs(residual / residualOf(value, A) - 1)).toBeLessThan(1e-10)
    expect(residual).toBeGreaterThan(1e-3)
  })
})

describe('the iterative Lyapunov solver', () => {
  // cotangents of a seed that the eigenvectors do not share: with the same numbers they are no random ones to them
  const gradients = (n: number, kappa: number, backwardSteps?: number, seed = 2) => {
    const A = definite(n, kappa)
    const G = randomSymmetric(n, seed)
    const options = {
      method: 'polar',
      backward: 'lyapunov',
      ...(backwardSteps !== undefined && { backwardSteps }),
    } as const
    return [
      apart(sqrtmSync(A, options).pullback(G), sqrtmSync(A).pullback(G)),
      apart(invSqrtmSync(A, options).pullback(G), invSqrtmSync(A).pullback(G)),
    ]
  }

  it('stops by its residual, at any condition, in time', () => {
    for (const n of [5, 32])
      for (const kappa of [1, 10, 1e4, 1e8]) {
        const [root, inverse] = gradients(n, kappa) as [number, number]
        expect(root).toBeLessThan(1e-14 * n * kappa)
        expect(inverse).toBeLessThan(1e-14 * n * kappa)
      }
  })

  it('with the 8 steps of the paper is wrong as it was measured', () => {
    expect(gradients(32, 10, 8)[0]).toBeLessThan(1e-8)
    const mild = gradients(64, 100, 8)[0]!
    expect(mild).toBeGreaterThan(5e-3)
    expect(mild).toBeLessThan(9e-2)
    // table H2 says .61 at n = 32 to .73 at 512
    const usual = (n: number) => [2, 3, 4, 5, 6].map(seed => gradients(n, 1e4, 8, seed)[0]!).sort((a, b) => a - b)[2]!
    expect(Math.abs(usual(32) / 0.61 - 1)).toBeLessThan(0.1)
    expect(Math.abs(usual(96) / 0.67 - 1)).toBeLessThan(0.1)
    expect(gradients(64, 1e8, 8)[0]).toBeGreaterThan(0.99 * 0.9)
    expect(gradients(64, 1e8, 8)[0]).toBeLessThan(1.1)
  })

  it('derivatives of polar are those of eigh, lazily, and its state is data', () => {
    const A = definite(14, 1e4)
    const [G, E] = [randomSymmetric(14, 2), randomSymmetric(14, 3)]
    const [exact, polar] = [sqrtmSync(A), sqrtmSync(A, { method: 'polar' })]
    expect(apart(polar.pullback(G), exact.pullback(G))).toBeLessThan(1e-10)
    expect(apart(polar.hessianVector(G, E), exact.hessianVector(G, E))).toBeLessThan(1e-8)
    const again = differentiateSync(structuredClone(polar.state))
    expect(again.pullback(G)).toEqual(polar.pullback(G))
    const [Ju, Jv] = [polar.pushforward(E), polar.pullback(G)]
    expect(Math.abs(inner(Ju, G) - inner(E, Jv))).toBeLessThan(1e-13 * frobenius(Ju) * frobenius(G))
  })
})

it('misuse', () => {
  const loose = sqrtmSync as unknown as Loose
  const A = definite(4, 10)
  for (const options of [
    { method: 'svd' },
    { method: 'toString' },
    { gradient: 1 },
    { backward: 'none' },
    { backwardSteps: 0 },
    { degree: 1.5, method: 'taylor' },
  ])
    expect(failure(() => loose(A, options))).toMatchObject({ code: 'ERR_OPTION' })
  const indefinite = dense(2, 2, [1, 0, 0, -1])
  for (const method of ['polar', 'partial-fraction', 'newton-schulz', 'denman-beavers'])
    expect(failure(() => loose(indefinite, { method, eigenvalues: 'error' }))).toMatchObject({ code: 'ERR_INDEFINITE' })
  expect(failure(() => loose(dense(2, 2, [0, 0, 0, 0]), { method: 'pade' }))).toMatchObject({ code: 'ERR_SINGULAR' })
  expect(failure(() => loose(dense(2, 2, [1, 2, 0, 1]), { method: 'polar' }))).toMatchObject({
    code: 'ERR_NOT_SYMMETRIC',
  })
  const take = differentiateSync as unknown as Loose
  const { state } = sqrtmSync(A, { method: 'polar' })
  for (const wrong of [{ n: 5 }, { p: 2 }, { backward: 'x' }, { steps: -1 }])
    expect(failure(() => take({ ...state, ...wrong }))).toMatchObject({ code: 'ERR_FORMAT' })
})
