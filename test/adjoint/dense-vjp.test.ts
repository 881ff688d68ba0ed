import { describe, expect, it } from 'vitest'
import type { Dense } from '../../src/index.ts'
import {
  choleskyVjp,
  choleskyVjpSync,
  dense,
  eighVjp,
  eighVjpSync,
  lstsqVjp,
  lstsqVjpSync,
  svdVjp,
  svdVjpSync,
} from '../../src/index.ts'
import { definite, inner, randomSymmetric } from '../support/batches.ts'
import { identity, randomDense } from '../support/dense.ts'
import { failure } from '../support/misuse.ts'

const moved = (A: Dense, t: number, E: Dense) =>
  dense(
    A.rows,
    A.columns,
    A.values.map((a, k) => a + t * E.values[k]!),
  )
const slope = (f: (t: number) => number, step = 1e-6) => (f(step) - f(-step)) / (2 * step)
const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-6 * Math.max(1, Math.abs(b)))
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0)

describe('derivatives of factorizations are those of central differences, in both forms', () => {
  it('choleskyVjp', async () => {
    const [A, E, G] = [definite(7, 50), randomSymmetric(7, 1), randomDense(7, 7, 2)]
    const gradient = choleskyVjpSync(A).pullback(G)
    near(
      inner(gradient, E),
      slope(t => inner(G, choleskyVjpSync(moved(A, t, E)).value)),
    )
    expect(await (await choleskyVjp(A)).pullback(G)).toEqual(gradient)
  })

  it('eighVjp', async () => {
    const [A, E, G] = [randomSymmetric(6, 3), randomSymmetric(6, 1), randomDense(6, 6, 2)]
    const v = [1, -2, 3, 0.5, 0, 1]
    const start = eighVjpSync(A)
    const sign = (V: Dense) => {
      // columns keep the sides they had at A
      const flips = Array.from({ length: 6 }, (_, c) =>
        Math.sign(
          Array.from({ length: 6 }, (_, r) => V.values[r * 6 + c]! * start.value.vectors.values[r * 6 + c]!).reduce(
            (a, b) => a + b,
          ),
        ),
      )
      return dense(
        6,
        6,
        V.values.map((x, k) => x * flips[k % 6]!),
      )
    }
    const f = (t: number) => {
      const { values, vectors } = eighVjpSync(moved(A, t, E)).value
      return dot(v, values) + inner(G, sign(vectors))
    }
    const gradient = start.pullback({ values: v, vectors: G })
    near(inner(gradient, E), slope(f))
    expect(await (await eighVjp(A)).pullback({ values: v, vectors: G })).toEqual(gradient)
  })

  it('eighVjp at equal eigenvalues', () => {
    const same = eighVjpSync(identity(3))
    expect(same.pullback({ values: [1, 1, 1] })).toEqual(identity(3))
    // |V|^2 does not depend on the basis
    expect(same.pullback({ vectors: same.value.vectors }).values.every(x => x === 0)).toBe(true)
    expect(failure(() => same.pullback({ vectors: randomDense(3, 3) }))).toMatchObject({ code: 'ERR_UNSUPPORTED' })
  })

  it.each([
    [7, 4],
    [4, 7],
    [5, 5],
  ])('svdVjp, %i x %i', async (m, n) => {
    const [A, E] = [randomDense(m, n, 1), randomDense(m, n, 2)]
    const k = Math.min(m, n)
    const [P, Q] = [randomDense(m, k, 4), randomDense(n, k, 5)]
    const start = svdVjpSync(A)
    const f = (t: number) => {
      const { u, s, v } = svdVjpSync(moved(A, t, E)).value
      let sum = 2 * s[0]! - s[k - 1]!
      for (let c = 0; c < k; c++) {
        let side = 0
        for (let r = 0; r < m; r++) side += u.values[r * k + c]! * start.value.u.values[r * k + c]!
        for (let r = 0; r < m; r++) sum += Math.sign(side) * u.values[r * k + c]! * P.values[r * k + c]!
        for (let r = 0; r < n; r++) sum += Math.sign(side) * v.values[r * k + c]! * Q.values[r * k + c]!
      }
      return sum
    }
    const s = Array.from({ length: k }, (_, i) => (i === 0 ? 2 : i === k - 1 ? -1 : 0))
    const gradient = start.pullback({ u: P, s, v: Q })
    near(inner(gradient, E), slope(f))
    expect(await (await svdVjp(A)).pullback({ u: P, s, v: Q })).toEqual(gradient)
  })

  it('lstsqVjp', async () => {
    const [A, E, b, db] = [
      randomDense(12, 4, 1),
      randomDense(12, 4, 2),
      randomDense(12, 1, 3).values,
      randomDense(12, 1, 4).values,
    ]
    const v = [1, 2, -1, 0.5]
    const gradient = lstsqVjpSync(A, b).pullback(v)
    const f = (t: number) =>
      dot(
        v,
        lstsqVjpSync(
          moved(A, t, E),
          b.map((x, i) => x + t * db[i]!),
        ).value,
      )
    near(inner(gradient.A, E) + dot(gradient.b, db), slope(f))
    expect(await (await lstsqVjp(A, b)).pullback(v)).toEqual(gradient)
  })
})

it('misuse', () => {
  expect(failure(() => choleskyVjpSync(dense(2, 2, [1, 0, 0, -1])))).toMatchObject({ code: 'ERR_INDEFINITE' })
  expect(failure(() => choleskyVjpSync(identity(2)).pullback(identity(3)))).toMatchObject({ code: 'ERR_SHAPE' })
  expect(failure(() => eighVjpSync(dense(2, 2, [1, 2, 0, 1])))).toMatchObject({ code: 'ERR_NOT_SYMMETRIC' })
  expect(failure(() => svdVjpSync(dense(2, 2, [1, 0, 0, 0])).pullback({ u: identity(2) }))).toMatchObject({
    code: 'ERR_SINGULAR',
  })
  expect(failure(() => lstsqVjpSync(dense(3, 2, [1, 1, 1, 1, 1, 1]), [1, 2, 3]))).toMatchObject({
    code: 'ERR_SINGULAR',
  })
  expect(failure(() => lstsqVjpSync(identity(2), [1]))).toMatchObject({ code: 'ERR_SHAPE' })
})
