import { run } from '../core/method.ts'
import { fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { solveTriangularIn } from '../dense/triangular.ts'

const STEPS = 6 // of the power method: the condition to a factor of two or so

/** The column norms of an upper triangle, 1 where a column is zero. */
export function columnScales(R: Float64Array, n: number): Float64Array {
  const scales = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) scales[j]! += R[i * n + j]! ** 2
  return scales.map(square => (square > 0 ? Math.sqrt(square) : 1))
}

/**
 * The condition of an upper triangle whose columns are scaled to unit norm, from below: the power method with R^T R and with
 * its inverse. Infinity where R is singular, NaN where it is not finite.
 */
export function* conditionOf(R: Float64Array, n: number): Steps<number> {
  if (n === 0) return 1
  const scales = columnScales(R, n)
  const U = float64(n * n)
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) U[i * n + j] = R[i * n + j]! / scales[j]!
  for (let j = 0; j < n; j++) if (U[j * n + j] === 0) return Number.POSITIVE_INFINITY
  const start = float64(n)
  fillNormal(start, 1)
  let v: Float64Array = start.slice()
  let largest = 0
  for (let step = 0; step < STEPS; step++) [v, largest] = unit(gram(U, n, v))
  const x = float64(n)
  x.set(start)
  let inverse = 0
  for (let step = 0; step < STEPS; step++) {
    yield* run(solveTriangularIn, U, n, x, 1, false, true, false)
    yield* run(solveTriangularIn, U, n, x, 1, false, false, false)
    const [direction, size] = unit(x)
    inverse = size
    x.set(direction)
  }
  const condition = Math.sqrt(largest) * Math.sqrt(inverse)
  return Number.isNaN(condition) && Number.isFinite(largest) ? Number.POSITIVE_INFINITY : Math.max(1, condition)
}

function unit(x: Float64Array): [Float64Array, number] {
  const size = Math.hypot(...x)
  return [x.map(value => value / size), size]
}

function gram(U: Float64Array, n: number, v: Float64Array): Float64Array {
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = i; j < n; j++) sum += U[i * n + j]! * v[j]!
    for (let j = i; j < n; j++) y[j]! += U[i * n + j]! * sum
  }
  return y
}
