import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, withEigenvalues } from '../support/small.ts'

describe('minres', () => {
  it('ends after as many steps as A has distinct eigenvalues, indefinite or not', () => {
    const A = diagonal([-3, -3, 1, 1, 7, 7, 7])
    const b = Float64Array.of(1, 2, 3, 4, 5, 6, 7)
    const solution = minresSync(A, b, { rtol: 1e-13 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 3])
    expect(Array.from(solution.x, (x, i) => x * A.values[i]!)).toEqual(Array.from(b, v => expect.closeTo(v, 11)))
  })

  it('never lets the residual grow', () => {
    const A = poisson2d(20)
    const b = densely(
      A,
      Float64Array.from({ length: 400 }, (_, i) => Math.sin(i)),
    )
    const { history } = minresSync(A, b, { history: true })
    expect(history!.length).toBeGreaterThan(10)
    history!.forEach((norm, i) => {
      if (i > 0) expect(norm).toBeLessThanOrEqual(history![i - 1]! * (1 + 1e-12))
    })
  })

  it('solves a preconditioned indefinite system to the true residual', async () => {
    const A = diagonal(Array.from({ length: 60 }, (_, i) => (i % 2 ? -1 : 1) * (1 + i * i)))
    const b = new Float64Array(60).fill(1)
    const solution = await minres(A, b, { preconditioner: jacobi, rtol: 1e-12 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 2])
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1e-12)
  })

  it('names an indefinite preconditioner', () => {
    const flip = (r: Float64Array, z: Float64Array) => z.set(r.map((v, i) => (i % 2 ? -v : v)))
    const solution = minresSync(
      poisson2d(4),
      Float64Array.from({ length: 16 }, (_, i) => i % 2),
      { preconditioner: flip },
    )
    expect(solution.reason).toBe('indefinite-preconditioner')
  })

  it('never calls the least-squares answer of an inconsistent system converged', () => {
    const A = Csr.fromTriplets(3, 3, [0, 0, 1, 1], [0, 1, 0, 1], [1, -1, -1, 1])
    const solution = minresSync(A, Float64Array.of(1, 0, 1))
    expect(solution.converged).toBe(false)
    expect(solution.x.every(Number.isFinite)).toBe(true)
    expect(Math.max(...solution.x.map(Math.abs))).toBeLessThan(10)
  })

  it('keeps x small where there is no solution', async () => {
    const small = await both(minresSync, minres, diagonal([3, -2, 1, 0]), [1, 1, 1, 1])
    expect([small.reason, small.residualNorm]).toEqual(['stagnated', expect.closeTo(1, 10)])
    expect([...small.x.subarray(0, 3)]).toEqual([1 / 3, -0.5, 1].map(value => expect.closeTo(value, 10)))
    expect(Math.abs(small.x[3]!)).toBeLessThan(10)
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const spread = 10 ** (seed / 2) // condition up to 1e3
      const eigenvalues = Array.from({ length: 60 }, (_, i) => (i < 5 ? 0 : (i % 2 ? -1 : 1) * spread ** (i / 59)))
      const A = withEigenvalues(eigenvalues, seed)
      const b = normal(seed, 60)
      const solution = minresSync(A, b)
      const r = densely(A, solution.x).map((value, i) => b[i]! - value)
      expect(['stagnated', 'max-iterations']).toContain(solution.reason)
      expect(norm(densely(A, r)) / norm(r)).toBeLessThanOrEqual(1e-6 * spread)
      expect(norm(solution.x)).toBeLessThanOrEqual(10 * norm(b))
    }
  })

  it.each([1, 2, 3, 4, 5])('finds the solution of a random indefinite system (seed %i)', async seed => {
    const A = withEigenvalues(
      Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (1 + i)),
      seed,
    )
    const y = normal(seed, 40)
    const b = densely(A, y)
    for (const options of [{}, { preconditioner: jacobi }, { x0: normal(seed + 9, 40) }]) {
      const solution = await both(minresSync, minres, A, b, { ...options, rtol: 1e-12, maxIterations: 2000 })
      expect(solution.reason).toBe('converged')
      expect(norm(solution.x.map((value, i) => value - y[i]!)) / norm(y)).toBeLessThanOrEqual(1e-10)
    }
  })

  it('takes about the iterations of cg on a definite system, and the smallest residual of both', () => {
    const A = poisson2d(15)
    const b = normal(3, 225)
    const [m, c] = [minresSync(A, b, { history: true }), cgSync(A, b, { history: true })]
    expect(m.iterations).toBeLessThanOrEqual(c.iterations)
    m.history!.forEach((size, i) => void expect(size).toBeLessThanOrEqual(c.history![i]! * (1 + 1e-9)))
  })

  it('needs no iteration at the solution, and for b = 0 hands out fresh zeros', async () => {
    const A = diagonal([1, -2, 4])
    const exact = await both(minresSync, minres, A, [1, -4, 12], { x0: [1, 2, 3], rtol: 0 })
    expect([exact.reason, exact.iterations, ...exact.x]).toEqual(['converged', 0, 1, 2, 3])
    const zero = await both(minresSync, minres, A, [0, 0, 0], { x0: [1, 2, 3] })
    expect([zero.reason, zero.iterations, ...zero.x]).toEqual(['converged', 0, 0, 0, 0])
  })
})
