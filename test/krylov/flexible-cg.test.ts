import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { both } from '../support/both.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, dot } from '../support/small.ts'

const A = diffusion2d(16, { variance: 1, seed: 1 })
const y = normal(3, A.rows)
const b = densely(A, y)
const d = A.diagonal()

const energy = (x: Float64Array) => {
  const e = x.map((value, i) => value - y[i]!)
  return Math.sqrt(dot(e, densely(A, e)))
}

describe('flexible cg', () => {
  it.each([1, 2, 5])('with memory %i converges for z = D^-1 r + 0.1 sin(r)', async memory => {
    for (const rhs of [normal(3, A.rows), b.map(value => value / 1e3)]) {
      const preconditioner = (r: Float64Array) => r.map((v, i) => v / d[i]! + 0.1 * Math.sin(v))
      const solution = await both(cgSync, cg, A, rhs, { flexible: { memory }, preconditioner })
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, rhs)).toBeLessThanOrEqual(1.001e-8)
    }
  })

  it('takes the iterations of plain cg where the preconditioner stays the same', () => {
    const plain = cgSync(A, b, { preconditioner: ic0 })
    const flexible = cgSync(A, b, { preconditioner: ic0, flexible: true })
    expect(Math.abs(flexible.iterations - plain.iterations)).toBeLessThanOrEqual(1)
  })

  it.each([1, 2, 3, 4])('lets the energy norm fall whatever the preconditioner returns (seed %i)', seed => {
    const errors: number[] = []
    for (let maxIterations = 1; maxIterations <= 25; maxIterations++) {
      let call = 0
      const preconditioner = (r: Float64Array) => {
        const noise = normal(seed, r.length, call++)
        return r.map((v, i) => v / d[i]! + 2 * Math.abs(v) * noise[i]!)
      }
      errors.push(energy(cgSync(A, b, { preconditioner, flexible: true, maxIterations }).x))
    }
    errors.forEach((error, at) => void (at > 0 && expect(error).toBeLessThanOrEqual(errors[at - 1]! * (1 + 1e-12))))
    expect(errors.at(-1)!).toBeLessThan(errors[0]!)
  })

  it('survives a preconditioner that answers zero, or the same again and again', async () => {
    for (const preconditioner of [
      (_: Float64Array, z: Float64Array) => void z.fill(0),
      (_: Float64Array, z: Float64Array) => void z.fill(1),
    ]) {
      const solution = await both(cgSync, cg, A, b, { preconditioner, flexible: true })
      expect(solution.x.every(Number.isFinite)).toBe(true)
      if (solution.converged) expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
      expect(energy(solution.x)).toBeLessThan(energy(new Float64Array(A.rows)))
    }
  })

  it('does not pass over a preconditioner that answers NaN', async () => {
    const preconditioner = (r: Float64Array) => r.map(() => Number.NaN)
    expect((await both(cgSync, cg, A, b, { preconditioner, flexible: true })).reason).toBe('not-finite')
  })

  it('names an indefinite operator, and exact answers end it', async () => {
    const indefinite = await both(cgSync, cg, diagonal([1, 2, -5]), [1, 1, 1], { flexible: true })
    expect(indefinite.reason).toBe('indefinite-operator')
    const exact = await both(cgSync, cg, diagonal([1, 2, 2]), [1, 1, 1], { flexible: true, rtol: 1e-14 })
    expect([exact.reason, exact.iterations]).toEqual(['converged', 2])
    expect((await both(cgSync, cg, A, b, { flexible: true, rtol: 0 })).reason).toBe('stagnated')
  })
})
