import { describe, expect, it } from 'vitest'
import { direct, preconditioners, solvers } from '../../src/methods.ts'
import { gallery, trueRelativeResidual } from '../support/problems.ts'

/* Every solver on every problem that it accepts, with every preconditioner. */
describe.each(solvers)('$name', ({ accepts, async, sync }) => {
  const problems = gallery.filter(({ tag }) => accepts.includes(tag))

  describe.each(problems)('$name', ({ A, b, tag }) => {
    const nullspace = tag === 'semidefinite' ? ({ nullspace: 'constant' } as const) : {}

    const suitable = [...preconditioners, ...(tag === 'semidefinite' ? [] : direct)].filter(
      row => (row.accepts === 'square' || tag !== 'nonsymmetric') && (row.definite || accepts.includes('nonsymmetric')),
    )

    it.each(suitable)('$name', async ({ recipe }) => {
      const options = { preconditioner: recipe, rtol: 1e-9, ...nullspace }
      const solution = sync(A, b, options)
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-9)
      expect((await async(A, b, options)).x).toEqual(solution.x)
    })

    it('stops at maxIterations and says so', () => {
      if (A.rows < 100) return
      const solution = sync(A, b, { maxIterations: 3, ...nullspace })
      expect([solution.converged, solution.reason, solution.iterations]).toEqual([false, 'max-iterations', 3])
      expect(solution.relativeResidual).toBeCloseTo(trueRelativeResidual(A, solution.x, b), 12)
    })
  })
})
