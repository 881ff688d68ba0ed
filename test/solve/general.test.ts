import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { solve, solveSync } from '../../src/solve/solve.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { both } from '../support/both.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { readSparse } from '../support/real-matrices.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

describe('solve of a matrix that is not symmetric', () => {
  it.each([
    ['2 x 2', Csr.fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 5, 2])],
    ['a permutation', Csr.fromTriplets(4, 4, [0, 1, 2, 3], [1, 2, 3, 0], [1, 2, 3, 4])],
    ['convection', convectionDiffusion2d(50, { diffusion: 0.003, angle: 1 })],
  ])('%s', async (_, A) => {
    const b = normal(1, A.rows)
    const found = await both(solveSync, solve, A, b)
    expect(found.reason).toBe('converged')
    expect(found.why).toMatch(/^not symmetric, n = /)
    expect(trueRelativeResidual(A, found.x, b)).toBeLessThanOrEqual(1.001e-8)
  })

  it('takes dense matrices and blocks of right-hand sides', () => {
    const A = dense(40, 40, normal(3, 1600))
    const B = dense(40, 3, normal(4, 120))
    const found = solveSync(A, B)
    expect([found.converged, found.columns.length]).toEqual([true, 3])
    const column = (block: Float64Array, c: number) => Float64Array.from({ length: 40 }, (_, i) => block[i * 3 + c]!)
    for (let c = 0; c < 3; c++) {
      const residual = trueRelativeResidual(Csr.fromDense(A), column(found.x.values, c), column(B.values, c))
      expect(residual).toBeLessThanOrEqual(1.001e-8)
    }
  })

  it('says that there is no answer to a system that has none', () => {
    const singular = Csr.fromTriplets(3, 3, [0, 1, 1], [0, 0, 1], [1, 1, 1])
    const found = solveSync(singular, [1, 2, 3])
    expect(found.converged).toBe(false)
    expect(found.x.every(Number.isFinite)).toBe(true)
    expect(solveSync(singular, [1, 2, 0]).converged).toBe(true)
  })

  it('takes an iterative method where a factorization would fill in, and says so', () => {
    const found = solveSync(convectionDiffusion2d(150, { diffusion: 0.01 }), new Float64Array(22_500).fill(1))
    expect(found.method).toBe('bicgstab + ilu0')
    expect(found.why).toContain('dominant diagonal')
  })
})

describe('solve of real matrices that are not definite', () => {
  it.for(['nonsym', 'indef'])('%s: finds a method for nine of ten, and is never wrong', async (set, context) => {
    const files = readdirSync(sharedOrSkip(context, set)).filter(file => !/_(b|rhs\d?)\.mtx/.test(file))
    const failed: string[] = []
    for (const file of files) {
      const A = await readSparse(`${set}/${file}`)
      const b = densely(A, new Float64Array(A.rows).fill(1))
      const found = await solve(A, b)
      expect([file, found.converged]).toEqual([file, trueRelativeResidual(A, found.x, b) <= 1.001e-8])
      if (!found.converged) failed.push(`${file}: ${found.why}`)
    }
    expect(failed.length, failed.join('\n')).toBeLessThanOrEqual(files.length / 10)
  })
})
