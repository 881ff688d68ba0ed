import { describe, expect, it } from 'vitest'
import type { Dense, SolveVjpOptions } from '../../src/index.ts'
import {
  Csr,
  convectionDiffusion2d,
  dense,
  gcrodrSync,
  ic0,
  ilu0,
  implicit,
  poisson2d,
  solveVjp,
  solveVjpSync,
} from '../../src/index.ts'
import { transposeArrays } from '../../src/sparse/transpose.ts'
import { randomDense } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { generator, randomVector } from '../support/random.ts'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0)
const random = generator(5)

/** The derivative of v . A^-1 b along a change of A's values and of b, by central differences. */
function slope(A: Csr | Dense, b: Float64Array, v: Float64Array, dA: Float64Array, db: Float64Array): number {
  const step = 1e-6
  const at = (t: number) => {
    const values = A.values.map((a, k) => a + t * dA[k]!)
    const moved = A instanceof Csr ? A.withValues(values) : dense(A.rows, A.columns, values)
    return dot(
      v,
      solveVjpSync(
        moved,
        b.map((x, i) => x + t * db[i]!),
      ).value,
    )
  }
  return (at(step) - at(-step)) / (2 * step)
}

const symmetric = poisson2d(9, 7)
const general = convectionDiffusion2d(8)
const full = randomDense(20, 20, 3)
const cases: readonly (readonly [string, Csr | Dense, SolveVjpOptions])[] = [
  ['ldlt', symmetric, {}],
  ['cg + ic0', symmetric, { preconditioner: ic0 }],
  ['deflatedCg', symmetric, { method: 'deflatedCg' }],
  ['minres', symmetric, { method: 'minres' }],
  ['lu', general, {}],
  ['gmres + ilu0', general, { preconditioner: ilu0 }],
  ['gcrodr', general, { method: 'gcrodr' }],
  ['dense', full, {}],
]

describe.each(cases)('solveVjp by %s', (_, A, options) => {
  const n = A.rows
  const [b, v, dA, db] = [n, n, A.values.length, n].map(length => randomVector(random, length)) as Float64Array[] as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]

  it('agrees with central differences, in both forms', async () => {
    const found = solveVjpSync(A, b, options)
    const gradient = found.pullback(v)
    expect([found.accurate, gradient.accurate]).toEqual([true, true])
    const wanted = slope(A, b, v, dA, db)
    expect(Math.abs(dot(gradient.A, dA) + dot(gradient.b, db) - wanted)).toBeLessThan(1e-6 * Math.abs(wanted))
    expect(gradient.A.length).toBe(A.values.length)
    const promised = await solveVjp(A, b, options)
    expect(promised.value).toEqual(found.value)
    expect(await promised.pullback(v)).toEqual(gradient)
  })
})

describe('solveVjp', () => {
  it('says when a solve missed its tolerance', () => {
    const b = randomVector(random, symmetric.rows)
    const cut = solveVjpSync(symmetric, b, { method: 'cg', maxIterations: 2 })
    expect(cut.accurate).toBe(false)
    expect(cut.pullback(b).accurate).toBe(false)
  })

  it('hands the space of one system to the next', () => {
    const A = poisson2d(30)
    const b = randomVector(random, A.rows)
    const first = solveVjpSync(A, b, { method: 'deflatedCg' })
    const next = solveVjpSync(A, b, { method: 'deflatedCg', space: first.space! })
    expect(next.iterations).toBeLessThan(first.iterations)
  })

  it('keeps a space for the adjoint: of A where it is symmetric, of A^T where it is not', () => {
    const grid = poisson2d(30)
    const right = randomVector(random, grid.rows)
    const both = solveVjpSync(grid, right, { method: 'deflatedCg' })
    const back = both.pullback(right)
    expect(back.space).not.toBe(both.space)
    const wind = convectionDiffusion2d(30)
    const b = randomVector(random, wind.rows)
    const first = solveVjpSync(wind, b, { method: 'gcrodr' })
    const adjointSpace = first.pullback(b).space!
    const fresh = gcrodrSync(Csr.from(transposeArrays(wind)), b, { rtol: 1e-10 }).iterations
    const recycled = gcrodrSync(Csr.from(transposeArrays(wind)), b, { rtol: 1e-10, space: adjointSpace }).iterations
    expect(recycled).toBeLessThan(fresh)
    const next = solveVjpSync(wind, b, { method: 'gcrodr', space: first.space!, adjointSpace })
    expect(next.iterations).toBeLessThan(first.iterations)
    expect(next.pullback(b).accurate).toBe(true)
  })

  it('ends on a signal, and so does the derivative', async () => {
    const A = poisson2d(40)
    const b = randomVector(random, A.rows)
    const signal = AbortSignal.abort()
    await expect(solveVjp(A, b, { method: 'cg', signal })).rejects.toThrow()
    const { pullback } = await solveVjp(A, b, { method: 'cg' })
    await expect(pullback(b, { signal })).rejects.toThrow()
    expect((await pullback(b)).accurate).toBe(true)
    expect(failure(() => (solveVjpSync(A, b).pullback as unknown as Loose)(b, { signals: 1 }))).toMatchObject({
      code: 'ERR_OPTION',
    })
  })

  it('is not moved by what happens to its arguments', async () => {
    const b = randomVector(random, symmetric.rows)
    const wanted = solveVjpSync(symmetric, b).value
    const given = b.slice()
    const promise = solveVjp(symmetric, given)
    given.fill(7)
    expect((await promise).value).toEqual(wanted)
  })

  it('misuse', () => {
    const loose = solveVjpSync as unknown as Loose
    const b = randomVector(random, symmetric.rows)
    expect(failure(() => loose(symmetric, b.subarray(1)))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => loose(general, randomVector(random, general.rows), { method: 'cg' }))).toMatchObject({
      code: 'ERR_OPTION',
    })
    expect(failure(() => loose(full, randomVector(random, 20), { method: 'gmres' }))).toMatchObject({
      code: 'ERR_OPTION',
    })
    expect(failure(() => loose(symmetric, b, { methods: 'cg' }))).toMatchObject({ code: 'ERR_OPTION' })
    expect(
      failure(() =>
        loose(
          symmetric,
          b.map(() => Number.NaN),
        ),
      ),
    ).toMatchObject({ code: 'ERR_NOT_FINITE' })
    expect(failure(() => solveVjpSync(symmetric, b).pullback([1]))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => loose(dense(2, 2, [1, 1, 1, 1]), [1, 2]))).toMatchObject({ code: 'ERR_SINGULAR' })
  })
})

describe('implicit', () => {
  // x_i^3 + x_i + sum(x) / 5 = p_i
  const n = 6
  const F = (x: Float64Array, p: Float64Array) =>
    x.map((xi, i) => xi ** 3 + xi + x.reduce((a, b) => a + b, 0) / 5 - p[i]!)
  const root = (p: Float64Array) => {
    let x = new Float64Array(n)
    for (let step = 0; step < 400; step++) {
      const f = F(x, p)
      x = x.map((xi, i) => xi - f[i]! / (3 * xi * xi + 2.5))
    }
    return x
  }
  const p = randomVector(random, n)
  const x = root(p)
  const act = (v: Float64Array) => v.map((vi, i) => (3 * x[i]! ** 2 + 1) * vi + v.reduce((a, b) => a + b, 0) / 5)
  const minus = (v: Float64Array) => v.map(vi => -vi)
  const equation = { x, parameters: n, residual: () => F(x, p), jvp: { x: act, p: minus }, vjp: { x: act, p: minus } }
  const [v, t] = [randomVector(random, n), randomVector(random, n)]
  const step = 1e-6
  const moved = (s: number) => root(p.map((pi, i) => pi + s * t[i]!))
  const [up, down] = [moved(step), moved(-step)]
  const wanted = up.map((u, i) => (u - down[i]!) / (2 * step))

  it.each(['general', 'symmetric', 'definite'] as const)('roots with a %s Jacobian', async jacobian => {
    const found = implicit.rootSync(equation, { jacobian })
    expect(found.residual).toBeLessThan(1e-14)
    const forth = found.pushforward(t)
    expect(forth.accurate).toBe(true)
    for (const [i, d] of forth.value.entries()) expect(Math.abs(d - wanted[i]!)).toBeLessThan(1e-8)
    const back = found.pullback(v)
    expect(Math.abs(dot(back.value, t) - dot(v, wanted))).toBeLessThan(1e-8)
    const later = implicit.root(equation, { jacobian })
    expect(await later.pullback(v)).toEqual(back)
    expect(await later.pushforward(t)).toEqual(forth)
  })

  it('fixed points', async () => {
    // x = g(x, p) = x - F(x, p) / 4
    const g = {
      x,
      parameters: n,
      jvp: { x: (w: Float64Array) => act(w).map((a, i) => w[i]! - a / 4), p: (w: Float64Array) => w.map(y => y / 4) },
      vjp: { x: (w: Float64Array) => act(w).map((a, i) => w[i]! - a / 4), p: (w: Float64Array) => w.map(y => y / 4) },
    }
    const found = implicit.fixedPointSync(g)
    for (const [i, d] of found.pushforward(t).value.entries()) expect(Math.abs(d - wanted[i]!)).toBeLessThan(1e-8)
    expect(Math.abs(dot(found.pullback(v).value, t) - dot(v, wanted))).toBeLessThan(1e-8)
    expect(await implicit.fixedPoint(g).pullback(v)).toEqual(found.pullback(v))
  })

  it('misuse', () => {
    const loose = implicit.rootSync as unknown as Loose
    expect(failure(() => loose(null))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => loose({ ...equation, jvp: {} }))).toMatchObject({ code: 'ERR_TYPE' })
    expect(failure(() => loose({ ...equation, parameters: -1 }))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => loose(equation, { jacobian: 'odd' }))).toMatchObject({ code: 'ERR_OPTION' })
    expect(failure(() => implicit.rootSync(equation).pullback([1]))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => implicit.rootSync({ ...equation, vjp: { x: act, p: () => [1] } }).pullback(v))).toMatchObject({
      code: 'ERR_SHAPE',
    })
  })
})
