import { expect, it } from 'vitest'
import { fillNormal } from '../../src/core/random.ts'
import {
  backend,
  choleskySync,
  countSketch,
  type Dense,
  fastJL,
  normal,
  type SketchOperator,
  sketchSync,
  solveWithSync,
  sparseStack,
  srht,
} from '../../src/index.ts'

/*
 * cond(A R^-1) with S A = Q R is the condition of S U, U an orthonormal basis of A's columns: how much the sketch distorts
 * the geometry of A's range. KRYLOV_DRAWS=100 draws each operator a hundred times.
 */

const [m, n] = [8192, 100]
const d = 408 // 4 n rounded up to a multiple of zeta = 8
const draws = Number(process.env.KRYLOV_DRAWS ?? (backend().name === 'native' ? 8 : 2))

/** Orthonormal columns with the span of A's, by Gram-Schmidt twice over; row-major. */
function orthonormal({ values }: Dense): Dense {
  const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_, i) => values[i * n + j]!))
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0)
  columns.forEach((q, j) => {
    for (let pass = 0; pass < 2; pass++)
      for (const before of columns.slice(0, j)) {
        const share = dot(before, q)
        for (let i = 0; i < m; i++) q[i]! -= share * before[i]!
      }
    const size = Math.sqrt(dot(q, q))
    for (let i = 0; i < m; i++) q[i]! /= size
  })
  return {
    rows: m,
    columns: n,
    values: Float64Array.from({ length: m * n }, (_, at) => columns[at % n]![Math.floor(at / n)]!),
  }
}

/** By power iteration with the Gram matrix and with its inverse; Infinity where that is not positive definite. */
function condition(S: SketchOperator, U: Dense): number {
  const { values } = sketchSync(S, U)
  const G = new Float64Array(n * n)
  for (let r = 0; r < S.rows; r++)
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) G[i * n + j]! += values[r * n + i]! * values[r * n + j]!
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) G[j * n + i] = G[i * n + j]!
  const gram = { rows: n, columns: n, values: G }
  const F = choleskySync(gram)
  if (F.failed >= 0) return Number.POSITIVE_INFINITY
  const grow = (step: (x: Float64Array) => Float64Array) => {
    let x = normal(1, n)
    let size = 0
    for (let k = 0; k < 60; k++) {
      x = step(x)
      size = Math.hypot(...x)
      x = x.map(value => value / size)
    }
    return size
  }
  const largest = grow(x => x.map((_, i) => x.reduce((sum, value, j) => sum + G[i * n + j]! * value, 0)))
  return Math.sqrt(largest * grow(x => solveWithSync(F, x).x))
}

const dense = (value: (i: number, j: number) => number): Dense => ({
  rows: m,
  columns: n,
  values: Float64Array.from({ length: m * n }, (_, at) => value(Math.floor(at / n), at % n)),
})
const noise = new Float64Array(m * n)
fillNormal(noise, 9)
const scales = normal(10, m).map(g => Math.exp(3 * g))
const permuted = Int32Array.from({ length: m }, (_, i) => (i * 4099) % m) // 4099 is odd
const aligned = (i: number, j: number) => (i === j ? 1 : 0) + 1e-8 * noise[i * n + j]!

const matrices: readonly (readonly [string, Dense])[] = [
  ['incoherent', dense((i, j) => noise[i * n + j]!)],
  ['nearly unit rows', dense(aligned)],
  ['the same, permuted', dense((i, j) => aligned(permuted[i]!, j))],
  ['rows of all sizes', dense((i, j) => scales[i]! * noise[i * n + j]!)],
  ['a huge row for each column', dense((i, j) => noise[i * n + j]! * (i === 50 * j ? 1e6 : 1))],
]

it.each(matrices)('a sparse stack keeps the geometry of a matrix: %s', (_, A) => {
  const U = orthonormal(A)
  for (let seed = 0; seed < draws; seed++)
    expect(condition(sparseStack({ rows: d, columns: m, seed }), U)).toBeLessThanOrEqual(4)
})

it('a CountSketch and a small transform lose that of nearly unit rows', () => {
  const U = orthonormal(dense(aligned))
  const worst = (make: (seed: number) => SketchOperator) =>
    Math.max(...Array.from({ length: 10 }, (_, seed) => condition(make(seed), U)))
  expect(worst(seed => countSketch({ rows: d, columns: m, seed }))).toBeGreaterThan(1e3)
  expect(worst(seed => srht({ rows: 2 * n, columns: m, seed }))).toBeGreaterThan(1e3)
})

const DRAWS = 600

it.each([
  ['one-hot', (i: number, j: number) => (i === 30 * j ? 1 : 0)],
  ['dense', (i: number, j: number) => noise[i * n + j]!],
])('fastJL distorts %s vectors at most 1.1 times as much as a Gaussian', (_, entry) => {
  const [rows, columns, vectors] = [64, 256, 8]
  const X = new Float64Array(columns * vectors)
  for (let j = 0; j < vectors; j++) {
    const x = Float64Array.from({ length: columns }, (_, i) => entry(i, j))
    for (let i = 0; i < columns; i++) X[i * vectors + j] = x[i]! / Math.hypot(...x)
  }
  let sum = 0
  for (let seed = 0; seed < DRAWS; seed++) {
    const { values } = sketchSync(fastJL({ rows, columns, seed }), { rows: columns, columns: vectors, values: X })
    for (let j = 0; j < vectors; j++) {
      let square = 0
      for (let i = 0; i < rows; i++) square += values[i * vectors + j]! ** 2
      sum += (square - 1) ** 2
    }
  }
  // of a Gaussian the mean of (||S x||^2 - 1)^2 is 2 / rows
  expect(Math.sqrt(sum / (DRAWS * vectors))).toBeLessThanOrEqual(1.1 * Math.sqrt(2 / rows))
})
