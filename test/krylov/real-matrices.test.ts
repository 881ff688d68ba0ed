import { readdirSync } from 'node:fs'
import { describe, expect, it, type TestContext } from 'vitest'
import { cgSync } from '../../src/krylov/cg.ts'
import { minresSync } from '../../src/krylov/minres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { loadReal, optionsFor, readSparse, readVector, realMatrices } from '../support/real-matrices.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

describe('real positive definite matrices', () => {
  it('are all in the table', context => {
    const files = readdirSync(sharedOrSkip(context, 'spd')).filter(file => !/_(b|B|mass)\.mtx/.test(file))
    expect(realMatrices.map(({ file }) => file).sort()).toEqual(files.sort())
  })

  it.for(realMatrices)('$file is solved by the documented options', async (matrix, context) => {
    sharedOrSkip(context, `spd/${matrix.file}`)
    const { A, b } = await loadReal(matrix)
    const solution = cgSync(A, b, optionsFor(matrix))
    expect(solution.reason).toBe('converged')
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1e-8 * (1 + 1e-4))
  })
})

/** Converged by MINRES with Jacobi in at most so many iterations; not: what the condition number allows. */
const indefinite = [
  { file: 'blckhole.mtx.gz', converges: true },
  { file: 'grid_6468rte.mtx.gz', rhs: 'grid_6468rte_b.mtx', converges: true },
  { file: 'grid_ACTIVSg10k.mtx.gz', rhs: 'grid_ACTIVSg10k_b.mtx.gz', converges: true },
  { file: 'laser.mtx.gz', converges: true },
  { file: 'zenios.mtx.gz', converges: true }, // singular; b = A times ones is consistent
  { file: 'hangGlider_2.mtx.gz', converges: false }, // condition 9e10: 4.6e-7 after 10 n iterations
]

async function present(context: TestContext, name: string) {
  sharedOrSkip(context, name)
  return await readSparse(name)
}

describe('real indefinite matrices', () => {
  it.for(indefinite)('$file: minres', async ({ file, rhs, converges }, context) => {
    const A = await present(context, `indef/${file}`)
    const b = rhs === undefined ? densely(A, new Float64Array(A.rows).fill(1)) : await readVector(`indef/${rhs}`)
    const solution = minresSync(A, b, { preconditioner: jacobi })
    const found = trueRelativeResidual(A, solution.x, b)
    expect(solution.reason).toBe(converges ? 'converged' : 'max-iterations')
    expect(found).toBeLessThanOrEqual(converges ? 1.001e-8 : 1e-6)
  })

  it.for(indefinite)('$file: cg never claims success that it does not have', async ({ file }, context) => {
    const A = await present(context, `indef/${file}`)
    const b = densely(A, new Float64Array(A.rows).fill(1))
    for (const options of [{}, { preconditioner: jacobi }]) {
      const solution = cgSync(A, b, { ...options, maxIterations: 2000 })
      expect(solution.x.every(Number.isFinite)).toBe(true)
      if (solution.converged) expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
      else expect(solution.reason).toBe('indefinite-operator')
    }
  })
})
