import { describe, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import { normal, uniform } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { preconditioners, solvers } from '../../src/methods.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { norm, trueRelativeResidual } from '../support/problems.ts'
import { times, withEigenvalues } from '../support/small.ts'

/*
 * Random spectra, definite and not, singular and not, up to condition 1e18, at random scales: whatever a solver says has
 * to be true.
 */

const RTOL = 1e-9

function draw(seed: number): { A: Csr; b: Float64Array; x0: Float64Array | undefined } {
  const u = uniform(seed, 64)
  const n = 1 + Math.floor(20 * u[0]!)
  const decades = 18 * u[1]!
  const eigenvalues = Array.from({ length: n }, (_, i) => {
    const size = 10 ** (-decades * u[2 + i]!)
    if (u[30]! < 0.2 && i === 0) return 0
    return u[31]! < 0.3 && i % 3 === 1 ? -size : size
  })
  const scale = 10 ** Math.round(u[32]! < 0.3 ? 400 * (u[33]! - 0.5) : 0)
  const b = normal(seed, n).map(v => v * 10 ** Math.round(u[34]! < 0.3 ? 400 * (u[35]! - 0.5) : 0))
  return { A: times(withEigenvalues(eigenvalues, seed), scale), b, x0: u[36]! < 0.2 ? normal(seed + 1, n) : undefined }
}

/** The relative residual, and what rounding alone can make of it, in units that cannot overflow. */
function relative(A: Csr, x: Float64Array, b: Float64Array): [found: number, rounding: number] {
  const [a, c] = [A.values, b].map(v => v.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) as [
    number,
    number,
  ]
  if (a === 0 || c === 0) return norm(b.map(value => value / (c || 1))) === 0 ? [0, 0] : [1, 0]
  const y = x.map(value => ((a > 1 ? value / c : value) * a) / (a > 1 ? 1 : c))
  const rhs = b.map(value => value / c)
  const rounding = (10 * A.rows * Number.EPSILON * norm(y)) / norm(rhs)
  return [trueRelativeResidual(A.withValues(A.values.map(value => value / a)), y, rhs), rounding]
}

// the TypeScript half takes six times as long, and says the same but for its sums
const seeds = Array.from({ length: backend().name === 'native' ? 60 : 20 }, (_, seed) => seed)

describe.each([...solvers.map(({ name, sync }) => ({ name, sync })), { name: 'flexible', sync: flexible }])(
  '$name',
  ({ name, sync }) => {
    it.each(preconditioners)('tells the truth with $name', ({ recipe }) => {
      for (const seed of seeds) {
        const { A, b, x0 } = draw(seed)
        const solution = sync(A, b, { preconditioner: recipe, rtol: RTOL, maxIterations: 500, ...(x0 ? { x0 } : {}) })
        const [found, rounding] = relative(A, solution.x, b)
        const told = `${name}, seed ${seed}: ${solution.reason}, ${found}`
        expect(solution.x.every(Number.isFinite), told).toBe(true)
        if (solution.converged) expect(found, told).toBeLessThanOrEqual(RTOL + rounding)
        expect(solution.converged, told).toBe(solution.relativeResidual <= RTOL)
      }
    })
  },
)

function flexible(...[A, b, options]: Parameters<(typeof solvers)[number]['sync']>) {
  return cgSync(A, b, { ...options, flexible: true })
}
