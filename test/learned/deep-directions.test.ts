import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cg } from '../../src/krylov/cg.ts'
import { families } from '../../src/learned/families.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { dot } from '../support/small.ts'

const A = families.diff(14, { seed: 1 })
const y = normal(3, A.rows)
const b = densely(A, y)

/** Networks that answer later, and not what a preconditioner should; fresh for every solve. */
const networks: Readonly<Record<string, () => (r: Float64Array) => Promise<Float64Array>>> = {
  random: () => {
    let call = 0
    return async r => normal(9, r.length, call++)
  },
  indefinite: () => async r => r.map((value, i) => (i % 3 === 0 ? -2 : 1) * value),
  'negative definite': () => async r => r.map(value => -value),
  zero: () => async r => new Float64Array(r.length),
  'not linear': () => async r => r.map(value => Math.tanh(5 * value) + 0.1 * Math.abs(value)),
}

describe.each(Object.entries(networks))('a network that is %s', (_, make) => {
  it('never lets the energy norm of the error rise by more than 1e-12', async () => {
    let last = Math.sqrt(dot(y, b))
    const begun = last
    for (let maxIterations = 1; maxIterations <= 24; maxIterations++) {
      const { x } = await cg(A, b, { flexible: true, preconditioner: make(), maxIterations })
      const e = x.map((value, i) => value - y[i]!)
      const energy = Math.sqrt(dot(e, densely(A, e)))
      expect(energy).toBeLessThanOrEqual(last * (1 + 1e-12))
      last = energy
    }
    expect(last).toBeLessThan(begun)
  })

  it('still solves, and so it does where constants are the null space', async () => {
    const { converged, x } = await cg(A, b, { flexible: true, preconditioner: make(), maxIterations: 20_000 })
    expect(converged).toBe(true)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.001e-8)
    const L = randomGraphLaplacian(100, { degree: 4, seed: 6 })
    const f = normal(5, L.rows)
    const mean = f.reduce((sum, value) => sum + value, 0) / f.length
    const rhs = f.map(value => value - mean)
    const found = await cg(L, rhs, {
      flexible: true,
      nullspace: 'constant',
      preconditioner: make(),
      maxIterations: 20_000,
    })
    expect(found.converged).toBe(true)
    expect(trueRelativeResidual(L, found.x, rhs)).toBeLessThanOrEqual(1.001e-8)
    expect(Math.abs(found.x.reduce((sum, value) => sum + value, 0))).toBeLessThanOrEqual(1e-9)
  })
})

describe('a network that takes its time', () => {
  it('is counted', async () => {
    const wait = 3
    const network = async (r: Float64Array) => {
      await sleep(wait)
      return r
    }
    const { iterations, time } = await cg(A, b, { flexible: true, preconditioner: network })
    expect(time.solve).toBeGreaterThanOrEqual(0.9 * wait * iterations)
  })
})
