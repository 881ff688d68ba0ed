import { describe, expect, it } from 'vitest'
import { dense, spdBatchNormSync, spdGeodesicSync } from '../../src/index.ts'
import { definite, inner, randomSymmetric, stack } from '../support/batches.ts'
import { frobenius, identity, minus, randomDense, scaled } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'

const list = [1, 2, 3, 4].map(seed => definite(5, 20, seed))
const diagonal = (of: (i: number) => number) =>
  scaled(
    identity(5),
    Float64Array.from({ length: 5 }, (_, i) => of(i)),
  )
/** Equal eigenvalues everywhere, and a mean that has them as well: where divided differences of zero go wrong. */
const equal = [2, 3, 0.5, 1].map(x => diagonal(i => (i < 3 ? x : 2 * x)))
const identities = [1, 1, 1, 1].map(() => identity(5))
const G = randomDense(20, 5, 8)
const running = { mean: definite(5, 3, 9), variance: 0.7 }

describe('the gradient of spdBatchNorm', () => {
  it.each([
    ['as published', list, { count: 4 }],
    ['about the Euclidean mean', list, { count: 4, steps: 0 }],
    ['about the barycenter', list, { count: 4, steps: 12, scale: 0.4, epsilon: 1e-3 }],
    ['of equal eigenvalues', equal, { count: 4, scale: 2 }],
    ['of the identity', identities, { count: 4, epsilon: 0.1, steps: 2 }],
    ['by running statistics', list, { count: 4, training: false, running, scale: 1.5 }],
  ] as const)('%s agrees with central differences', (_, given, options) => {
    const A = stack(...given)
    const E = stack(...[11, 12, 13, 14].map(seed => randomSymmetric(5, seed)))
    const gradient = spdBatchNormSync(A, options).pullback(G)
    const scale = 'scale' in options ? options.scale : 1
    const at = (t: number, s: number) => {
      const moved = dense(
        20,
        5,
        A.values.map((a, k) => a + t * E.values[k]!),
      )
      return inner(G, spdBatchNormSync(moved, { ...options, scale: scale + s }).value)
    }
    const step = 1e-5
    const slope = (at(step, 0) - at(-step, 0)) / (2 * step)
    expect(Math.abs(inner(gradient.A, E) - slope)).toBeLessThan(1e-7 * frobenius(G) * frobenius(E))
    expect(Math.abs(gradient.scale - (at(0, step) - at(0, -step)) / (2 * step))).toBeLessThan(1e-7 * frobenius(G))
  })
})

describe('spdBatchNorm', () => {
  it('moves running statistics by the momentum along the geodesic', () => {
    const A = stack(...list)
    const first = spdBatchNormSync(A, { count: 4 })
    expect(first.running).toEqual({ mean: first.mean, variance: first.variance })
    const before = { mean: identity(5), variance: 3 }
    const second = spdBatchNormSync(A, { count: 4, running: before, momentum: 0.25 })
    const wanted = spdGeodesicSync(identity(5), second.mean, 0.25, { metric: 'bures-wasserstein' })
    expect(frobenius(minus(second.running.mean, wanted))).toBeLessThan(1e-13)
    expect(second.running.variance).toBeCloseTo(0.75 * 3 + 0.25 * second.variance, 12)
    const still = spdBatchNormSync(A, { count: 4, running: before, training: false })
    expect([still.mean, still.variance, still.running.variance]).toEqual([identity(5), 3, 3])
  })

  it('refuses what it cannot do', () => {
    const A = stack(...list)
    const loose = spdBatchNormSync as unknown as Loose
    const code = (options: object) => (failure(() => loose(A, { count: 4, ...options })) as { code: string }).code
    expect(code({ training: false })).toBe('ERR_OPTION')
    expect(code({ training: 1 })).toBe('ERR_OPTION')
    expect(code({ momentum: 2 })).toBe('ERR_OPTION')
    expect(code({ running: 3 })).toBe('ERR_TYPE')
    expect(code({ running: { mean: identity(4), variance: 1 } })).toBe('ERR_SHAPE')
    expect(code({ running: { mean: identity(5), variance: -1 } })).toBe('ERR_OPTION')
    expect(failure(() => spdBatchNormSync(A, { count: 4 }).pullback(identity(5)))).toMatchObject({ code: 'ERR_SHAPE' })
  })
})
