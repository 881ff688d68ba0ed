import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import type { CsrData, Dense } from '../../src/core/types.ts'
import { dense } from '../../src/dense/dense.ts'
import { type CgOptions, cg, cgSync } from '../../src/krylov/cg.ts'
import type { BlockSolution } from '../../src/krylov/cg-block.ts'
import { preconditioners } from '../../src/methods.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { identity } from '../../src/precondition/identity.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { both } from '../support/both.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { diagonal } from '../support/small.ts'

type Forms = Parameters<typeof both<[CsrData, Dense, CgOptions?], BlockSolution>>
const [blockSync, blockAsync] = [cgSync, cg] as [Forms[0], Forms[1]]

const A = diffusion2d(15, { variance: 1, seed: 2 })
const n = A.rows

const block = (columns: readonly ArrayLike<number>[]) => {
  const rows = columns[0]!.length
  const values = Float64Array.from(
    { length: rows * columns.length },
    (_, at) => columns[at % columns.length]![Math.floor(at / columns.length)]!,
  )
  return dense(rows, columns.length, values)
}
const column = ({ rows, columns, values }: { rows: number; columns: number; values: Float64Array }, c: number) =>
  Float64Array.from({ length: rows }, (_, i) => values[i * columns + c]!)

describe('cg with a block of right-hand sides', () => {
  const rhs = [1, 2, 3, 4, 5].map(seed => normal(seed, n))

  it.each(preconditioners.filter(row => row.definite))(
    'solves each column as it would alone, with $name',
    async ({ recipe }) => {
      const options = { preconditioner: recipe, rtol: 1e-9 }
      const solution = await both(blockSync, blockAsync, A, block(rhs), options)
      expect([solution.reason, solution.converged]).toEqual(['converged', true])
      rhs.forEach((b, c) => {
        // as a function, the identity keeps a single solve from its two-pass form, which rounds otherwise
        const same = recipe === identity ? (r: Float64Array, z: Float64Array) => z.set(r) : recipe
        const alone = cgSync(A, b, { ...options, preconditioner: same })
        const x = column(solution.x, c)
        expect(Math.abs(solution.columns[c]!.iterations - alone.iterations)).toBeLessThanOrEqual(
          Math.max(2, 0.05 * alone.iterations),
        )
        expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.001e-9)
        expect(solution.columns[c]!.relativeResidual).toBeCloseTo(trueRelativeResidual(A, x, b), 12)
      })
      expect(solution.iterations).toBe(Math.max(...solution.columns.map(({ iterations }) => iterations)))
    },
  )

  it('keeps the history of each column, where asked', async () => {
    const scaled = rhs.map((b, c) => b.map(entry => entry * 10 ** (4 * c - 8)))
    const { columns } = await both(blockSync, blockAsync, A, block(scaled), { preconditioner: ic0, history: true })
    scaled.forEach((b, c) => {
      const { history, iterations, residualNorm } = columns[c]!
      const alone = cgSync(A, b, { preconditioner: ic0, history: true }).history!
      expect(history!.length).toBe(iterations + 1)
      expect(history![0]! / Math.hypot(...b)).toBeCloseTo(1, 12)
      expect(history!.at(-1)! / residualNorm).toBeCloseTo(1, 4)
      for (let i = 0; i < Math.min(10, alone.length); i++) expect(history![i]! / alone[i]!).toBeCloseTo(1, 8)
    })
    expect(blockSync(A, block(rhs)).columns[0]!.history).toBeUndefined()
  })

  it('of one column', async () => {
    const solution = await both(blockSync, blockAsync, A, block([rhs[0]!]))
    expect(Math.abs(solution.iterations - cgSync(A, rhs[0]!).iterations)).toBeLessThanOrEqual(1)
  })

  it('that has columns of all kinds', async () => {
    const y = normal(9, n)
    const columns = [rhs[0]!, new Float64Array(n), densely(A, y), rhs[1]!]
    const x0 = block([rhs[2]!, rhs[3]!, y, new Float64Array(n)])
    const kept = x0.values.slice()
    const solution = await both(blockSync, blockAsync, A, block(columns), { x0, preconditioner: ic0 })
    expect(solution.columns.map(({ reason }) => reason)).toEqual(Array(4).fill('converged'))
    expect(solution.columns.slice(1, 3).map(({ iterations }) => iterations)).toEqual([0, 0])
    expect(column(solution.x, 1)).toEqual(new Float64Array(n))
    expect(column(solution.x, 2)).toEqual(y)
    expect(x0.values).toEqual(kept)
    for (const c of [0, 3])
      expect(trueRelativeResidual(A, column(solution.x, c), columns[c]!)).toBeLessThanOrEqual(1.001e-8)
  })

  it('ends a column of no positive curvature alone', async () => {
    const columns = [
      [1, 1, 0, 0],
      [0, 0, 1, 0],
      [1, 1, 0, 1],
    ]
    const solution = await both(blockSync, blockAsync, diagonal([1, 2, -3, 4]), block(columns))
    expect(solution.columns.map(({ reason }) => reason)).toEqual(['converged', 'indefinite-operator', 'converged'])
    expect([solution.converged, solution.reason]).toEqual([false, 'indefinite-operator'])
    expect(Array.from(column(solution.x, 1))).toEqual([0, 0, 0, 0])
  })

  it('ends a column whose preconditioner answers NaN alone', async () => {
    const bad = 2
    const preconditioner = (r: Float64Array, z: Float64Array) =>
      void z.set(r.map(v => (r[0] === 0 && r[1] !== 0 ? Number.NaN : v)))
    const B = block([
      [1, 2, 3],
      [3, 1, 1],
      [0, 1, 5],
    ])
    const solution = await both(blockSync, blockAsync, diagonal([1, 2, 4]), B, { preconditioner })
    expect(solution.columns[bad]!.reason).toBe('not-finite')
    expect(solution.x.values.every(Number.isFinite)).toBe(true)
    expect(solution.columns.filter((_, c) => c !== bad).every(({ converged }) => converged)).toBe(true)
  })

  it('stagnates column by column when asked for more than there is', async () => {
    const solution = await both(blockSync, blockAsync, poisson2d(12), block([normal(1, 144), normal(2, 144)]), {
      rtol: 0,
    })
    expect(solution.columns.map(({ reason }) => reason)).toEqual(['stagnated', 'stagnated'])
    solution.columns.forEach(({ relativeResidual }) => void expect(relativeResidual).toBeLessThan(1e-13))
  })

  it('of columns that lie 400 orders of magnitude apart', async () => {
    const b = normal(4, n)
    const solution = await both(blockSync, blockAsync, A, block([1e-200, 1, 1e200].map(c => b.map(v => c * v))), {
      atol: 1e-30,
    })
    expect(solution.columns.map(({ reason }) => reason)).toEqual(Array(3).fill('converged'))
    expect(solution.columns[0]!.iterations).toBe(0) // below atol
    expect(trueRelativeResidual(A, column(solution.x, 1), b)).toBeLessThanOrEqual(1.001e-8)
    expect(
      trueRelativeResidual(
        A,
        column(solution.x, 2).map(v => v / 1e200),
        b,
      ),
    ).toBeLessThanOrEqual(1.001e-8)
  })

  it('knows null spaces', async () => {
    const L = randomGraphLaplacian(100, { degree: 4, seed: 6 })
    const good = densely(L, normal(8, 100))
    const columns = [good, good.map(v => v + 1), new Float64Array(100).fill(1)]
    const solution = await both(blockSync, blockAsync, L, block(columns), { nullspace: 'constant' })
    expect(solution.columns.map(({ reason }) => reason)).toEqual(['converged', 'stagnated', 'stagnated'])
  })

  it('stops at maxIterations and at the time limit', async () => {
    const three = await both(blockSync, blockAsync, A, block(rhs), { maxIterations: 3 })
    expect(three.columns.map(({ reason, iterations }) => [reason, iterations])).toEqual(
      Array(5).fill(['max-iterations', 3]),
    )
    expect(cgSync(A, block(rhs), { timeLimit: 0 }).reason).toBe('time-limit')
  })

  it('takes 200 000 columns', () => {
    const solution = cgSync(diagonal([2]), dense(1, 200_000, new Float64Array(200_000).fill(4)))
    expect([solution.reason, solution.iterations, solution.x.values[199_999]]).toEqual(['converged', 1, 2])
  })
})
