import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import type { Steps } from '../../src/core/steps.ts'
import { eigenvectors } from '../../src/dense/eigenvectors.steps.ts'
import { realSchur } from '../../src/dense/real-schur.steps.ts'
import { solveUpper, solveUpperFromRight, thinQr } from '../../src/dense/thin-qr.steps.ts'
import { generator, randomVector } from '../support/random.ts'

const run = <R>(steps: Steps<R>): R => runSync(steps, makeControl('test', {}))
const norm = (v: Float64Array): number => Math.hypot(...v)

/** A B, n x n, row-major. */
const product = (A: Float64Array, B: Float64Array, n: number) =>
  Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += A[Math.floor(at / n) * n + k]! * B[k * n + (at % n)]!
    return sum
  })
const transposed = (A: Float64Array, n: number) => A.map((_, at) => A[(at % n) * n + Math.floor(at / n)]!)
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0))

const matrices: readonly [string, number, Float64Array][] = [
  ...[1, 2, 3, 8, 40, 90].map((n): [string, number, Float64Array] => [
    `random of order ${n}`,
    n,
    randomVector(generator(n), n * n),
  ]),
  ['zero', 6, new Float64Array(36)],
  ['the identity', 5, identity(5)],
  ['a cyclic shift', 12, identity(12).map((_, at, I) => I[((Math.floor(at / 12) + 1) % 12) * 12 + (at % 12)]!)],
  ['a Jordan block', 7, identity(7).map((x, at) => (at % 8 === 1 ? 1 : 2 * x))],
  ['nearly the identity', 20, identity(20).map((x, at) => x + 1e-15 * randomVector(generator(at), 1)[0]!)],
  ['a cluster', 12, identity(12).map((x, at) => x + 1e-12 * randomVector(generator(at), 1)[0]!)],
  ['tiny entries', 9, randomVector(generator(5), 81).map(x => 1e-100 * x)],
]

describe.each(matrices)('%s', (_, n, A) => {
  const size = norm(A)

  it('is Z T Z^T, with Z orthogonal and T quasi-triangular', () => {
    const { T, Z } = run(realSchur(A.slice(), n))!
    const back = product(product(Z, T, n), transposed(Z, n), n)
    expect(norm(back.map((x, at) => x - A[at]!))).toBeLessThanOrEqual(1e-14 * n * size)
    expect(norm(product(transposed(Z, n), Z, n).map((x, at) => x - identity(n)[at]!))).toBeLessThan(1e-14 * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i - 1; j++) expect(Math.abs(T[i * n + j]!)).toBe(0)
      if (i > 1) expect(Math.abs(T[i * n + i - 1]! * T[(i - 1) * n + i - 2]!)).toBe(0)
    }
  })

  it('maps its eigenvectors, of norm 1, to multiples of them', () => {
    const { real, imaginary, vectors } = run(eigenvectors(A.slice(), n))!
    for (let j = 0; j < n; j++) {
      const pair = imaginary[j]! > 0
      const column = (c: number) => Float64Array.from({ length: n }, (_, i) => vectors[i * n + c]!)
      const [u, v] = [column(j), pair ? column(j + 1) : new Float64Array(n)]
      expect(Math.hypot(norm(u), norm(v))).toBeCloseTo(1, 12)
      const image = (w: Float64Array) =>
        Float64Array.from({ length: n }, (_, i) => w.reduce((sum, wk, k) => sum + A[i * n + k]! * wk, 0))
      const [p, q] = [real[j]!, imaginary[j]!]
      const wrong = [...image(u).map((x, i) => x - (p * u[i]! - q * v[i]!))]
      if (pair) {
        wrong.push(...image(v).map((x, i) => x - (p * v[i]! + q * u[i]!)))
        expect([real[j + 1], imaginary[j + 1]]).toEqual([p, -q])
        j++
      }
      expect(Math.hypot(...wrong)).toBeLessThanOrEqual(1e-13 * n * size)
    }
  })
})

it('has no Schur form where entries are not finite', () => {
  expect(run(realSchur(Float64Array.of(1, 2, Number.NaN, 4), 2))).toBeUndefined()
  expect(run(eigenvectors(Float64Array.of(1, Number.POSITIVE_INFINITY, 3, 4), 2))).toBeUndefined()
})

describe('thinQr', () => {
  const [rows, columns] = [9, 6]
  const A = randomVector(generator(3), rows * columns)
  for (let i = 0; i < rows; i++) {
    A[2 * rows + i] = A[i]! - 3 * A[rows + i]! // depends on the first two
    A[4 * rows + i] = 0
  }

  it('leaves out what depends on the columns before', () => {
    const { kept, Q, R } = run(thinQr(A, rows, columns))
    expect(kept).toEqual([0, 1, 3, 5])
    kept.forEach((from, c) => {
      for (let i = 0; i < rows; i++) {
        let sum = 0
        for (let k = 0; k < kept.length; k++) sum += Q[k * rows + i]! * R[c * kept.length + k]!
        expect(sum).toBeCloseTo(A[from * rows + i]!, 13)
      }
      for (let d = 0; d < kept.length; d++) {
        let dot = 0
        for (let i = 0; i < rows; i++) dot += Q[c * rows + i]! * Q[d * rows + i]!
        expect(dot).toBeCloseTo(c === d ? 1 : 0, 14)
      }
    })
  })

  it('divides by its triangle from either side', () => {
    const { kept, Q, R } = run(thinQr(A, rows, columns))
    const back = Float64Array.from(kept.flatMap(c => [...A.subarray(c * rows, (c + 1) * rows)]))
    solveUpperFromRight(R, kept.length, back)
    back.forEach((x, at) => void expect(x).toBeCloseTo(Q[at]!, 12))
    const one = R.slice()
    solveUpper(R, kept.length, one)
    one.forEach((x, at) => void expect(x).toBeCloseTo(at % (kept.length + 1) === 0 ? 1 : 0, 12))
  })
})
