import { readdirSync } from 'node:fs'
import { describe, expect, it, type TestContext } from 'vitest'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { lu } from '../../src/precondition/lu.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { readSparse } from '../support/real-matrices.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

/*
 * The square matrices of the shared data that are not positive definite, all solved by one set of options: but for laser,
 * whose rank is 3000 of 3002.
 */

const SINGULAR = 'laser.mtx.gz'

const filesOf = (context: TestContext, set: string) =>
  readdirSync(sharedOrSkip(context, set)).filter(file => !/_(b|rhs\d?)\.mtx/.test(file))

async function solved(file: string) {
  const A = await readSparse(file)
  const b = densely(A, new Float64Array(A.rows).fill(1))
  const solution = gmresSync(A, b, { preconditioner: lu })
  return { solution, residual: trueRelativeResidual(A, solution.x, b) }
}

describe('gmres with lu', () => {
  it.for([
    ['nonsym', 29],
    ['indef', 6],
  ] as const)('solves all of %s to 1e-8', async ([set, count], context) => {
    const files = filesOf(context, set)
    expect(files.length).toBe(count)
    for (const file of files.filter(name => name !== SINGULAR)) {
      const { solution, residual } = await solved(`${set}/${file}`)
      expect([file, solution.reason]).toEqual([file, 'converged'])
      expect(residual).toBeLessThanOrEqual(1.001e-8)
    }
  })

  it('never calls right what is wrong of a singular one', async context => {
    sharedOrSkip(context, `indef/${SINGULAR}`)
    const { solution, residual } = await solved(`indef/${SINGULAR}`)
    expect(solution.x.every(Number.isFinite)).toBe(true)
    expect(solution.converged).toBe(residual <= 1.001e-8)
  })
})
