import { describe, expect, it } from 'vitest'
import { native } from '../../src/core/backend.ts'
import { kernels } from '../../src/core/kernels.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { reference } from '../../src/kernels/reference.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { expectClose } from '../support/close.ts'
import { generator, randomCsr, randomVector } from '../support/random.ts'

/* Native kernels against the reference, entry by entry, to the bound of any order of summation. */

const SIZES = [0, 1, 2, 7, 8, 9, 63, 64, 65, 1023, 1024, 1025, 2049, 40_001]

const absolute = (A: Csr): Csr => A.withValues(A.values.map(Math.abs))
const one = (value: number): Float64Array => Float64Array.of(value)

describe('vector kernels', () => {
  for (const n of SIZES)
    for (const offset of [0, 1, 3])
      it(`n = ${n}, ${offset} entries off alignment`, () => {
        const random = generator(n + 17 * offset)
        const vector = () => randomVector(random, n, offset)
        const [x, y, p, q, d] = [vector(), vector(), vector(), vector(), vector()] as const
        const size = (u: Float64Array, v: Float64Array) => u.reduce((sum, ui, i) => sum + Math.abs(ui * v[i]!), 0)

        expectClose(
          one(kernels.dot(x, y)),
          one(reference.dot(x, y)),
          () => size(x, y),
          () => n,
        )
        const acts: ((k: Kernels, out: Float64Array) => void)[] = [
          (k, out) => k.axpy(0.3, x, out),
          (k, out) => k.axpby(0.3, x, -1.7, out),
          (k, out) => k.axpby(0.3, x, 0, out),
          (k, out) => k.scale(d, x, out),
        ]
        for (const act of acts) {
          const [got, wanted] = [y.slice(), y.slice()]
          act(kernels, got)
          act(reference, wanted)
          const sizes = (i: number) => Math.abs(0.3 * x[i]!) + Math.abs(1.7 * y[i]!) + Math.abs(d[i]! * x[i]!)
          expectClose(got, wanted, sizes, () => 2)
        }
        for (const diagonal of [d, new Float64Array(0)]) {
          const run = (k: Kernels) => {
            const [p1, x1, r1, sums] = [p.slice(), x.slice(), y.slice(), new Float64Array(2)] as const
            k.advanceDirection(0.7, -0.2, diagonal, p1, q, x1, r1, sums)
            return [p1, x1, r1, sums] as const
          }
          const [got, wanted] = [run(kernels), run(reference)]
          const sizes = (i: number) => Math.abs(p[i]!) + Math.abs(x[i]!) + Math.abs(y[i]!) + Math.abs(q[i]!)
          for (const k of [0, 1, 2] as const) expectClose(got[k], wanted[k], sizes, () => 4)
          const square = y.reduce((sum, _, i) => sum + sizes(i) ** 2, 0)
          expectClose(
            got[3],
            wanted[3],
            () => square,
            () => n + 4,
          )
        }
        const [x1, r1, x2, r2] = [x.slice(), y.slice(), x.slice(), y.slice()] as const
        const native = kernels.advance(0.7, p, q, x1, r1)
        const wanted = reference.advance(0.7, p, q, x2, r2)
        expectClose(
          x1,
          x2,
          i => Math.abs(x[i]!) + Math.abs(0.7 * p[i]!),
          () => 2,
        )
        expectClose(
          r1,
          r2,
          i => Math.abs(y[i]!) + Math.abs(0.7 * q[i]!),
          () => 2,
        )
        const total = size(y, y) + 2 * size(y, q) + size(q, q)
        expectClose(
          one(native),
          one(wanted),
          () => total,
          () => n + 4,
        )
      })

  it('with b = 0 the old y is not read', () => {
    const y = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY)
    kernels.axpby(2, Float64Array.of(1, 2), 0, y)
    expect([...y]).toEqual([2, 4])
  })
})

describe('sparse kernels', () => {
  const shapes: [string, (random: () => number, n: number) => Csr][] = [
    ['short and empty rows', (random, n) => randomCsr(random, n, n)],
    ['long rows', (random, n) => randomCsr(random, n, n, row => (row % 97 === 0 ? 500 : row % 3))],
    ['no entries', (_, n) => Csr.fromTriplets(n, n, [], [], [])],
  ]
  for (const [name, make] of shapes)
    for (const n of SIZES.filter(size => size < 10_000))
      it(`${name}, n = ${n}`, () => {
        const random = generator(n)
        const A = make(random, n)
        const { rowPointers } = A.pattern
        const terms = (i: number) => rowPointers[i + 1]! - rowPointers[i]!
        const [x, b] = [randomVector(random, n, 1), randomVector(random, n, 1)]
        const size = new Float64Array(n)
        reference.spmv(absolute(A), x.map(Math.abs), size, 0, n)
        const longest = size.reduce((most, _, i) => Math.max(most, terms(i)), 0)
        for (const [from, to] of [
          [0, n],
          [Math.floor(n / 3), n],
          [Math.floor(n / 3), Math.floor((2 * n) / 3)],
        ] as const) {
          const [y1, y2] = [new Float64Array(n + 1).subarray(1), new Float64Array(n + 1).subarray(1)]
          kernels.spmv(A, x, y1, from, to)
          reference.spmv(A, x, y2, from, to)
          expectClose(y1, y2, i => size[i]!, terms)
          const dots = [kernels.spmvDot(A, x, y1, from, to), reference.spmvDot(A, x, y2, from, to)] as const
          expectClose(y1, y2, i => size[i]!, terms)
          const total = size.reduce((sum, s, i) => sum + s * Math.abs(x[i]!), 0)
          expectClose(
            one(dots[0]),
            one(dots[1]),
            () => total,
            () => n + longest,
          )
          const squares = [kernels.residual(A, x, b, y1, from, to), reference.residual(A, x, b, y2, from, to)] as const
          expectClose(
            y1,
            y2,
            i => size[i]! + Math.abs(b[i]!),
            i => terms(i) + 1,
          )
          const whole = size.reduce((sum, s, i) => sum + (s + Math.abs(b[i]!)) ** 2, 0)
          expectClose(
            one(squares[0]),
            one(squares[1]),
            () => whole,
            () => n + 2 * longest,
          )
        }
        for (const d of [b, new Float64Array(0)]) {
          const [y1, y2, sums1, sums2] = [1, 2, 3, 4].map(k => new Float64Array(k < 3 ? n : 2)) as Float64Array[] as [
            Float64Array,
            Float64Array,
            Float64Array,
            Float64Array,
          ]
          kernels.spmvDots(A, d, x, y1, sums1, 0, n)
          reference.spmvDots(A, d, x, y2, sums2, 0, n)
          expectClose(y1, y2, i => size[i]!, terms)
          const whole = size.reduce((sum, s) => sum + s * (s + 1), 0)
          expectClose(
            sums1,
            sums2,
            () => whole,
            () => n + 2 * longest,
          )
        }
        for (const s of [1, 3, 8]) {
          const X = randomVector(random, n * s, 1)
          const [Y1, Y2, sizes] = [new Float64Array(n * s), new Float64Array(n * s), new Float64Array(n * s)] as const
          kernels.spmm(A, X, Y1, s, 0, n)
          reference.spmm(A, X, Y2, s, 0, n)
          reference.spmm(absolute(A), X.map(Math.abs), sizes, s, 0, n)
          expectClose(
            Y1,
            Y2,
            i => sizes[i]!,
            i => terms(Math.floor(i / s)),
          )
        }
      })

  it('a rectangle', () => {
    const random = generator(5)
    for (const [rows, columns] of [
      [3, 2000],
      [2000, 3],
      [0, 5],
      [5, 0],
    ] as const) {
      const A = randomCsr(random, rows, columns)
      const x = randomVector(random, columns)
      const [y1, y2] = [new Float64Array(rows), new Float64Array(rows)]
      kernels.spmv(A, x, y1, 0, rows)
      reference.spmv(A, x, y2, 0, rows)
      expectClose(
        y1,
        y2,
        () => 8,
        () => 8,
      )
    }
  })
})

describe('column kernels', () => {
  for (const n of SIZES.filter(size => size < 10_000))
    for (const s of [1, 3, 8])
      it(`n = ${n}, s = ${s}`, () => {
        const random = generator(n + s)
        const block = () => randomVector(random, n * s, 1)
        const [X, Y, P, Q, a] = [block(), block(), block(), block(), randomVector(random, s)] as const
        const [out1, out2, sizes] = [new Float64Array(s), new Float64Array(s), new Float64Array(s)] as const
        kernels.columnDots(X, Y, out1)
        reference.columnDots(X, Y, out2)
        reference.columnDots(X.map(Math.abs), Y.map(Math.abs), sizes)
        expectClose(
          out1,
          out2,
          c => sizes[c]!,
          () => n,
        )
        const [y1, y2] = [Y.slice(), Y.slice()]
        kernels.columnXpby(X, a, y1)
        reference.columnXpby(X, a, y2)
        expectClose(
          y1,
          y2,
          i => Math.abs(X[i]!) + Math.abs(Y[i]!),
          () => 2,
        )
        const [x1, r1, x2, r2] = [X.slice(), Y.slice(), X.slice(), Y.slice()] as const
        kernels.columnAdvance(a, P, Q, x1, r1, out1)
        reference.columnAdvance(a, P, Q, x2, r2, out2)
        expectClose(
          x1,
          x2,
          i => Math.abs(X[i]!) + Math.abs(P[i]!),
          () => 2,
        )
        expectClose(
          r1,
          r2,
          i => Math.abs(Y[i]!) + Math.abs(Q[i]!),
          () => 2,
        )
        const whole = Y.map((y, i) => Math.abs(y) + Math.abs(Q[i]!))
        reference.columnDots(whole, whole, sizes)
        expectClose(
          out1,
          out2,
          c => sizes[c]!,
          () => n + 4,
        )
      })
})

it('every kernel of the reference is there natively', () => {
  const names = Object.keys(reference).filter(name => name !== 'grain')
  expect(Object.keys(native!.kernels).sort()).toEqual(names.sort())
})
