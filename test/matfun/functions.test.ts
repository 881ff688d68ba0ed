import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Dense, MatrixFunctionSync, MatrixFunctionValue } from '../../src/index.ts'
import {
  dense,
  differentiateSync,
  expm,
  expmSync,
  funm,
  funmSync,
  invSqrtm,
  invSqrtmSync,
  KrylovError,
  logm,
  logmSync,
  powm,
  powmSync,
  readMatrixMarket,
  sqrtm,
  sqrtmSync,
} from '../../src/index.ts'
import { definite, logSpaced, randomSymmetric, stack, symmetricPart } from '../support/batches.ts'
import { both } from '../support/both.ts'
import { frobenius, identity, minus, scaled, times } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

const EPS = Number.EPSILON
const residualOf = (X: Dense, A: Dense) => frobenius(minus(times(X, X), A)) / frobenius(A)
/** What is left when the derivatives, which are functions, are taken away. */
const plain = ({ value, residual, residuals, state }: MatrixFunctionValue) => ({ value, residual, residuals, state })

describe('sqrtm', () => {
  it.each([1, 2, 3, 5, 8, 16, 31, 64])('n = %i: X^2 is A, to 50 n eps', n => {
    for (const kappa of [1, 10, 1e4, 1e8, 1e12]) {
      const A = definite(n, kappa, n)
      const { value, residual } = sqrtmSync(A)
      expect(residualOf(value, A)).toBeLessThanOrEqual(50 * n * EPS)
      expect(Math.abs(residual - residualOf(value, A))).toBeLessThanOrEqual(4 * n * EPS)
    }
  })

  it('of real covariances', async context => {
    for (const name of ['cov_breast_cancer', 'corr_breast_cancer', 'cov_wine', 'cov_iris']) {
      const A = (await readMatrixMarket(sharedOrSkip(context, `cov/${name}.mtx`))) as unknown as Dense
      const n = A.rows
      expect(residualOf(sqrtmSync(A).value, A)).toBeLessThanOrEqual(50 * n * EPS)
    }
  })

  it('of a batch of them', context => {
    const bytes = gunzipSync(readFileSync(sharedOrSkip(context, 'cov/cov_digits_per_class.f64.gz')))
    const A = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    const traces = [101.74634172826643, 132.83181948140634, 131.5600056305311, 129.89859583782726]
    const { value, residuals } = sqrtmSync(A, { count: 10 })
    expect(Math.max(...residuals)).toBeLessThanOrEqual(50 * 64 * EPS)
    for (const [i, trace] of traces.entries()) {
      let sum = 0
      for (let j = 0; j < 64; j++) sum += value.values[(i * 64 + j) * 64 + j]!
      expect(Math.abs(sum / trace - 1)).toBeLessThan(1e-12)
    }
  })

  it('of tiny and huge matrices', () => {
    for (const size of [1e-280, 1e280]) {
      const A = scaled(definite(9, 100), new Float64Array(9).fill(size))
      const { value, residual } = sqrtmSync(A)
      expect(residual).toBeLessThan(1e-14)
      const unit = scaled(value, new Float64Array(9).fill(1 / Math.sqrt(size)))
      expect(residualOf(unit, definite(9, 100))).toBeLessThan(1e-14)
    }
  })
})

const A = definite(12, 1e3, 4)
const maps: Record<string, (A: Dense) => MatrixFunctionSync> = {
  invSqrtm: invSqrtmSync,
  logm: logmSync,
  expm: expmSync,
  powm: A => powmSync(A, 1 / 3),
  funm: A => funmSync(A, { f: x => x ** 3, derivative: x => 3 * x * x }),
}
const undo: Record<string, (X: Dense) => Dense> = {
  invSqrtm: X => powmSync(X, -2).value,
  logm: X => expmSync(X).value,
  expm: X => logmSync(X).value,
  powm: X => times(times(X, X), X),
  funm: X => powmSync(X, 1 / 3, { eigenvalues: 'clamp' }).value,
}
it.each(Object.keys(maps))('%s can be undone', name => {
  const { value, residual } = maps[name]!(A)
  expect(frobenius(minus(undo[name]!(value), A)) / frobenius(A)).toBeLessThan(name === 'funm' ? 1e-8 : 1e-11)
  expect(residual).toBeLessThan(1e-14)
})

describe('batches', () => {
  it.each([1, 2, 7, 16, 33, 64])('of order %i have the bits of their matrices one by one', n => {
    const list = [1, 1e2, 1e6, 1e11].map((kappa, i) => definite(n, kappa, i + 1))
    const G = [1, 2, 3, 4].map(seed => randomSymmetric(n, seed))
    for (const f of [sqrtmSync, logmSync, expmSync]) {
      for (const order of [
        [0, 1, 2, 3],
        [3, 1],
      ]) {
        const batch = f(stack(...order.map(i => list[i]!)), { count: order.length })
        const back = batch.pullback(stack(...order.map(i => G[i]!)))
        for (const [at, i] of order.entries()) {
          const single = f(list[i]!)
          const cut = (X: Dense) => X.values.subarray(at * n * n, (at + 1) * n * n)
          expect(cut(batch.value)).toEqual(single.value.values)
          expect(cut(back)).toEqual(single.pullback(G[i]!).values)
          expect(batch.residuals[at]).toBe(single.residual)
        }
      }
    }
  })

  it('on any number of threads, and as a plain array', () => {
    const list = stack(...[1, 2, 3, 4, 5].map(seed => definite(40, 1e3, seed)))
    const [one, two] = [1, 2].map(threads => sqrtmSync(list, { count: 5, threads })) as [
      MatrixFunctionSync,
      MatrixFunctionSync,
    ]
    expect(plain(two)).toEqual(plain(one))
    expect(plain(sqrtmSync(Array.from(list.values), { count: 5 }))).toEqual(plain(one))
    expect(two.pullback(list, { threads: 2 })).toEqual(one.pullback(list.values, { threads: 1 }))
  })

  it('of nothing', () => {
    expect(sqrtmSync(dense(0, 0, [])).value).toEqual(dense(0, 0, []))
    expect(sqrtmSync([], { count: 0 }).residual).toBe(0)
    expect(sqrtmSync([], { count: 0 }).pullback([]).values.length).toBe(0)
  })
})

it('both forms give the same bits', async () => {
  const stripped =
    <Args extends readonly unknown[]>(f: (...args: Args) => MatrixFunctionValue) =>
    (...args: Args) =>
      plain(f(...args))
  const awaited =
    <Args extends readonly unknown[]>(f: (...args: Args) => Promise<MatrixFunctionValue>) =>
    async (...args: Args) =>
      plain(await f(...args))
  for (const [sync, async] of [
    [sqrtmSync, sqrtm],
    [invSqrtmSync, invSqrtm],
    [logmSync, logm],
    [expmSync, expm],
  ] as const)
    await both(stripped(sync), awaited(async), A, {})
  await both(stripped(powmSync), awaited(powm), A, 0.7, {})
  await both(stripped(funmSync), awaited(funm), A, { f: Math.sin, derivative: Math.cos }, {})
  const [G, E] = [randomSymmetric(12, 1), randomSymmetric(12, 2)]
  const [blocking, promised] = [sqrtmSync(A), await sqrtm(A)]
  await both(blocking.pullback, promised.pullback, G)
  await both(blocking.pushforward, promised.pushforward, E)
  await both(blocking.hessianVector, promised.hessianVector, G, E)
})

it('takes up a saved state', () => {
  const found = logmSync(A)
  const saved = structuredClone(found.state)
  const G = randomSymmetric(12, 3)
  expect(differentiateSync(saved).pullback(G)).toEqual(found.pullback(G))
})

describe('eigenvalues that are not positive', () => {
  const w = logSpaced(6, 100)
  w[5] = 0
  const singular = symmetricPart(scaled(identity(6), w))
  const indefinite = scaled(identity(3), Float64Array.of(1, -0.5, 2))

  it('are an error by default, by name', () => {
    for (const f of [sqrtmSync, invSqrtmSync, logmSync, (A: Dense) => powmSync(A, -1)]) {
      expect(failure(() => f(singular))).toMatchObject({ code: 'ERR_SINGULAR' })
      expect(failure(() => f(indefinite))).toMatchObject({ code: 'ERR_INDEFINITE', message: /matrix 0 .*-0\.5/ })
    }
    expect(expmSync(indefinite).value.values[4]).toBeCloseTo(Math.exp(-0.5), 14)
    expect(powmSync(indefinite, 3).value.values[4]).toBeCloseTo(-0.125, 14)
    expect(powmSync(singular, 2).pullback(identity(6)).values[35]).toBe(0)
  })

  it('are clamped', () => {
    const X = invSqrtmSync(singular, { eigenvalues: 'clamp' }).value
    expect(X.values[35]! * Math.sqrt(6 * EPS)).toBeCloseTo(1, 12)
    expect(sqrtmSync(dense(2, 2, [0, 0, 0, 0]), { eigenvalues: 'clamp' }).value.values).toEqual(new Float64Array(4))
  })

  it('are left out', () => {
    const root = sqrtmSync(singular, { eigenvalues: 'pseudo' })
    expect(root.residual).toBeLessThan(1e-14)
    const found = invSqrtmSync(singular, { eigenvalues: 'pseudo' })
    expect(found.value.values[35]).toBe(0)
    const G = randomSymmetric(6, 1)
    const out = powmSync(singular, -1, { eigenvalues: 'pseudo' }).pullback(G).values
    // the pseudo-inverse: -A^+ G A^+ within its range, A^+^2 G beside it, nothing outside
    expect(out[1]).toBeCloseTo(-G.values[1]! / (w[0]! * w[1]!), 10)
    expect(out[5]).toBeCloseTo(G.values[5]! / w[0]! ** 2, 10)
    expect(out[35]).toBe(0)
    expect(failure(() => found.hessianVector(G, G))).toMatchObject({ code: 'ERR_UNSUPPORTED' })
  })
})

describe('misuse', () => {
  const loose = sqrtmSync as unknown as Loose
  it.each([
    ['no matrix', 'ERR_TYPE', [1]],
    ['an array without count', 'ERR_TYPE', [[1, 0, 0, 1]]],
    ['not square', 'ERR_SHAPE', [dense(2, 3, [1, 2, 3, 4, 5, 6])]],
    ['not symmetric', 'ERR_NOT_SYMMETRIC', [dense(2, 2, [2, 1, 0, 2])]],
    ['NaN', 'ERR_NOT_FINITE', [dense(2, 2, [1, 0, 0, Number.NaN])]],
    ['infinite', 'ERR_NOT_FINITE', [dense(2, 2, [1, 0, 0, Number.POSITIVE_INFINITY])]],
    ['a batch that is not count n^2 long', 'ERR_SHAPE', [[1, 0, 0, 1, 1], { count: 1 }]],
    ['a batch of another count', 'ERR_SHAPE', [identity(4), { count: 2 }]],
    ['a count that is none', 'ERR_OPTION', [identity(4), { count: -1 }]],
    ['a policy that is none', 'ERR_OPTION', [identity(4), { eigenvalues: 'ignore' }]],
    ['an option that is none', 'ERR_OPTION', [identity(4), { eigenvalue: 'clamp' }]],
  ] as const)('%s', (_, code, args) => {
    expect(failure(() => loose(...args))).toMatchObject({ name: 'KrylovError', code })
  })

  it('of derivatives', () => {
    const found = sqrtmSync(A)
    const pullback = found.pullback as unknown as Loose
    expect(failure(() => pullback(identity(11)))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => pullback([1, 2]))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => pullback(undefined))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => pullback(A.values.map((a, at) => (at === 3 ? Number.NaN : a))))).toMatchObject({
      code: 'ERR_NOT_FINITE',
    })
    const take = differentiateSync as unknown as Loose
    for (const state of [null, {}, { ...found.state, n: 3 }, { ...found.state, vectors: [1] }])
      expect(failure(() => take(state))).toBeInstanceOf(KrylovError)
  })

  it('of functions', () => {
    const [power, table] = [powmSync, funmSync] as unknown as [Loose, Loose]
    expect(failure(() => power(A, Number.NaN))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => table(A, Math.sqrt))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => table(A, { f: Math.sqrt }))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => table(A, { f: () => 'x', derivative: Math.cos }))).toMatchObject({ code: 'ERR_NOT_FINITE' })
    const wave = funmSync(A, { f: Math.sin, derivative: Math.cos })
    expect(failure(() => wave.hessianVector(A, A))).toMatchObject({ code: 'ERR_UNSUPPORTED' })
    expect(failure(() => expmSync(scaled(A, new Float64Array(12).fill(1e4))))).toMatchObject({ code: 'ERR_NOT_FINITE' })
    const own = new Error('of the function itself')
    const throwing = {
      f: () => {
        throw own
      },
      derivative: Math.cos,
    }
    expect(failure(() => funmSync(A, throwing))).toBe(own)
  })
})
