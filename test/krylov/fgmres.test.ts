import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { fgmres, fgmresSync } from '../../src/krylov/fgmres.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const A = convectionDiffusion2d(20, { diffusion: 0.01, angle: 0.4 })
const b = normal(3, A.rows)

describe('fgmres', () => {
  it('is gmres where the preconditioner does not change', async () => {
    const options = { preconditioner: jacobi, restart: 25 }
    const flexible = await both(fgmresSync, fgmres, A, b, options)
    expect(flexible.iterations).toBe(gmresSync(A, b, options).iterations)
    expect(trueRelativeResidual(A, flexible.x, b)).toBeLessThanOrEqual(1.001e-8)
  })

  it('takes an inner iteration for a preconditioner, which differs from one application to the next', () => {
    const laplacian = poisson2d(30)
    const rhs = normal(4, 900)
    let inner = 0
    const preconditioner = (r: Float64Array) => {
      const { x } = cgSync(laplacian, r, { maxIterations: 5 + (inner++ % 4) })
      return x
    }
    const solution = fgmresSync(laplacian, rhs, { preconditioner })
    expect(solution.reason).toBe('converged')
    expect(trueRelativeResidual(laplacian, solution.x, rhs)).toBeLessThanOrEqual(1.001e-8)
    expect(solution.iterations).toBeLessThan(gmresSync(laplacian, rhs).iterations / 3)
  })
})
