import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { kernels } from '../../src/core/kernels.ts'
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import type { DiagonalFactor, Preconditioner } from '../../src/precondition/kinds.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { ssor } from '../../src/precondition/ssor.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'

import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { q1Laplacian2d } from '../../src/sparse/gallery/q1.ts'
import { generator } from '../support/random.ts'

function apply(M: Preconditioner, r: Float64Array): Float64Array {
  const z = new Float64Array(r.length)
  for (const _ of precondition(kernels, M, r, z));
  return z
}

/** Diagonally dominant, with some entries of the diagonals at `offsets` missing. */
function banded(n: number, offsets: readonly number[], holes: number): Csr {
  const random = generator(n + offsets.length)
  const [i, j, a] = [[], [], []] as [number[], number[], number[]]
  for (let row = 0; row < n; row++) {
    i.push(row)
    j.push(row)
    a.push(2 * offsets.length + 1)
    for (const offset of offsets)
      for (let k = 0; k < (row + offset < n && (row % 97 > 1 || random() > holes) ? 1 : 0); k++) {
        const value = -random()
        i.push(row, row + offset)
        j.push(row + offset, row)
        a.push(value, value)
      }
  }
  return Csr.fromTriplets(n, n, i, j, a)
}

const matrices: [string, Csr][] = [
  ['one period', poisson2d(40, 20)],
  ['two lanes', poisson2d(130, 41)],
  ['four lanes', poisson2d(1000, 17)],
  ['one material, long lines', poisson2d(400, 60)],
  ['jumps', diffusion2d(150, { contrast: 1e4, seed: 2 })],
  ['nine points', q1Laplacian2d(420, 31)],
  ['planes', poisson3d(50, 44, 9)],
  ['one line', banded(3000, [1], 0)],
  ['holes', banded(9000, [1, 450], 0.5)],
  ['odd offsets', banded(9000, [1, 37, 131, 1000, 1031], 0.5)],
  ['no period', banded(7000, [1, 16], 0.5)],
]

describe.each(matrices)('%s', (_, A) => {
  const r = normal(7, A.rows)

  it.each([
    ['ic0', ic0],
    ['ric0', ric0],
    ['ssor', ssor],
  ] as const)('%s: the solve in order', async (_name, recipe) => {
    const wanted = apply(recipe.sync(A, { schedule: 'serial' }), r)
    const M = recipe.sync(A, { schedule: 'diagonals' })
    expect(M.kind).toBe('diagonals')
    const found = apply(M, r)
    const size = Math.max(...wanted.map(Math.abs))
    const most = wanted.reduce((worst, value, k) => Math.max(worst, Math.abs(found[k]! - value)), 0)
    expect(most).toBeLessThanOrEqual(1e-13 * size)
    expect(isDeepStrictEqual(await recipe(A, { schedule: 'diagonals' }), M)).toBe(true)
  })

  it('in single precision, as many iterations', () => {
    const [double, single] = (['double', 'single'] as const).map(precision =>
      cgSync(A, r, { preconditioner: ic0({ schedule: 'diagonals', precision }) }),
    )
    expect(single!.converged).toBe(true)
    expect(Math.abs(single!.iterations - double!.iterations)).toBeLessThanOrEqual(1)
    const M = ic0.sync(A, { schedule: 'diagonals', precision: 'single' }) as DiagonalFactor
    expect([M.upper.values.length, M.upper.single.length]).toEqual([0, (M.upper.plan.offsets.length + 1) * A.rows + 1])
  })
})

describe('the rule', () => {
  const plan = (A: Csr) => (ic0.sync(A, { schedule: 'diagonals' }) as DiagonalFactor).upper.plan
  const lanes = (A: Csr) => plan(A).cuts.length - 1

  it('keeps diagonals from 16 384 unknowns, where there are few', () => {
    const kind = (A: Csr, options = {}) => ic0.sync(A, options).kind
    expect(kind(poisson2d(127))).toBe('factor')
    expect(kind(poisson2d(128))).toBe('diagonals')
    expect(kind(poisson2d(128), { schedule: 'serial' })).toBe('factor')
    expect(kind(poisson2d(128), { blocks: 2 })).toBe('factor')
    expect(kind(delaunayLaplacian(17_000, { seed: 1 }))).toBe('factor')
    expect(kind(delaunayLaplacian(60, { seed: 1 }), { schedule: 'diagonals' })).toBe('factor')
  })

  it('cuts lines and planes into lanes, and what is one chain not at all', () => {
    expect([plan(poisson2d(1000, 17)).period, lanes(poisson2d(1000, 17))]).toEqual([1000, 4])
    expect([plan(poisson3d(50, 44, 9)).period, lanes(poisson3d(50, 44, 9))]).toEqual([2200, 4])
    expect(lanes(banded(9000, [1, 450], 0))).toBe(1)
    expect(lanes(banded(3000, [1], 0))).toBe(1)
  })

  it('lists rows whose coefficients have settled, where lines are long enough', () => {
    const rowsOf = (A: Csr, recipe = ic0) => {
      const { upper, inverseDiagonal } = recipe.sync(A, { schedule: 'diagonals' }) as DiagonalFactor
      return [upper.forwardRuns, upper.backwardRuns].map((runs, backward) => {
        let held = 0
        for (let k = 0; k < runs.length; k += 2) {
          held += runs[k + 1]! - runs[k]!
          const own = inverseDiagonal.subarray(runs[k]!, runs[k + 1]!)
          expect(own.every(d => d === own[0])).toBe(true)
          const next = A.rows + backward
          const chain = upper.values.subarray(next + runs[k]!, next + runs[k + 1]!)
          expect(chain.every(u => u === chain[0])).toBe(true)
        }
        return held / A.rows
      })
    }
    for (const share of rowsOf(poisson2d(400, 60))) expect(share).toBeGreaterThan(0.5)
    expect(rowsOf(poisson2d(400, 60), ssor)[1]).toBeGreaterThan(0.9)
    expect(rowsOf(poisson2d(130, 41))).toEqual([0, 0])
    expect(rowsOf(diffusion2d(150, { contrast: 1e4, seed: 2 }))).toEqual([0, 0])
  })

  it('lets a lane wait for its neighbours alone', () => {
    expect([...plan(poisson2d(200, 20)).needs]).toEqual([-1, -1, 0, -1])
    expect([...plan(q1Laplacian2d(420, 31)).needs]).toEqual([-1, 1, -1, -1, 0, -1, 1, -1, -1, 0, -1, 1, -1, -1, 0, -1])
  })
})
