import { describe, expect, it } from 'vitest'
import { bunchKaufman, bunchKaufmanSync } from '../../src/dense/bunch-kaufman.ts'
import { cholesky, choleskySync } from '../../src/dense/cholesky.ts'
import { dense } from '../../src/dense/dense.ts'
import { solveWith, solveWithSync } from '../../src/direct/solve-with.ts'
import { both } from '../support/both.ts'
import { generator, randomVector } from '../support/random.ts'

const SIZES = [0, 1, 2, 3, 7, 8, 9, 31, 95, 96, 97, 200]

type Make = (n: number) => Float64Array

const symmetric: Make = n => {
  const a = randomVector(generator(n + 1), n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i]!
  return a
}

/** Diagonally dominant, so positive definite. */
const definite: Make = n => symmetric(n).map((x, at) => (at % (n + 1) === 0 ? 2 * n + x : x))

/** No diagonal at all: every pivot is a block of order 2. */
const hollow: Make = n => symmetric(n).map((x, at) => (at % (n + 1) === 0 ? 0 : x))

const product = (a: Float64Array, n: number, x: Float64Array, s: number): Float64Array =>
  Float64Array.from({ length: n * s }, (_, at) => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / s) * n + k]! * x[k * s + (at % s)]!
    return sum
  })

const largest = (x: Float64Array): number => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** max |B - A X| / (n max |A| max |X|), by its own arithmetic. */
function backwardError(a: Float64Array, n: number, x: Float64Array, b: Float64Array, s: number): number {
  const Ax = product(a, n, x, s)
  return largest(b.map((value, i) => value - Ax[i]!)) / (n * largest(a) * largest(x) || 1)
}

/** Negative eigenvalues by the signs of the pivots of an elimination without exchanges, shifted off zero. */
function negatives(a: Float64Array, n: number): number {
  const w = a.slice()
  let count = 0
  for (let k = 0; k < n; k++) {
    const pivot = w[k * n + k]!
    if (pivot < 0) count++
    for (let i = k + 1; i < n; i++) {
      const l = w[i * n + k]! / pivot
      for (let j = k; j < n; j++) w[i * n + j]! -= l * w[k * n + j]!
    }
  }
  return count
}

describe.each(SIZES)('n = %i', n => {
  it('cholesky factors and solves vectors and blocks', async () => {
    const a = definite(n)
    const F = await both(choleskySync, cholesky, dense(n, n, a))
    expect(F.failed).toBe(-1)
    const b = randomVector(generator(3), n)
    const { x, converged } = await both(solveWithSync, solveWith, F, b)
    expect(converged).toBe(true)
    expect(backwardError(a, n, x, b, 1)).toBeLessThan(1e-15)
    const B = dense(n, 3, randomVector(generator(4), 3 * n))
    const { x: X } = solveWithSync(F, B)
    expect(X.columns).toBe(3)
    expect(backwardError(a, n, X.values, B.values, 3)).toBeLessThan(1e-15)
  })

  it.each([symmetric, hollow, definite])('bunchKaufman factors and solves %#', async make => {
    const a = make(n)
    const F = await both(bunchKaufmanSync, bunchKaufman, dense(n, n, a))
    if (n === 1 && make === hollow) {
      expect(F.zero).toBe(1)
      expect(() => solveWithSync(F, [1])).toThrow(/singular/)
      return
    }
    expect(F.zero).toBe(0)
    if (make !== hollow) expect(F.negative).toBe(negatives(a, n))
    const b = randomVector(generator(3), n)
    const { x, converged } = await both(solveWithSync, solveWith, F, b)
    expect(converged).toBe(true)
    expect(backwardError(a, n, x, b, 1)).toBeLessThan(1e-13)
    const B = dense(n, 2, randomVector(generator(4), 2 * n))
    expect(backwardError(a, n, solveWithSync(F, B).x.values, B.values, 2)).toBeLessThan(1e-13)
  })
})

describe('a dense matrix', () => {
  it('that is not positive definite is said to be, and not solved with', () => {
    const F = choleskySync(dense(3, 3, [2, 0, 0, 0, 1, 2, 0, 2, 1]))
    expect(F.failed).toBe(2)
    expect(() => solveWithSync(F, [1, 1, 1])).toThrow(/solveWithSync: A is not positive definite: the pivot of row 2/)
  })

  it('that is singular is named', () => {
    const F = bunchKaufmanSync(dense(2, 2, [0, 0, 0, 1]))
    expect(F.zero).toBe(1)
    expect(() => solveWithSync(F, [1, 1])).toThrow(expect.objectContaining({ code: 'ERR_SINGULAR' }))
  })

  it('is not changed, and its factor is plain data', () => {
    const A = dense(2, 2, [4, 2, 2, 3])
    const F = structuredClone(choleskySync(A))
    expect([...A.values]).toEqual([4, 2, 2, 3])
    expect([...solveWithSync(F, [8, 8]).x]).satisfy((x: number[]) => x.every((v, i) => Math.abs(v - i - 1) < 1e-14))
  })

  it.each([
    [{ rows: 2, columns: 3, values: new Float64Array(6) }, 'ERR_SHAPE'],
    [{ rows: 2, columns: 2, values: new Float64Array(3) }, 'ERR_SHAPE'],
    [dense(2, 2, [1, 2, 3, 1]), 'ERR_NOT_SYMMETRIC'],
    [dense(2, 2, [1, Number.NaN, Number.NaN, 1]), 'ERR_NOT_FINITE'],
  ] as const)('is refused %#', (A, code) => {
    for (const factor of [choleskySync, bunchKaufmanSync])
      expect(() => factor(A)).toThrow(expect.objectContaining({ code }))
  })

  it('comes with factors that are checked', () => {
    const F = bunchKaufmanSync(dense(2, 2, [0, 1, 1, 0]))
    const bad = [
      { ...F, pivots: Int32Array.of(-9, -9) },
      { ...F, pivots: Int32Array.of(1) },
      { ...F, factor: F.pivots },
    ]
    for (const record of bad) expect(() => solveWithSync(record as typeof F, [1, 1])).toThrow(/as its factorization/)
    expect(() => solveWithSync({ kind: 'magic' } as never, [1])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
    expect(() => solveWithSync(F, [1, 2, 3])).toThrow(expect.objectContaining({ code: 'ERR_SHAPE' }))
  })
})
