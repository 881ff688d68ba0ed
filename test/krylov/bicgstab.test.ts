import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { bicgstab, bicgstabSync } from '../../src/krylov/bicgstab.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { ilu0 } from '../../src/precondition/ilu0.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const A = convectionDiffusion2d(40, { diffusion: 0.01, angle: 0.4 })
const b = normal(3, A.rows)

/** u I + S, S skew with eigenvalues up to 2 on the imaginary axis. */
function skewDominant(n: number, u: number): Csr {
  const i = Array.from({ length: n }, (_, k) => k)
  const [left, right] = [i.slice(0, -1), i.slice(1)]
  return Csr.fromTriplets(
    n,
    n,
    [...i, ...left, ...right],
    [...i, ...right, ...left],
    [...i.map(() => u), ...left.map(() => 1), ...right.map(() => -1)],
  )
}

describe('bicgstab', () => {
  it.each([1, 2, 4])('l = %d solves convection to the true residual, plain and preconditioned', async l => {
    for (const preconditioner of [undefined, ilu0]) {
      const options = preconditioner === undefined ? { l } : { l, preconditioner }
      const solution = await both(bicgstabSync, bicgstab, A, b, options)
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
      expect(solution.applications.operator).toBeGreaterThanOrEqual(2 * l * solution.iterations)
    }
  })

  it('with l = 2 converges where eigenvalues lie along the imaginary axis, and with l = 1 does not', () => {
    const skew = skewDominant(400, 0.02)
    const rhs = normal(1, 400)
    const [one, two] = [1, 2].map(l => bicgstabSync(skew, rhs, { l, maxIterations: 4000 / l }))
    expect(one!.converged).toBe(false)
    expect(two!.reason).toBe('converged')
    expect(trueRelativeResidual(skew, two!.x, rhs)).toBeLessThanOrEqual(1.001e-8)
  })

  it('names a breakdown that it cannot get around', () => {
    const turn = Csr.fromTriplets(2, 2, [0, 1], [1, 0], [1, -1])
    expect(bicgstabSync(turn, [1, 0]).reason).toBe('breakdown')
    expect(gmresSync(turn, [1, 0]).converged).toBe(true)
  })

  it('is exact after one iteration with a factorization', () => {
    const triangular = Csr.fromTriplets(3, 3, [0, 1, 1, 2], [0, 0, 1, 2], [2, 5, 4, 8])
    expect(bicgstabSync(triangular, [2, 9, 8], { preconditioner: ilu0 })).toMatchObject({
      converged: true,
      iterations: 1,
    })
  })

  it('says what doubles allow, where more is asked for', () => {
    const solution = bicgstabSync(A, b, { rtol: 0 })
    expect(solution.reason).toBe('stagnated')
    expect(solution.relativeResidual).toBeLessThan(1e-13)
  })

  it.each([0, 1.5, 9, '2'])('refuses l = %s', l => {
    expect(() => bicgstabSync(A, b, { l } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining('bicgstabSync: option l') }),
    )
  })
})
