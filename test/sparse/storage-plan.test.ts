import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { kernels } from '../../src/core/kernels.ts'
import type { Steps } from '../../src/core/steps.ts'
import type { PlannedMatrix } from '../../src/core/types.ts'
import { Csr, describe as describeThing, diffusion2d, poisson2d, poisson3d } from '../../src/index.ts'
import { reference } from '../../src/kernels/reference.ts'
import { shapeOf, withPlan } from '../../src/sparse/storage-plan.ts'
import { expectClose, expectSameBits } from '../support/close.ts'
import { generator, randomCsr, randomVector } from '../support/random.ts'

/* A plan is another way to read a matrix: it changes no bit of any product. */

const now = <R>(steps: Steps<R>): R => runSync(steps, makeControl('test', {}))

/** A matrix with one stencil whose values differ from row to row, wrapped at nothing: rows at the ends are shorter. */
function banded(n: number, offsets: readonly number[], value: (i: number, k: number) => number): Csr {
  const [i, j, a] = [[], [], []] as [number[], number[], number[]]
  for (let row = 0; row < n; row++)
    offsets.forEach((offset, k) => {
      if (row + offset < 0 || row + offset >= n) return
      i.push(row)
      j.push(row + offset)
      a.push(value(row, k))
    })
  return Csr.fromTriplets(n, n, i, j, a)
}

const random = generator(7)
const wide = Array.from({ length: 19 }, (_, k) => 3 * (k - 9))
const matrices: Readonly<Record<string, Csr>> = {
  'no rows': Csr.fromTriplets(0, 0, [], [], []),
  'one row': Csr.fromTriplets(1, 1, [0], [0], [3]),
  'rows without entries': Csr.fromTriplets(3000, 3000, [5, 2999], [7, 0], [1, 2]),
  'a grid': poisson2d(50, 41),
  'a grid in space': poisson3d(13, 12, 11),
  'a grid of many materials': diffusion2d(47, { contrast: 1e4, seed: 1 }),
  'a band of changing values': banded(2100, [-7, -1, 0, 1, 7], (i, k) => Math.sin(i + 10 * k)),
  'a long band of changing values': banded(9000, [-1, 0, 1], (i, k) => Math.sin(i + 10 * k)),
  'a band of two materials': banded(1500, [-1, 0, 2], i => (i < 700 ? 1 : -0.3)),
  'rows of 19 with changing values': banded(1100, wide, (i, k) => Math.cos(i * k)),
  'rows of 19, constant': banded(1100, wide, (_, k) => 1 / (k + 1)),
  'a band of 40': banded(
    1030,
    Array.from({ length: 40 }, (_, k) => k - 20),
    (i, k) => i + k,
  ),
  'rows of every length': randomCsr(random, 1100, 1100, i => i % 70),
  'random rows': randomCsr(random, 3000, 3000),
  'random, tall': randomCsr(random, 2050, 400),
  'random, flat': randomCsr(random, 1025, 9000, () => Math.floor(random() * 20)),
  'random, out of reach of 16 bits': randomCsr(random, 1100, 90_000),
  'long and short rows': randomCsr(random, 2500, 2500, i => (i % 97 === 0 ? 900 : i % 5)),
  'values that are not finite': banded(1200, [-1, 0, 1], i => (i % 300 === 17 ? Number.POSITIVE_INFINITY : i)),
}

describe.each(Object.entries(matrices))('%s', (_, A) => {
  const plans = (): readonly PlannedMatrix[] => [now(withPlan(A, 'runs')), now(withPlan(A, 'sell'))]
  const x = randomVector(generator(1), A.columns, 1)
  const b = randomVector(generator(2), A.rows)
  const ranges = [
    [0, A.rows],
    [0, Math.min(1024, A.rows)],
    [Math.min(3, A.rows), Math.max(Math.min(3, A.rows), A.rows - 5)],
    [Math.floor(A.rows / 3), Math.ceil(A.rows / 2)],
  ] as const

  it.each([
    ['in use', kernels],
    ['reference', reference],
  ])('gives the same bits by every plan: kernels %s', (_, k) => {
    for (const P of plans())
      for (const [from, to] of ranges) {
        const [y, wanted] = [new Float64Array(A.rows), new Float64Array(A.rows)]
        k.spmv(A, x, wanted, from, to)
        k.spmv(P, x, y, from, to)
        expectSameBits(y, wanted)
        expect(k.residual(P, x, b, y, from, to)).toEqual(k.residual(A, x, b, wanted, from, to))
        expectSameBits(y, wanted)
        if (A.rows !== A.columns) continue
        expect(k.spmvDot(P, x, y, from, to)).toEqual(k.spmvDot(A, x, wanted, from, to))
        for (const d of [new Float64Array(0), b]) {
          const [sums, wantedSums] = [new Float64Array(2), new Float64Array(2)]
          k.spmvDots(P, d, x, y, sums, from, to)
          k.spmvDots(A, d, x, wanted, wantedSums, from, to)
          expectSameBits(sums, wantedSums)
        }
      }
  })

  it.each([
    ['in use', kernels],
    ['reference', reference],
  ])('gives several vectors at once the bits of each alone: kernels %s', (_, k) => {
    for (const s of [1, 2, 3, 7, 8, 13]) {
      const X = randomVector(generator(s), A.columns * s, 1)
      for (const P of [A, ...plans()])
        for (const [from, to] of ranges) {
          const Y = new Float64Array(A.rows * s)
          k.spmm(P, X, Y, s, from, to)
          for (let c = 0; c < s; c++) {
            const [column, wanted] = [new Float64Array(A.columns), new Float64Array(A.rows)]
            for (let j = 0; j < A.columns; j++) column[j] = X[j * s + c]!
            k.spmv(A, column, wanted, from, to)
            expectSameBits(
              Y.filter((_, at) => at % s === c),
              wanted,
            )
          }
        }
    }
  })

  it('is the same record by either backend', () => {
    for (const P of plans())
      for (const k of [kernels, reference]) {
        const [y, wanted] = [new Float64Array(A.rows), new Float64Array(A.rows)]
        k.spmv(P, x, y, 0, A.rows)
        reference.spmv(A, x, wanted, 0, A.rows)
        if (wanted.every(Number.isFinite)) {
          const absolute = new Float64Array(A.rows)
          reference.spmv(A.withValues(A.values.map(Math.abs)), x.map(Math.abs), absolute, 0, A.rows)
          const { rowPointers } = A.pattern
          expectClose(
            y,
            wanted,
            i => absolute[i]!,
            i => rowPointers[i + 1]! - rowPointers[i]!,
          )
        } else expect(y).toEqual(wanted)
      }
  })
})

describe('the symbolic part', () => {
  it('is shared by all matrices on a pattern', () => {
    const A = diffusion2d(60, { contrast: 10, seed: 1 })
    const B = A.withValues(A.values.map(a => 2 * a))
    for (const kind of ['runs', 'sell'] as const) {
      const [P, Q] = [now(withPlan(A, kind)).plan!, now(withPlan(B, kind)).plan!]
      expect(P.kind).toBe(kind)
      if (P.kind === 'csr' || Q.kind === 'csr') throw new Error('no plan')
      expect(Q.starts).toBe(P.starts)
      expect(Q.values).not.toBe(P.values)
      expect(Q.values).toEqual(P.values.map(a => 2 * a))
    }
  })

  it.each([
    [0, 32_767, Int16Array],
    [0, 32_768, Int32Array],
    [33 * 1024, 1024, Int16Array],
    [33 * 1024 + 1023, 1023, Int32Array],
  ])('counts columns from the first row of a window where 16 bits are enough: row %i, column %i', (i, j, type) => {
    for (const k of [kernels, reference]) {
      const A = Csr.fromTriplets(40_000, 40_000, [i], [j], [2])
      const P = now(withPlan(A, 'sell'))
      expect(P.plan?.kind === 'sell' && P.plan.columns).toBeInstanceOf(type)
      expect(now(shapeOf(A.pattern)).far).toBe(type === Int32Array ? 1 : 0)
      const y = new Float64Array(A.rows)
      k.spmv(
        P,
        Float64Array.from(y, (_, c) => c),
        y,
        0,
        A.rows,
      )
      expect(y[i]).toBe(2 * j)
    }
  })

  it('lies on shared memory', () => {
    for (const kind of ['runs', 'sell'] as const)
      for (const part of Object.values(now(withPlan(poisson2d(20), kind)).plan!))
        if (ArrayBuffer.isView(part) && part.byteLength > 0) expect(part.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('keeps the values of constant runs once', () => {
    const P = now(withPlan(poisson2d(30, 40), 'runs')).plan!
    if (P.kind !== 'runs') throw new Error('no runs')
    expect(P.pointers.length - 1).toBe(9)
    expect(P.stencils.length).toBe(3 * 40)
    expect(P.values.length).toBe(0)
    expect(P.constants.length).toBe(P.offsets.length)
  })
})

describe('describe', () => {
  it('says size, non-zeros, bandwidth, plan and why, and bytes', () => {
    const text = describeThing(poisson2d(200))
    expect(text).toContain('40000 x 40000')
    expect(text).toContain('199200 non-zeros')
    expect(text).toContain('200 below')
    expect(text).toMatch(/plan: runs, 600 runs of 9 stencils, 600 of them constant/)
    expect(describeThing(poisson2d(10))).toContain('plan: csr')
  })

  it('refuses what it does not know', () => {
    for (const thing of [undefined, null, 3, {}, { kind: 'unheard of' }])
      expect(() => describeThing(thing as never)).toThrow(/describe: thing must be/)
  })
})
