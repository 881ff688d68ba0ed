import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Dense } from '../../src/index.ts'
import {
  backend,
  buresWassersteinDistanceSync,
  dense,
  frechetDistance,
  frechetDistanceSync,
  gemmSync,
  normal,
  qrSync,
  sqrtmSync,
  svdSync,
} from '../../src/index.ts'
import { symmetricPart } from '../support/batches.ts'
import { both } from '../support/both.ts'
import { identity, randomDense, times, trace, transposed } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'

describe('frechetDistance', () => {
  interface Case {
    readonly d: number
    readonly X: number[]
    readonly Y: number[]
    readonly distance: number
    readonly size: number
  }
  const golden = JSON.parse(readFileSync(new URL('golden/frechet.json', import.meta.url), 'utf8')) as Case[]

  it.each(golden)('against 50 digits, $d dimensions', async ({ d, X, Y, distance, size }) => {
    const [x, y] = [dense(X.length / d, d, X), dense(Y.length / d, d, Y)]
    const found = await both(frechetDistanceSync, frechetDistance, x, y, {})
    expect(Math.abs(found.distance - distance)).toBeLessThan(1e-13 * size)
  })

  // KRYLOV_FRECHET=5000,2048 npx vitest run --project native test/matfun/frechet.test.ts -t 'trace of roots'
  it('is the trace of roots of covariances, and zero of samples with themselves', { timeout: 600_000 }, () => {
    const [N = 0, d = 0] = (process.env.KRYLOV_FRECHET ?? '400,96').split(',').map(Number)
    const mix = dense(
      d,
      d,
      // well conditioned, for the other side's sake: roots of a product lose the square root of rounding on small eigenvalues
      normal(1, d * d).map((x, at) => (0.3 * x) / Math.sqrt(d) + (at % (d + 1) === 0 ? 1 : 0)),
    )
    const [X, Y] = [2, 3].map(seed => gemmSync(dense(N, d, normal(seed, N * d)), mix)) as [Dense, Dense]
    const covariance = (S: Dense) => {
      const mean = new Float64Array(d)
      for (const [at, x] of S.values.entries()) mean[at % d]! += x / N
      const C = dense(
        N,
        d,
        S.values.map((x, at) => (x - mean[at % d]!) / Math.sqrt(N - 1)),
      )
      return symmetricPart(gemmSync(C, C, { transposeA: true }))
    }
    const [A, B] = [covariance(X), covariance(Y)]
    const R = sqrtmSync(A, { eigenvalues: 'clamp' }).value
    const inner = symmetricPart(gemmSync(gemmSync(R, B), R))
    const wanted = trace(A) + trace(B) - 2 * trace(sqrtmSync(inner, { eigenvalues: 'clamp' }).value)
    const { covariances } = frechetDistanceSync(X, Y)
    expect(Math.abs(covariances - wanted)).toBeLessThan(1e-10 * (trace(A) + trace(B)))
    expect(frechetDistanceSync(X, X).distance).toBeLessThan(1e-10 * trace(A))
  })

  // with the factors of covariances, where their rounding can be afforded, and with those of samples, where it cannot
  it.each([1, 1e-3, 1e-9])('of many dimensions whose scales fall to %f', least => {
    const [N, d] = backend().name === 'native' ? [420, 260] : [42, 26]
    const samples = (seed: number) =>
      dense(
        N,
        d,
        normal(seed, N * d).map((x, at) => 3 + x * least ** ((at % d) / d)),
      )
    const [X, Y] = [samples(1), samples(2)]
    const triangle = (S: Dense) => {
      const centre = dense(
        N,
        N,
        identity(N).values.map(x => x - 1 / N),
      )
      return qrSync(gemmSync(centre, S), { vectors: false }).r
    }
    const [R, Q] = [triangle(X), triangle(Y)]
    const square = ({ values }: Dense) => values.reduce((sum, x) => sum + x * x, 0) / (N - 1)
    const shared = svdSync(gemmSync(Q, R, { transposeB: true })).s.reduce((sum, x) => sum + x, 0) / (N - 1)
    const size = square(R) + square(Q)
    const { covariances } = frechetDistanceSync(X, Y)
    expect(Math.abs(covariances - (size - 2 * shared))).toBeLessThan(1e-11 * size)
    expect(frechetDistanceSync(X, X).distance).toBeLessThan(1e-11 * square(R))
  })

  it('of moments, and of samples with themselves', () => {
    const X = randomDense(200, 12, 1)
    const Y = randomDense(150, 12, 2)
    const moments = (S: Dense) => {
      const mean = Array.from(
        { length: 12 },
        (_, j) => Array.from({ length: S.rows }, (_, i) => S.values[i * 12 + j]!).reduce((a, b) => a + b, 0) / S.rows,
      )
      const c = dense(
        S.rows,
        12,
        S.values.map((x, at) => (x - mean[at % 12]!) / Math.sqrt(S.rows - 1)),
      )
      return { mean, covariance: symmetricPart(times(transposed(c), c)) }
    }
    const direct = frechetDistanceSync(X, Y)
    expect(Math.abs(direct.distance - frechetDistanceSync(moments(X), moments(Y)).distance)).toBeLessThan(1e-13)
    expect(direct.covariances).toBeCloseTo(
      buresWassersteinDistanceSync(moments(X).covariance, moments(Y).covariance).squared,
      12,
    )
    expect(frechetDistanceSync(X, X).distance).toBeLessThan(1e-10 * trace(moments(X).covariance))
    const few = randomDense(5, 12, 3)
    expect(frechetDistanceSync(few, few).distance).toBeLessThan(1e-12)
  })

  it('misuse', () => {
    const loose = frechetDistanceSync as unknown as Loose
    expect(failure(() => loose(randomDense(1, 3), randomDense(4, 3)))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => loose(randomDense(4, 3), randomDense(4, 2)))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => loose(1, randomDense(4, 2)))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => loose({ mean: [1], covariance: identity(2) }, randomDense(4, 2)))).toMatchObject({
      code: 'ERR_SHAPE',
    })
  })
})
