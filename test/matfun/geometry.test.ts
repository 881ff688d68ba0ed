import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Dense } from '../../src/index.ts'
import {
  buresWassersteinBarycenter,
  buresWassersteinBarycenterSync,
  buresWassersteinDistance,
  buresWassersteinDistanceSync,
  dense,
  invSqrtmSync,
  normal,
  spdBatchNorm,
  spdBatchNormSync,
  spdDistance,
  spdDistanceSync,
  spdGeodesic,
  spdGeodesicSync,
  spdTransport,
  spdTransportSync,
  sqrtmSync,
  zcaWhiten,
  zcaWhitenSync,
} from '../../src/index.ts'
import { definite, inner, randomSymmetric, stack, symmetricPart } from '../support/batches.ts'
import { both } from '../support/both.ts'
import { frobenius, identity, minus, randomDense, scaled, times, trace, transposed } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

const plus = (A: Dense, step: number, E: Dense) =>
  dense(
    A.rows,
    A.columns,
    A.values.map((a, at) => a + step * E.values[at]!),
  )
const apart = (X: Dense, Y: Dense) => frobenius(minus(X, Y)) / frobenius(Y)
const roots = (A: Dense, B: Dense) => {
  const R = sqrtmSync(A).value
  return trace(sqrtmSync(symmetricPart(times(times(R, B), R)), { eigenvalues: 'clamp' }).value)
}

describe('Bures-Wasserstein', () => {
  const [A, B] = [definite(9, 1e3, 1), definite(9, 1e2, 2)]

  it('distance is that of the definition', async () => {
    const { distance, squared } = await both(buresWassersteinDistanceSync, buresWassersteinDistance, A, B, {})
    expect(Math.abs(squared - (trace(A) + trace(B) - 2 * roots(A, B)))).toBeLessThan(1e-13 * (trace(A) + trace(B)))
    expect(distance).toBe(Math.sqrt(squared))
    expect(buresWassersteinDistanceSync(A, A).squared).toBeLessThan(1e-14)
    expect(spdDistanceSync(A, B, { metric: 'bures-wasserstein' })).toBeCloseTo(distance, 12)
  })

  it('of singular matrices', () => {
    const D = (w: number[]) => scaled(identity(3), Float64Array.from(w))
    expect(buresWassersteinDistanceSync(D([4, 0, 1]), D([1, 9, 0])).squared).toBeCloseTo(1 + 9 + 1, 13)
    expect(failure(() => buresWassersteinDistanceSync(D([4, 0, 1]), B3, { gradient: true }))).toMatchObject({
      code: 'ERR_SINGULAR',
    })
    expect(failure(() => buresWassersteinDistanceSync(D([4, -1, 1]), B3))).toMatchObject({ code: 'ERR_INDEFINITE' })
  })
  const B3 = definite(3, 10)

  it('gradients agree with central differences', () => {
    const { gradient } = buresWassersteinDistanceSync(A, B, { gradient: true })
    const E = randomSymmetric(9, 3)
    const step = 1e-7
    const slope = (f: (t: number) => number) => (f(step) - f(-step)) / (2 * step)
    const byA = slope(t => buresWassersteinDistanceSync(plus(A, t, E), B).squared)
    const byB = slope(t => buresWassersteinDistanceSync(A, plus(B, t, E)).squared)
    expect(Math.abs(inner(gradient!.A, E) / byA - 1)).toBeLessThan(1e-6)
    expect(Math.abs(inner(gradient!.B, E) / byB - 1)).toBeLessThan(1e-6)
  })

  /** T of the fixed point, by the tests' own products. */
  const map = (S: Dense, list: readonly Dense[]) => {
    const [R, P] = [sqrtmSync(S).value, invSqrtmSync(S).value]
    let mean = dense(S.rows, S.rows, new Float64Array(S.rows ** 2))
    for (const C of list) mean = plus(mean, 1 / list.length, sqrtmSync(symmetricPart(times(times(R, C), R))).value)
    return times(times(P, times(mean, mean)), P)
  }

  it('barycenter is a fixed point', async () => {
    const list = [1, 2, 3, 4].map(seed => definite(8, 50, seed))
    const found = await both(buresWassersteinBarycenterSync, buresWassersteinBarycenter, stack(...list), { count: 4 })
    expect(found.converged).toBe(true)
    expect(apart(map(found.value, list), found.value)).toBeLessThan(2e-10)
    const one = buresWassersteinBarycenterSync(stack(...list), { count: 4, weights: [0, 0, 1, 0] })
    expect(apart(one.value, list[2]!)).toBeLessThan(1e-9)
    const cut = buresWassersteinBarycenterSync(stack(...list), { count: 4, maxIterations: 2 })
    expect([cut.converged, cut.iterations]).toEqual([false, 2])
  })

  it('barycenter of ten real covariances within 30 steps', context => {
    const bytes = gunzipSync(readFileSync(sharedOrSkip(context, 'cov/cov_digits_per_class.f64.gz')))
    const A = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    const { value, converged, iterations } = buresWassersteinBarycenterSync(A, { count: 10 })
    expect(converged).toBe(true)
    expect(iterations).toBeLessThanOrEqual(30)
    const list = Array.from({ length: 10 }, (_, i) => dense(64, 64, A.subarray(4096 * i, 4096 * (i + 1))))
    expect(frobenius(minus(map(value, list), value))).toBeLessThan(1.1e-10 * frobenius(value))
  })
})

describe.each(['affine-invariant', 'log-euclidean', 'bures-wasserstein'] as const)('%s', metric => {
  const [A, B] = [definite(7, 100, 5), definite(7, 30, 6)]

  it('geodesics have constant speed', async () => {
    const whole = await both(spdDistanceSync, spdDistance, A, B, { metric })
    const third = await both(spdGeodesicSync, spdGeodesic, A, B, 1 / 3, { metric })
    expect(Math.abs(spdDistanceSync(A, third, { metric }) - whole / 3)).toBeLessThan(1e-12)
    expect(Math.abs(spdDistanceSync(third, B, { metric }) - (2 * whole) / 3)).toBeLessThan(1e-12)
    expect(apart(spdGeodesicSync(A, B, 0, { metric }), A)).toBeLessThan(1e-12)
    expect(apart(spdGeodesicSync(A, B, 1, { metric }), B)).toBeLessThan(1e-12)
    expect(spdDistanceSync(A, A, { metric })).toBeLessThan(1e-12)
  })

  it('transport along a geodesic keeps its velocity', async () => {
    // between matrices that commute, for all three
    const C = symmetricPart(times(A, A))
    const step = 1e-6
    const velocity = (t: number) => {
      const [up, down] = [t + step, t - step].map(s => spdGeodesicSync(A, C, s, { metric })) as [Dense, Dense]
      return dense(
        7,
        7,
        up.values.map((x, at) => (x - down.values[at]!) / (2 * step)),
      )
    }
    const carried = await both(spdTransportSync, spdTransport, A, C, symmetricPart(velocity(0)), { metric })
    expect(apart(carried, velocity(1))).toBeLessThan(1e-7)
  })
})

it('geometry refuses what is not definite, or not of one order', () => {
  const A = definite(3, 10)
  const bad = scaled(identity(3), Float64Array.of(1, -1, 1))
  for (const metric of ['affine-invariant', 'log-euclidean', 'bures-wasserstein'] as const) {
    expect(failure(() => spdDistanceSync(A, bad, { metric }))).toMatchObject({ code: 'ERR_INDEFINITE' })
    expect(failure(() => spdGeodesicSync(bad, A, 0.5, { metric }))).toMatchObject({ code: 'ERR_INDEFINITE' })
  }
  expect(failure(() => spdDistanceSync(A, identity(2)))).toMatchObject({ code: 'ERR_SHAPE' })
  expect(failure(() => (spdDistanceSync as unknown as Loose)(A, A, { metric: 'flat' }))).toMatchObject({
    code: 'ERR_OPTION',
  })
  expect(failure(() => spdTransportSync(A, definite(3, 10, 7), A, { metric: 'bures-wasserstein' }))).toMatchObject({
    code: 'ERR_UNSUPPORTED',
  })
})

describe('zcaWhiten', () => {
  const X = dense(
    60,
    5,
    normal(3, 300).map((x, at) => x * (1 + (at % 5)) + normal(4, 60)[Math.floor(at / 5)]! * 2 + 7),
  )

  it('whitens', async () => {
    const { value, mean, matrix } = zcaWhitenSync(X, { epsilon: 0 })
    expect(apart(times(transposed(value), value), scaled(identity(5), new Float64Array(5).fill(60)))).toBeLessThan(
      1e-13,
    )
    const centred = dense(
      60,
      5,
      X.values.map((x, at) => x - mean[at % 5]!),
    )
    expect(apart(times(centred, matrix), value)).toBeLessThan(1e-14)
    const promised = await zcaWhiten(X, { epsilon: 0 })
    expect(promised.value).toEqual(value)
    const G = randomDense(60, 5, 1)
    expect(await promised.pullback(G)).toEqual(zcaWhitenSync(X, { epsilon: 0 }).pullback(G))
  })

  it('has the gradient that central differences have', () => {
    const [G, E] = [randomDense(60, 5, 8), randomDense(60, 5, 9)]
    const step = 1e-5
    const f = (t: number) => inner(G, zcaWhitenSync(plus(X, t, E), { epsilon: 0.1 }).value)
    const slope = (f(step) - f(-step)) / (2 * step)
    expect(Math.abs(inner(zcaWhitenSync(X, { epsilon: 0.1 }).pullback(G), E) / slope - 1)).toBeLessThan(1e-7)
  })

  it('of fewer samples than dimensions wants an epsilon', () => {
    expect(failure(() => zcaWhitenSync(randomDense(3, 9), { epsilon: 0 }))).toMatchObject({ code: 'ERR_SINGULAR' })
    expect(zcaWhitenSync(randomDense(3, 9)).value.values.every(Number.isFinite)).toBe(true)
    expect(failure(() => (zcaWhitenSync as unknown as Loose)(X, { epsilon: -1 }))).toMatchObject({ code: 'ERR_OPTION' })
  })
})

it('spdBatchNorm centres and scales', async () => {
  const list = stack(...[1, 2, 3, 4, 5, 6].map(seed => definite(6, 20, seed)))
  const options = { count: 6, scale: 0.3, steps: 40 }
  const found = spdBatchNormSync(list, options)
  const promised = await spdBatchNorm(list, options)
  expect([promised.value, promised.mean, promised.variance]).toEqual([found.value, found.mean, found.variance])
  const cotangent = randomDense(36, 6, 9)
  expect(await promised.pullback(cotangent)).toEqual(found.pullback(cotangent))
  const center = buresWassersteinBarycenterSync(found.value, { count: 6 }).value
  expect(apart(center, identity(6))).toBeLessThan(1e-6)
  const parts = Array.from({ length: 6 }, (_, i) => dense(6, 6, found.value.values.subarray(36 * i, 36 * i + 36)))
  const mean = parts.reduce((sum, X) => sum + buresWassersteinDistanceSync(X, identity(6)).squared, 0) / 6
  expect(Math.sqrt(mean)).toBeCloseTo(0.3, 4)
  // one step from the Euclidean mean, as published, is far from the barycenter
  const rough = spdBatchNormSync(list, { count: 6 })
  expect(apart(rough.mean, found.mean)).toBeGreaterThan(1e-4)
})
