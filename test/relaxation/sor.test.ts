import { describe, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { normal } from '../../src/core/random.ts'
import { int32 } from '../../src/core/shared.ts'
import { reference } from '../../src/kernels/reference.ts'
import { colouringSteps } from '../../src/relaxation/colouring.steps.ts'
import { jacobiGapSync } from '../../src/relaxation/jacobi-gap.ts'
import { type SorOptions, sor, sorSync } from '../../src/relaxation/sor.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { both } from '../support/both.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, tridiagonal } from '../support/small.ts'

const young = (n: number) => 2 / (1 + Math.sin(Math.PI / (n + 1)))
const large = backend().name === 'native'

/** Sweeps by the plainest loops there are, each followed by the true residual. */
function plainly(A: Csr, b: Float64Array, omega: number, order: readonly number[], target: number): number {
  const x = new Float64Array(A.rows)
  const d = A.diagonal()
  const { rowPointers, columnIndices } = A.pattern
  for (let sweeps = 1; ; sweeps++) {
    for (const i of order) {
      let sum = b[i]!
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) sum -= A.values[k]! * x[columnIndices[k]!]!
      x[i]! += (omega * sum) / d[i]!
    }
    const Ax = densely(A, x)
    if (norm(b.map((value, i) => value - Ax[i]!)) <= target) return sweeps
  }
}

describe('sor', () => {
  it.each([
    ['natural', 1],
    ['natural', 1.6],
    ['multicolour', 1],
    ['multicolour', 1.6],
  ] as const)('%s, omega %d: the sweeps that plain loops take', async (ordering, omega) => {
    const A = poisson2d(11, 9)
    const b = normal(3, A.rows)
    const rows = Array.from({ length: A.rows }, (_, i) => i)
    const red = (i: number) => ((i % 11) + Math.floor(i / 11)) % 2
    const order = ordering === 'natural' ? rows : rows.toSorted((i, j) => red(i) - red(j) || i - j)
    const solution = await both(sorSync, sor, A, b, { omega, ordering })
    expect(solution.reason).toBe('converged')
    expect(solution.iterations).toBe(plainly(A, b, omega, order, 1e-8 * norm(b)))
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1e-8)
  })

  it('finds the gap of the Jacobi iteration that Young needs', () => {
    for (const n of [1, 5, 33, ...(large ? [64, 128, 256] : [64])]) {
      const gap = 1 - Math.cos(Math.PI / (n + 1))
      const found = jacobiGapSync(poisson2d(n))
      expect(found / gap).toBeGreaterThan(1 - 1e-6)
      expect(found / gap).toBeLessThan(1.15)
    }
  })

  it("needs Young's count of sweeps at his omega, and hardly depends on n beyond it", () => {
    const counts = [64, 128].map(n => sorSync(poisson2d(n), normal(1, n * n), { omega: young(n) }).iterations)
    expect([young(64), young(128)]).toEqual([expect.closeTo(1.908, 3), expect.closeTo(1.9525, 3)])
    expect(Math.abs(counts[0]! - 224)).toBeLessThanOrEqual(8)
    expect(Math.abs(counts[1]! - 440)).toBeLessThanOrEqual(16)
    // at omega = 1 a digit takes ln 10 / -ln rho sweeps, and draws of b differ by half of one
    for (const [n, wanted] of large
      ? ([
          [64, 5996],
          [128, 19_952],
        ] as const)
      : ([[64, 5996]] as const)) {
      const { iterations } = sorSync(poisson2d(n), normal(1, n * n), { maxIterations: 30_000 })
      const digit = Math.LN10 / -Math.log(Math.cos(Math.PI / (n + 1)) ** 2)
      expect(Math.abs(iterations - wanted)).toBeLessThanOrEqual(digit / 2)
    }
    const over = (large ? [64, 128, 256] : [64]).map(
      n => sorSync(poisson2d(n), normal(1, n * n), { omega: 1.99 }).iterations,
    )
    over.forEach((count, i) => void expect(Math.abs(count - [1851, 1860, 1904][i]!)).toBeLessThanOrEqual(12))
  })

  it('forms the residual rarely, and ends at the very sweep all the same', () => {
    for (const omega of [1, 1.8, 1.95])
      for (const ordering of ['natural', 'multicolour'] as const) {
        const [A, b] = [poisson2d(30), normal(5, 900)]
        const seldom = sorSync(A, b, { omega, ordering })
        const always = sorSync(A, b, { omega, ordering, history: true })
        expect(seldom.iterations).toBe(always.iterations)
        expect(seldom.applications.operator).toBeLessThan(always.applications.operator / 2)
        expect(always.history!.length).toBe(always.iterations + 1)
      }
  })

  it('is SSOR with symmetric, and the Jacobi method with all rows at once', async () => {
    const [A, b] = [poisson2d(16), normal(4, 256)]
    const [forward, both_] = [
      sorSync(A, b, { omega: 1.2 }),
      await both(sorSync, sor, A, b, { omega: 1.2, symmetric: true }),
    ]
    expect(both_.iterations).toBeLessThan(forward.iterations)
    expect(trueRelativeResidual(A, both_.x, b)).toBeLessThanOrEqual(1e-8)
    const jacobi = await both(sorSync, sor, A, b, { ordering: 'simultaneous' })
    const gaussSeidel = sorSync(A, b)
    expect(Math.abs(jacobi.iterations / gaussSeidel.iterations - 2)).toBeLessThan(0.3)
    expect(trueRelativeResidual(A, jacobi.x, b)).toBeLessThanOrEqual(1e-8)
  })

  it('stops relative to b, or to the residual of the first guess', () => {
    const [A, b] = [poisson2d(20), normal(9, 400)]
    const near = sorSync(A, b, { omega: 1.7, rtol: 1e-3 }).x
    const toRhs = sorSync(A, b, { omega: 1.7, x0: near })
    const toInitial = sorSync(A, b, { omega: 1.7, x0: near, relativeTo: 'initial' })
    expect(toInitial.relativeResidual).toBeLessThanOrEqual(1e-11)
    expect(toInitial.iterations).toBeGreaterThan(toRhs.iterations)
    expect(sorSync(A, b, { omega: 1.7, relativeTo: 'initial' }).iterations).toBe(
      sorSync(A, b, { omega: 1.7 }).iterations,
    )
  })

  it('solves with any number of colours, and rows of any length', async () => {
    const graph = randomGraphLaplacian(500, { degree: 6, seed: 2 })
    const { rowPointers, columnIndices } = graph.pattern
    const sum = graph.withValues(graph.values)
    for (let i = 0; i < 500; i++)
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (columnIndices[k] === i) sum.values[k]! += 1
    for (const A of [
      poisson3d(7),
      delaunayLaplacian(700, { seed: 2 }),
      sum,
      tridiagonal([2, 2, 2], [-1, -1]),
      diagonal([1, 5]),
    ]) {
      const b = normal(6, A.rows)
      const solution = await both(sorSync, sor, A, b, { ordering: 'multicolour', omega: 1.3 })
      expect(solution.reason).toBe('converged')
      expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1e-8)
    }
  })

  it('gives the same bits on any number of threads', () => {
    const [A, b] = [poisson2d(200), normal(2, 40_000)]
    const options: SorOptions = { ordering: 'multicolour', omega: 1.9, maxIterations: 60 }
    const [one, two] = [1, 2].map(threads => sorSync(A, b, { ...options, threads }))
    expect(one!.x).toEqual(two!.x)
  })

  it('ends with a name: the limit, the time, an indefinite matrix', () => {
    const [A, b] = [poisson2d(40), normal(2, 1600)]
    for (const ordering of ['natural', 'multicolour'] as const) {
      const limited = sorSync(A, b, { ordering, maxIterations: 37 })
      expect([limited.reason, limited.iterations]).toEqual(['max-iterations', 37])
      expect(trueRelativeResidual(A, limited.x, b)).toBeCloseTo(limited.relativeResidual, 10)
      const late = sorSync(A, b, { ordering, timeLimit: 0 })
      expect([late.reason, late.iterations]).toEqual(['time-limit', 1])
      expect(trueRelativeResidual(A, late.x, b)).toBeCloseTo(late.relativeResidual, 10)
      const indefinite = tridiagonal([1, 1, 1, 1], [3, 3, 3])
      const diverged = sorSync(indefinite, [1, 2, 3, 4], { ordering })
      expect(diverged.reason).toBe('diverged')
      expect(diverged.x.every(Number.isFinite)).toBe(true)
    }
  })

  it('needs nothing at the solution, and answers zero for b = 0', async () => {
    const A = diagonal([1, 2, 4])
    const exact = await both(sorSync, sor, A, [1, 4, 12], { x0: [1, 2, 3], rtol: 0 })
    expect([exact.reason, exact.iterations, ...exact.x]).toEqual(['converged', 0, 1, 2, 3])
    const zero = await both(sorSync, sor, A, [0, 0, 0], { x0: [1, 2, 3], ordering: 'multicolour' })
    expect([zero.reason, zero.iterations, ...zero.x]).toEqual(['converged', 0, 0, 0, 0])
    const tiny = sorSync(
      poisson2d(5),
      normal(1, 25).map(v => v * 1e-250),
      { rtol: 1e-10 },
    )
    expect(tiny.converged).toBe(true)
    expect(sorSync(poisson2d(0), []).converged).toBe(true)
  })

  it.each([
    ['omega 0', 'ERR_OPTION', /omega.*\(0, 2\)/, { omega: 0 }],
    ['omega 2', 'ERR_OPTION', /omega/, { omega: 2 }],
    ['an ordering that is none', 'ERR_OPTION', /ordering/, { ordering: 'red' }],
    ['relativeTo', 'ERR_OPTION', /relativeTo/, { relativeTo: 'x' }],
    ['symmetric and simultaneous', 'ERR_OPTION', /symmetric/, { symmetric: true, ordering: 'simultaneous' }],
    ['a preconditioner', 'ERR_OPTION', /preconditioner/, { preconditioner: 1 }],
  ])('refuses %s', (_, code, text, options) => {
    const error = failure(() => (sorSync as Loose)(poisson2d(3), new Float64Array(9), options))
    expect(error).toMatchObject({ name: 'KrylovError', code, message: expect.stringMatching(text) })
  })

  it('refuses a diagonal that is not positive, and an operator', () => {
    const loose = sorSync as Loose
    expect(failure(() => loose(diagonal([1, -2]), [1, 1]))).toMatchObject({ code: 'ERR_SINGULAR', message: /row 1/ })
    expect(failure(() => loose(Csr.fromTriplets(2, 2, [0, 1], [1, 0], [1, 1]), [1, 1]))).toMatchObject({
      code: 'ERR_SINGULAR',
    })
    expect(failure(() => loose({ rows: 2, columns: 2, apply: () => {} }, [1, 1]))).toMatchObject({ code: 'ERR_TYPE' })
    const skew = Csr.fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [2, 1, 2])
    expect(sorSync(skew, [1, 1]).converged).toBe(true)
    expect(failure(() => loose(skew, [1, 1], { ordering: 'multicolour' }))).toMatchObject({ code: 'ERR_NOT_SYMMETRIC' })
  })
})

describe('colouring', () => {
  const coloured = (A: Csr) => runSync(colouringSteps(reference, A.pattern), makeControl('test', {}))

  it('is red-black wherever two colours suffice, whatever the numbering', () => {
    const A = poisson2d(13, 8)
    const shuffle = int32(104)
    for (let i = 0; i < 104; i++) shuffle[i] = (i * 37 + 5) % 104
    for (const matrix of [A, A.permute(shuffle), poisson3d(4), tridiagonal([2, 2, 2, 2], [-1, -1, -1])])
      expect(coloured(matrix).starts.length).toBe(3)
  })

  it('couples no two rows of a colour, and holds every row and entry once', () => {
    const A = delaunayLaplacian(900, { seed: 1 })
    const { order, starts, offsets, columns, source } = coloured(A)
    expect([...order].filter(i => i >= 0).sort((i, j) => i - j)).toEqual(Array.from({ length: A.rows }, (_, i) => i))
    const colourOf = (p: number) => starts.findLastIndex(start => start <= Math.floor(p / 8))
    for (let s = 0; s + 1 < offsets.length; s++)
      for (let k = offsets[s]!; k < offsets[s + 1]!; k++) {
        if (source[k]! < 0) continue
        const p = 8 * s + (k % 8)
        expect(colourOf(columns[k]!)).not.toBe(colourOf(p))
        expect(A.pattern.columnIndices[source[k]!]).toBe(order[columns[k]!])
      }
    expect([...source].filter(at => at >= 0).length).toBe(A.nonZeros - A.rows)
  })
})
