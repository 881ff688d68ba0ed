import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { preconditioners } from '../../src/methods.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { both } from '../support/both.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { dot, withEigenvalues } from '../support/small.ts'

const A = randomGraphLaplacian(200, { degree: 4, seed: 6 })
const n = A.rows
const consistent = densely(A, normal(8, n))
const ones = new Float64Array(n).fill(1)

/** Rank n - 2, and its null space in one dense matrix, whose columns are not orthogonal. */
function rankDeficient(): { A: typeof A; basis: Float64Array } {
  const A = withEigenvalues([0, 0, ...Array.from({ length: 18 }, (_, i) => 1 + i)])
  const image = (i: number) => {
    const Q = withEigenvalues(Array.from({ length: 20 }, (_, j) => (j === i ? 1 : 0))).toDense().values
    const column = Array.from({ length: 20 }, (_, j) => Q[j * 20 + j]!).reduce(
      (m, v, j, all) => (v > all[m]! ? j : m),
      0,
    )
    return Array.from({ length: 20 }, (_, j) => Q[j * 20 + column]!)
  }
  const [u, v] = [image(0), image(1)]
  return { A, basis: Float64Array.from(u.flatMap((x, i) => [3 * x, x + 1e-2 * v[i]!])) }
}

describe.each([
  ['cg', cgSync, cg],
  ['minres', minresSync, minres],
] as const)('%s on a singular system', (_, sync, async) => {
  it.each(preconditioners.filter(row => row.definite))(
    'that is consistent converges with $name',
    async ({ recipe }) => {
      const solution = await both(sync, async, A, consistent, { nullspace: 'constant', preconditioner: recipe })
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, consistent)).toBeLessThanOrEqual(1.001e-8)
      expect(Math.abs(dot(solution.x, ones))).toBeLessThan(1e-8)
    },
  )

  it('that is inconsistent ends stagnated, with the best that can be had', async () => {
    const b = consistent.map(value => value + 0.5)
    const solution = await both(sync, async, A, b, { nullspace: 'constant' })
    expect(solution.reason).toBe('stagnated')
    expect(solution.residualNorm).toBeCloseTo(0.5 * Math.sqrt(n), 6)
    expect(solution.iterations).toBeLessThan(2 * sync(A, consistent, { nullspace: 'constant' }).iterations)
  })

  it('whose right-hand side lies in the null space ends stagnated at once', async () => {
    const solution = await both(sync, async, A, ones, { nullspace: 'constant' })
    expect([solution.reason, solution.iterations, solution.relativeResidual]).toEqual(['stagnated', 0, 1])
    expect(solution.x.every(x => x === 0)).toBe(true)
  })

  it('keeps what the first guess has in the null space', async () => {
    const solution = await both(sync, async, A, consistent, { nullspace: 'constant', x0: ones })
    expect(solution.reason).toBe('converged')
    expect(dot(solution.x, ones) / n).toBeCloseTo(1, 8)
  })

  it('with a basis of two vectors', async () => {
    const { A, basis } = rankDeficient()
    const nullspace = { rows: 20, columns: 2, values: basis }
    const b = densely(A, normal(9, 20))
    const solution = await both(sync, async, A, b, { nullspace, rtol: 1e-10 })
    expect([solution.reason, solution.iterations]).toEqual(['converged', expect.closeTo(18, -1)])
    const off = b.map((value, i) => value + basis[2 * i]!)
    expect((await both(sync, async, A, off, { nullspace, rtol: 1e-10 })).reason).toBe('stagnated')
  })

  it('without being told of it converges as long as it is consistent', async () => {
    const solution = await both(sync, async, A, consistent, { rtol: 1e-6 })
    expect(solution.reason).toBe('converged')
  })
})

describe('a null space that is none', () => {
  it('is not called a success', async () => {
    const A = withEigenvalues([1, 2, 3, 4, 5])
    const solution = await both(cgSync, cg, A, normal(1, 5), { nullspace: 'constant' })
    expect(solution.converged).toBe(false)
  })
})
