import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { identity } from '../../src/precondition/identity.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { shuffled } from '../support/matrices.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, dot, times, tridiagonal, withEigenvalues } from '../support/small.ts'

describe('cg ends exactly', () => {
  it.each([1, 2, 3, 5])('after %i iterations, one per distinct eigenvalue', async k => {
    const A = withEigenvalues(Array.from({ length: 30 }, (_, i) => 1 + (i % k)))
    const solution = await both(cgSync, cg, A, normal(1, 30), { rtol: 1e-12 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', k])
  })

  it('after one iteration with an exact factor', async () => {
    const A = tridiagonal([4, 5, 6, 5, 4], [1, -2, 1, 2])
    const solution = await both(cgSync, cg, A, normal(2, 5), { preconditioner: ic0, rtol: 1e-13 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 1])
  })

  it('before the first iteration at the solution', async () => {
    const A = diagonal([2, 4, 8])
    const solution = await both(cgSync, cg, A, [2, 8, 24], { x0: [1, 2, 3], rtol: 0 })
    expect([solution.reason, solution.iterations, solution.residualNorm]).toEqual(['converged', 0, 0])
    expect(Array.from(solution.x)).toEqual([1, 2, 3])
    expect(solution.applications).toEqual({ operator: 1, preconditioner: 0 })
  })

  it('with fresh zeros for b = 0, whatever x0', async () => {
    const x0 = Float64Array.of(1, 2, 3)
    const solution = await both(cgSync, cg, diagonal([1, 2, 3]), new Float64Array(3), { x0 })
    expect([solution.reason, solution.iterations, solution.relativeResidual]).toEqual(['converged', 0, 0])
    expect(Array.from(solution.x)).toEqual([0, 0, 0])
    expect(Array.from(x0)).toEqual([1, 2, 3])
  })

  it('with success at the last iteration that is allowed', async () => {
    const solution = await both(cgSync, cg, diagonal([1, 1, 1]), [3, 1, 4], { maxIterations: 1 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', 1])
    expect(Array.from(solution.x)).toEqual([3, 1, 4].map(value => expect.closeTo(value, 14)))
  })

  it('at once with maxIterations 0', async () => {
    const solution = await both(cgSync, cg, diagonal([1, 2]), [3, 4], { maxIterations: 0 })
    expect([solution.reason, solution.iterations, solution.residualNorm]).toEqual(['max-iterations', 0, 5])
    expect(Array.from(solution.x)).toEqual([0, 0])
  })

  it('on a system of no unknowns', async () => {
    const solution = await both(cgSync, cg, diagonal([]), [], { preconditioner: ic0 })
    expect([solution.reason, solution.iterations, solution.x.length]).toEqual(['converged', 0, 0])
  })

  it.each([1, 1e-160, 1e160, 5e-324, -3])('on one equation, a = %d', async a => {
    const b = Number.isFinite(6 * a) ? 6 * a : a
    const solution = await both(cgSync, cg, diagonal([a]), [b])
    if (a > 0) expect([solution.reason, solution.x[0]]).toEqual(['converged', expect.closeTo(b / a, 12)])
    else expect(solution.reason).toBe('indefinite-operator')
  })
})

describe('cg keeps its invariants', () => {
  const A = diffusion2d(15, { variance: 1, seed: 3 })
  const y = normal(4, A.rows)
  const b = densely(A, y)

  it('lets the energy norm of the error fall in every iteration', () => {
    const energy = (x: Float64Array) => {
      const e = x.map((value, i) => value - y[i]!)
      return Math.sqrt(dot(e, densely(A, e)))
    }
    let last = energy(new Float64Array(A.rows))
    for (let maxIterations = 1; maxIterations <= 30; maxIterations++) {
      const now = energy(cgSync(A, b, { maxIterations, preconditioner: jacobi }).x)
      expect(now).toBeLessThan(last)
      last = now
    }
  })

  it.each([1e-3, 8, 1e6])('takes the same iterations for %d A and %d b', c => {
    const plain = cgSync(A, b, { rtol: 1e-9 })
    const scaled = cgSync(
      times(A, c),
      b.map(value => c * value),
      { rtol: 1e-9 },
    )
    expect(Math.abs(scaled.iterations - plain.iterations)).toBeLessThanOrEqual(1)
    scaled.x.forEach((value, i) => void expect(value).toBeCloseTo(plain.x[i]!, 6))
  })

  it('hardly notices the order of the unknowns', () => {
    const u = uniform(5, A.rows)
    const order = Array.from({ length: A.rows }, (_, i) => i).sort((i, j) => u[i]! - u[j]!)
    const plain = cgSync(A, b, { rtol: 1e-9 })
    const permuted = cgSync(
      shuffled(A, u),
      order.map(i => b[i]!),
      { rtol: 1e-9 },
    )
    expect(Math.abs(permuted.iterations - plain.iterations)).toBeLessThanOrEqual(2)
    order.forEach((i, at) => void expect(permuted.x[at]).toBeCloseTo(plain.x[i]!, 6))
  })

  it('treats the identity recipe as no preconditioner', () => {
    const [plain, named] = [cgSync(A, b), cgSync(A, b, { preconditioner: identity })]
    expect([named.iterations, named.x]).toEqual([plain.iterations, plain.x])
  })

  it('needs fewer iterations from a first guess nearby, and leaves the guess alone', async () => {
    const x0 = y.map((value, i) => value * (1 + 1e-5 * Math.sin(i)))
    const kept = x0.slice()
    const warm = await both(cgSync, cg, A, b, { x0 })
    expect(warm.iterations).toBeLessThan(cgSync(A, b).iterations)
    expect([x0, warm.x === x0]).toEqual([kept, false])
    expect(trueRelativeResidual(A, warm.x, b)).toBeLessThanOrEqual(1e-8)
  })
})

describe('cg reports', () => {
  const A = poisson2d(20)
  const b = normal(6, 400)

  it('a residual norm per iteration, the last one the true one nearly', async () => {
    const { history, iterations, residualNorm } = await both(cgSync, cg, A, b, { history: true })
    expect(history!.length).toBe(iterations + 1)
    expect(history![0]).toBeCloseTo(norm(b), 12)
    expect(history!.at(-1)! / residualNorm).toBeCloseTo(1, 4)
    expect(cgSync(A, b).history).toBeUndefined()
  })

  it('the extreme eigenvalues', () => {
    const { spectrum } = cgSync(A, b, { rtol: 1e-12 })
    const largest = 8 * Math.cos(Math.PI / 42) ** 2
    const smallest = 8 * Math.sin(Math.PI / 42) ** 2
    expect(spectrum.largest / largest).toBeCloseTo(1, 8)
    expect(spectrum.smallest / smallest).toBeCloseTo(1, 8)
    expect(spectrum.condition).toBeCloseTo(spectrum.largest / spectrum.smallest, 8)
    expect(Object.values(cgSync(A, new Float64Array(400)).spectrum).every(Number.isNaN)).toBe(true)
  })

  it('the spectrum of the preconditioned operator, not of A', () => {
    const { spectrum } = cgSync(times(A, 1e3), b, { rtol: 1e-12, preconditioner: jacobi })
    expect(spectrum.largest).toBeCloseTo(2 * Math.cos(Math.PI / 42) ** 2, 6)
  })

  it('what it applied', () => {
    const plain = cgSync(A, b)
    expect(plain.applications).toEqual({ operator: plain.iterations + 1, preconditioner: 0 })
    const jacobied = cgSync(A, b, { preconditioner: jacobi })
    expect(jacobied.applications).toEqual({ operator: jacobied.iterations + 1, preconditioner: jacobied.iterations })
  })

  it('its times', () => {
    const begun = performance.now()
    const { time } = cgSync(A, b, { preconditioner: ic0 })
    expect(time.setup).toBeGreaterThan(0)
    expect(time.solve).toBeGreaterThan(0)
    expect(time.setup + time.solve).toBeLessThanOrEqual(performance.now() - begun)
  })

  it('its progress', async () => {
    const seen: number[] = []
    const solution = cgSync(A, b, { onProgress: ({ iteration }) => seen.push(iteration) })
    expect(seen).toEqual(Array.from({ length: solution.iterations }, (_, i) => i + 1))
    seen.length = 0
    await cg(A, b, { onProgress: ({ iteration }) => seen.push(iteration) })
    expect(seen.length).toBeGreaterThan(0)
    seen.forEach((iteration, at) => void (at > 0 && expect(iteration).toBeGreaterThan(seen[at - 1]!)))
  })

  it('a time limit, with what it has', async () => {
    for (const solution of [cgSync(A, b, { timeLimit: 0 }), await cg(A, b, { timeLimit: 0 })]) {
      expect(solution.reason).toBe('time-limit')
      expect(solution.x.every(Number.isFinite)).toBe(true)
      expect(solution.relativeResidual).toBeCloseTo(trueRelativeResidual(A, solution.x, b), 12)
    }
  })
})

describe('cg meets', () => {
  const A = poisson2d(20)
  const b = normal(7, 400)

  it.each([1e-2, 1e-5, 1e-12])('rtol %d', rtol => {
    const { x, reason } = cgSync(A, b, { rtol })
    expect(reason).toBe('converged')
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(rtol * (1 + 1e-3))
  })

  it('atol where it is the larger one', () => {
    const { x } = cgSync(A, b, { rtol: 1e-14, atol: 0.1 })
    const found = trueRelativeResidual(A, x, b) * norm(b)
    expect(found).toBeLessThanOrEqual(0.1)
    expect(found).toBeGreaterThan(1e-4)
  })

  it('an atol above the first residual without an iteration', () => {
    expect(cgSync(A, b, { atol: 1e3 }).iterations).toBe(0)
  })
})
