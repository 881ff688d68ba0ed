import { describe, expect, it } from 'vitest'
import { kernels } from '../../src/core/kernels.ts'
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { preconditioners } from '../../src/methods.ts'
import { amg } from '../../src/precondition/amg.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import { chebyshev } from '../../src/precondition/chebyshev.ts'
import type { Chebyshev, Preconditioner } from '../../src/precondition/kinds.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { densely, norm } from '../support/problems.ts'
import { diagonal, dot } from '../support/small.ts'

/** z = M^-1 r, as every solver that drives kernels from TypeScript applies it. */
function apply(M: Preconditioner, r: Float64Array): Float64Array {
  const z = new Float64Array(r.length)
  for (const _ of precondition(kernels, M, r, z));
  return z
}

const problems = [
  ['Poisson', poisson2d(9, 7)],
  ['diffusion', diffusion2d(8, { variance: 2, seed: 5 })],
  ['1 x 1', diagonal([5])],
] as const

describe.each(preconditioners.filter(row => row.definite))('$name', ({ recipe }) => {
  it.each(problems)('is symmetric and positive on %s', (_, A) => {
    const M = recipe.sync(A)
    for (let seed = 1; seed <= 4; seed++) {
      const [u, v] = [normal(seed, A.rows), normal(seed + 50, A.rows)]
      const [Mu, Mv] = [apply(M, u), apply(M, v)]
      expect(Math.abs(dot(Mu, v) - dot(u, Mv))).toBeLessThanOrEqual(1e-13 * norm(Mu) * norm(v))
      expect(dot(Mu, u)).toBeGreaterThan(0)
    }
  })

  it('is built off the thread and on it to the same bits', async () => {
    const A = problems[1][1]
    expect(await recipe(A)).toEqual(recipe.sync(A))
  })

  it('is linear', () => {
    const A = problems[0][1]
    const M = recipe.sync(A)
    const [u, v] = [normal(1, A.rows), normal(2, A.rows)]
    const [Mu, Mv] = [apply(M, u), apply(M, v)]
    const sum = apply(
      M,
      u.map((value, i) => 2 * value - v[i]!),
    )
    expect(norm(sum.map((value, i) => value - 2 * Mu[i]! + Mv[i]!))).toBeLessThanOrEqual(1e-13 * norm(sum))
  })
})

describe.each([
  ['single', 3e-7],
  ['double', 1e-13],
] as const)('amg in %s precision', (precision, rounding) => {
  it.each(['v', 'w'] as const)('is symmetric and positive: %s-cycle', cycle => {
    const A = diffusion2d(24, { variance: 2, seed: 5 })
    const M = amg.sync(A, { coarsest: 6, precision, cycle })
    const [u, v] = [normal(1, A.rows), normal(51, A.rows)]
    const [Mu, Mv] = [apply(M, u), apply(M, v)]
    expect(Math.abs(dot(Mu, v) - dot(u, Mv))).toBeLessThanOrEqual(rounding * norm(Mu) * norm(v))
    expect(dot(Mu, u)).toBeGreaterThan(0)
  })

  it('is the same of tiny and of huge numbers', () => {
    const A = diffusion2d(20, { variance: 1, seed: 6 })
    const M = amg.sync(A, { coarsest: 6, precision })
    const r = normal(2, A.rows)
    const z = apply(M, r)
    for (const power of [2 ** -600, 2 ** 600])
      expect(
        apply(
          M,
          r.map(value => power * value),
        ),
      ).toEqual(z.map(value => power * value))
  })
})

describe('chebyshev', () => {
  const A = diffusion2d(7, { variance: 1, seed: 3 })

  it.each([1, 2, 3, 4, 8])('of degree %i is the polynomial that is smallest on its interval', degree => {
    const M = chebyshev.sync(A, { degree }) as Chebyshev
    const r = normal(4, A.rows)
    const z = apply(M, r)
    const residual = densely(A, z).map((value, i) => r[i]! - value)
    const expected = chebyshevResidual(A, M, r)
    expect(norm(residual.map((value, i) => value - expected[i]!))).toBeLessThanOrEqual(1e-12 * norm(r))
  })

  it.each([
    ['a long grid, blocked in time', poisson2d(1000, 20), 12],
    ['a square grid, blocked in time', poisson2d(150), 4],
    ['a grid of jumps', diffusion2d(140, { contrast: 100, seed: 1 }), 5],
    ['a far coupling, step by step', farCoupled(20_000), 4],
    ['rows that end early', poisson2d(1024, 17), 2],
  ])('is the same inside a solver and applied by itself: %s', (_, A, degree) => {
    const M = chebyshev.sync(A, { degree })
    const b = normal(7, A.rows)
    const options = { maxIterations: 4, rtol: 1e-14 }
    const inside = cgSync(A, b, { ...options, preconditioner: M })
    const outside = cgSync(A, b, { ...options, preconditioner: (r, z) => void z.set(apply(M, r)) })
    expect(norm(inside.x.map((value, i) => value - outside.x[i]!))).toBeLessThanOrEqual(1e-12 * norm(inside.x))
  })

  it('bounds the spectrum of D^-1 A from above', () => {
    for (const nx of [3, 10, 30]) {
      const { largest, smallest } = chebyshev.sync(poisson2d(nx), { ratio: 20 }) as Chebyshev
      const exact = 1 + Math.cos(Math.PI / (nx + 1))
      expect(largest).toBeGreaterThan(exact)
      expect(largest).toBeLessThanOrEqual(1.1 * exact * (1 + 1e-14)) // Lanczos is exact where it ends early
      expect(largest / smallest).toBeCloseTo(20, 10)
    }
  })

  it('survives a zero matrix and a single entry', () => {
    for (const A of [Csr.fromTriplets(2, 2, [0], [0], [0]), diagonal([3])]) {
      const z = apply(chebyshev.sync(A), new Float64Array(A.rows).fill(1))
      expect(z.every(Number.isFinite)).toBe(true)
    }
  })
})

/** A Laplacian of the line with one coupling from end to end. */
function farCoupled(n: number): Csr {
  const [i, j, a] = [
    [0, n - 1],
    [n - 1, 0],
    [-1, -1],
  ] as [number[], number[], number[]]
  for (let k = 0; k < n; k++) {
    i.push(k)
    j.push(k)
    a.push(4)
    if (k > 0) {
      i.push(k, k - 1)
      j.push(k - 1, k)
      a.push(-1, -1)
    }
  }
  return Csr.fromTriplets(n, n, i, j, a)
}

/** T_d((theta - A D^-1) / delta) r / T_d(theta / delta) by the three-term recurrence of the polynomials themselves. */
function chebyshevResidual(A: Csr, { smallest, largest, degree }: Chebyshev, r: Float64Array): Float64Array {
  const d = A.diagonal()
  const theta = (largest + smallest) / 2
  const delta = (largest - smallest) / 2
  const step = (v: Float64Array) =>
    densely(
      A,
      v.map((value, i) => value / d[i]!),
    ).map((w, i) => (theta * v[i]! - w) / delta)
  let [before, now, tBefore, t] = [r, step(r), 1, theta / delta]
  for (let k = 1; k < degree; k++) {
    const next = step(now).map((value, i) => 2 * value - before[i]!)
    ;[before, now] = [now, next]
    ;[tBefore, t] = [t, ((2 * theta) / delta) * t - tBefore]
  }
  return now.map(value => value / t)
}
