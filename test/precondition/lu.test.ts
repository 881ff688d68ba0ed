import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { normal } from '../../src/core/random.ts'
import type { Steps } from '../../src/core/steps.ts'
import type { LuFactor } from '../../src/direct/kinds.ts'
import { luSteps } from '../../src/direct/lu.steps.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { reference } from '../../src/kernels/reference.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import { blockJacobi } from '../../src/precondition/blockJacobi.ts'
import { gaussSeidel } from '../../src/precondition/gaussSeidel.ts'
import { ilu0Steps } from '../../src/precondition/ilu0.steps.ts'
import { ilu0 } from '../../src/precondition/ilu0.ts'
import { ilut } from '../../src/precondition/ilut.ts'
import { lu } from '../../src/precondition/lu.ts'
import { part } from '../../src/precondition/part.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'
import { generator, hollow } from '../support/random.ts'

const A = convectionDiffusion2d(18, { diffusion: 0.01, angle: 0.5 })

function ticks(steps: Steps<unknown>): number {
  let count = 0
  while (!steps.next().done) count++
  return count
}

/** P^T L D U Q^T as a full matrix. */
function product({ rows, columns, lower, upper, inverseDiagonal }: LuFactor): number[][] {
  const n = rows.length
  const dense = (part: LuFactor['lower']) => Csr.from(part).toDense().values
  const [l, u] = [dense(lower), dense(upper)]
  const out = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let p = 0; p < n; p++)
    for (let q = 0; q < n; q++) {
      let sum = 0
      for (let k = 0; k <= Math.min(p, q); k++)
        sum += ((k === p ? 1 : l[p * n + k]!) * (k === q ? 1 : u[k * n + q]!)) / inverseDiagonal[k]!
      out[rows[p]!]![columns[q]!] = sum
    }
  return out
}

/** max |A - M| over the entries of A, or over all. */
function distance(M: Csr, of: number[][], everywhere: boolean): number {
  const a = M.toDense().values
  const stored = new Set<number>()
  for (let i = 0; i < M.rows; i++)
    for (let e = M.pattern.rowPointers[i]!; e < M.pattern.rowPointers[i + 1]!; e++)
      stored.add(i * M.rows + M.pattern.columnIndices[e]!)
  let most = 0
  for (let i = 0; i < M.rows; i++)
    for (let j = 0; j < M.rows; j++)
      if (everywhere || stored.has(i * M.rows + j)) most = Math.max(most, Math.abs(a[i * M.rows + j]! - of[i]![j]!))
  return most
}

describe('lu', () => {
  it.each([
    ['a grid', A],
    ['no diagonal', hollow(120, 3)],
    ['a permutation', Csr.fromTriplets(3, 3, [0, 1, 2], [2, 0, 1], [1e-8, 1, 1e8])],
    ['1 x 1', Csr.fromTriplets(1, 1, [0], [0], [-3])],
  ])('multiplies back to A: %s', async (_, M) => {
    for (const ordering of ['auto', 'natural', 'symmetric', 'rows'] as const) {
      const F = (await both(lu.sync, lu as never, M, { ordering })) as LuFactor
      expect(distance(M, product(F), true)).toBeLessThanOrEqual(1e-12 * Math.max(...M.values.map(Math.abs)))
    }
  })

  it('leaves one or two iterations', () => {
    for (const M of [A, hollow(300, 5)]) {
      const b = densely(M, normal(2, M.rows))
      const solution = gmresSync(M, b, { preconditioner: lu, rtol: 1e-12 })
      expect(solution.reason).toBe('converged')
      expect(solution.iterations).toBeLessThanOrEqual(2)
      expect(trueRelativeResidual(M, solution.x, b)).toBeLessThanOrEqual(1.01e-12)
    }
  })

  it('fills in less where it may order', () => {
    const big = convectionDiffusion2d(40)
    const entries = (ordering: 'natural' | 'auto') => {
      const F = lu.sync(big, { ordering }) as LuFactor
      return F.lower.values.length + F.upper.values.length
    }
    expect(entries('auto')).toBeLessThan(entries('natural') / 2)
  })

  it('lets others in between the rows, and within a full one', () => {
    const n = 90
    const full = Csr.fromTriplets(
      n,
      n,
      Array.from({ length: n * n }, (_, k) => Math.floor(k / n)),
      Array.from({ length: n * n }, (_, k) => k % n),
      normal(1, n * n),
    )
    const order = Int32Array.from({ length: n }, (_, i) => i)
    const small = { ...reference, grain: 50 }
    const settings = { dropTolerance: 0, maxFill: n, pivotTolerance: 1 }
    expect(ticks(luSteps(small, full, order, settings))).toBeGreaterThan((n * n * n) / 3 / 200)
    const upper = Csr.from(
      runSync(
        part(full, (i, j) => j >= i),
        makeControl('test', {}),
      ),
    )
    expect(ticks(ilu0Steps(small, upper))).toBeGreaterThan(n)
    const large = poisson2d(420)
    expect(ticks(part(large, () => true))).toBeGreaterThanOrEqual(4)
  })

  it('solves in pieces of equal work, however long the rows at the end', () => {
    const n = 400
    const arrow = Csr.fromTriplets(
      n,
      n,
      Array.from({ length: 2 * n - 1 }, (_, k) => (k < n ? k : n - 1)),
      Array.from({ length: 2 * n - 1 }, (_, k) => (k < n ? k : k - n)),
      Array.from({ length: 2 * n - 1 }, (_, k) => (k < n ? 4 : 1)),
    )
    const M = ilu0.sync(arrow) as LuFactor
    const pieces: number[] = []
    const watched: Kernels = {
      ...reference,
      grain: 100,
      levelForward(L, levels, r, y, from, to) {
        const { rowPointers } = L.pattern
        if (to > from + 1) pieces.push(rowPointers[to]! - rowPointers[from]! + to - from)
        reference.levelForward(L, levels, r, y, from, to)
      },
    }
    const [r, z] = [normal(1, n), new Float64Array(n)]
    runSync(precondition(watched, M, r, z), makeControl('test', {}))
    expect(Math.max(...pieces)).toBeLessThanOrEqual(100)
    expect(trueRelativeResidual(arrow, z, r)).toBeLessThan(1e-13)
  })

  it('goes through a singular matrix, and gmres never calls a wrong answer right', () => {
    const singular = Csr.fromTriplets(4, 4, [0, 0, 1, 1, 3], [0, 1, 0, 1, 3], [1, 2, 2, 4, 1])
    const solution = gmresSync(singular, [1, 0, 0, 1], { preconditioner: lu })
    expect(solution.converged).toBe(false)
    expect(solution.x.every(Number.isFinite)).toBe(true)
    expect(gmresSync(singular, [1, 2, 0, 1], { preconditioner: lu }).relativeResidual).toBeLessThan(1)
  })
})

describe('ilu0', () => {
  it('agrees with A where A has entries', () => {
    const F = ilu0.sync(A) as LuFactor
    expect(distance(A, product(F), false)).toBeLessThan(1e-14)
    expect(F.lower.values.length + F.upper.values.length + A.rows).toBe(A.nonZeros)
  })

  it('is exact where nothing fills in', () => {
    const n = 50
    const i = Array.from({ length: n }, (_, k) => k)
    const [left, right] = [i.slice(0, -1), i.slice(1)]
    const tridiagonal = Csr.fromTriplets(
      n,
      n,
      [...i, ...right, ...left],
      [...i, ...left, ...right],
      [...i.map(() => 4), ...left.map(() => -2), ...left.map(() => 1)],
    )
    const b = normal(1, n)
    expect(gmresSync(tridiagonal, b, { preconditioner: ilu0, rtol: 1e-13 }).iterations).toBe(1)
  })

  it('replaces a pivot that is not there', () => {
    const solution = gmresSync(hollow(40, 1), normal(1, 40), { preconditioner: ilu0 })
    expect(solution.x.every(Number.isFinite)).toBe(true)
  })
})

describe('ilut', () => {
  it('is lu where nothing is dropped', () => {
    const exact = ilut.sync(A, { dropTolerance: 0, maxFill: Number.POSITIVE_INFINITY }) as LuFactor
    expect(distance(A, product(exact), true)).toBeLessThan(1e-14)
  })

  it('keeps what is asked for, and needs fewer iterations the more that is', () => {
    const big = convectionDiffusion2d(60, { diffusion: 0.001, angle: 0.4 })
    const b = normal(4, big.rows)
    const counts = [5e-2, 1e-2, 1e-3, 1e-5].map(dropTolerance => {
      const F = ilut.sync(big, { dropTolerance }) as LuFactor
      return [F.upper.values.length, gmresSync(big, b, { preconditioner: F }).iterations] as const
    })
    for (let k = 1; k < counts.length; k++) {
      expect(counts[k]![0]).toBeGreaterThan(counts[k - 1]![0])
      expect(counts[k]![1]).toBeLessThanOrEqual(counts[k - 1]![1])
    }
    const thin = ilut.sync(big, { dropTolerance: 0, maxFill: 1 }) as LuFactor
    for (const part of [thin.lower, thin.upper])
      for (let i = 0; i < big.rows; i++)
        expect(part.pattern.rowPointers[i + 1]! - part.pattern.rowPointers[i]!).toBeLessThanOrEqual(6)
  })

  it('pivots where the diagonal is empty', () => {
    const M = hollow(400, 9)
    const b = densely(M, normal(3, 400))
    const solution = gmresSync(M, b, { preconditioner: ilut, restart: 50 })
    expect(solution.reason).toBe('converged')
    expect(trueRelativeResidual(M, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
  })
})

describe('blockJacobi', () => {
  it('inverts the blocks', () => {
    const [size, n] = [3, 12]
    const random = generator(4)
    const blocks = Csr.fromTriplets(
      n,
      n,
      Array.from({ length: n * size }, (_, k) => Math.floor(k / size)),
      Array.from({ length: n * size }, (_, k) => size * Math.floor(k / size / size) + (k % size)),
      Array.from({ length: n * size }, () => random() - 0.5),
    )
    const b = normal(5, n)
    expect(gmresSync(blocks, b, { preconditioner: blockJacobi({ blockSize: size }) }).iterations).toBe(1)
  })
})

describe('gaussSeidel', () => {
  it.each(['forward', 'backward', 'symmetric'] as const)('is a %s sweep', sweep => {
    const omega = 1.3
    const M = product(gaussSeidel.sync(A, { omega, sweep }) as LuFactor)
    const [n, a] = [A.rows, A.toDense().values]
    const d = A.diagonal()
    const part = (i: number, j: number, lower: boolean) =>
      i === j ? d[i]! : (lower ? j < i : j > i) ? omega * a[i * n + j]! : 0
    let most = 0
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let wanted = part(i, j, sweep === 'forward') / omega
        if (sweep === 'symmetric') {
          wanted = 0
          for (let k = 0; k <= Math.min(i, j); k++)
            wanted += (part(i, k, true) * part(k, j, false)) / d[k]! / (omega * (2 - omega))
        }
        most = Math.max(most, Math.abs(M[i]![j]! - wanted))
      }
    expect(most).toBeLessThan(1e-13 * norm(d))
  })
})

it.each([
  ['lu', () => lu({ ordering: 'amd' as never })],
  ['lu', () => lu({ pivotTolerance: 2 })],
  ['ilut', () => ilut({ dropTolerance: -1 })],
  ['ilut', () => ilut({ maxFill: 0.5 })],
  ['blockJacobi', () => blockJacobi({ blockSize: 0 })],
  ['gaussSeidel', () => gaussSeidel({ omega: 2 })],
  ['gaussSeidel', () => gaussSeidel({ sweep: 'both' as never })],
])('%s refuses what is no option of it', (name, act) => {
  expect(act).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringMatching(`^${name}: option`) }),
  )
})
