import { type Steps, tick } from '../core/steps.ts'
import { eigenvectors } from '../dense/eigenvectors.steps.ts'
import type { Projection } from './projection.steps.ts'

const COMPONENTS = 5
const BITS = 10 // of each component: 50 bits in all fit into a double
const DIGIT = 1 << 13
const GRAIN = 8192 // fields between two ticks

/** Fields along a Hilbert curve through their leading principal components; of equals the first comes first. Work: N. */
export function* hilbertSteps(projection: Projection, N: number): Steps<Int32Array> {
  const { columns, points } = yield* principal(projection, N)
  let step = 0
  const lowest = Array.from({ length: columns }, (_, c) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = 0; i < N; i++) {
      low = Math.min(low, points[i * columns + c]!)
      high = Math.max(high, points[i * columns + c]!)
    }
    step = Math.max(step, (high - low) / (2 ** BITS - 1)) // one for all components: distances stay as they are
    return low
  })
  const keys = new Float64Array(N)
  const cell = new Int32Array(columns)
  for (let i = 0; i < N; i++) {
    for (let c = 0; c < columns; c++)
      cell[c] = step > 0 ? Math.min(2 ** BITS - 1, (points[i * columns + c]! - lowest[c]!) / step) : 0
    keys[i] = hilbertIndex(cell, BITS)
    if (i % GRAIN === GRAIN - 1) yield tick
  }
  return yield* sorted(keys)
}

/** Coordinates of the N fields along the eigenvectors of their covariance, those that matter, the widest first. */
function* principal(projection: Projection, N: number): Steps<{ columns: number; points: Float64Array }> {
  const { directions: q, coordinates } = projection
  const mean = new Float64Array(q)
  for (let i = 0; i < N * q; i++) mean[i % q]! += coordinates[i]! / N
  const covariance = new Float64Array(q * q)
  for (let i = 0; i < N; i++) {
    for (let r = 0; r < q; r++)
      for (let c = 0; c < q; c++)
        covariance[r * q + c]! += (coordinates[i * q + r]! - mean[r]!) * (coordinates[i * q + c]! - mean[c]!)
    if (i % GRAIN === GRAIN - 1) yield tick
  }
  const found = yield* eigenvectors(covariance, q)
  if (found === undefined) return { columns: Math.min(q, COMPONENTS), points: coordinates }
  const widest = Array.from(found.real.keys()).sort((i, j) => found.real[j]! - found.real[i]!)
  const columns = Math.min(q, COMPONENTS)
  const points = new Float64Array(N * columns)
  for (let i = 0; i < N; i++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0
      for (let r = 0; r < q; r++) sum += found.vectors[r * q + widest[c]!]! * coordinates[i * q + r]!
      points[i * columns + c] = sum
    }
    if (i % GRAIN === GRAIN - 1) yield tick
  }
  return { columns, points }
}

/**
 * How far along the Hilbert curve a cell of the cube of 2^bits cells a side lies (Skilling 2004, "Programming the Hilbert
 * curve"). Overwrites the cell.
 */
export function hilbertIndex(x: Int32Array, bits: number): number {
  const n = x.length
  if (n === 0) return 0
  const top = 1 << (bits - 1)
  for (let q = top; q > 1; q >>= 1) {
    const p = q - 1
    for (let i = 0; i < n; i++) {
      if ((x[i]! & q) !== 0) x[0]! ^= p
      else {
        const t = (x[0]! ^ x[i]!) & p
        x[0]! ^= t
        x[i]! ^= t
      }
    }
  }
  for (let i = 1; i < n; i++) x[i]! ^= x[i - 1]!
  let t = 0
  for (let q = top; q > 1; q >>= 1) if ((x[n - 1]! & q) !== 0) t ^= q - 1
  let index = 0
  for (let bit = bits - 1; bit >= 0; bit--) for (let i = 0; i < n; i++) index = 2 * index + (((x[i]! ^ t) >> bit) & 1)
  return index
}

/** The order of whole numbers below 2^53 that makes them ascend, digit by digit. */
function* sorted(keys: Float64Array): Steps<Int32Array> {
  let [order, other] = [Int32Array.from(keys.keys()), new Int32Array(keys.length)]
  const largest = keys.reduce((most, key) => Math.max(most, key), 0)
  for (let unit = 1; unit <= largest; unit *= DIGIT) {
    const digit = (i: number) => Math.floor(keys[i]! / unit) % DIGIT
    const starts = new Int32Array(DIGIT + 1)
    for (const i of order) starts[digit(i) + 1]!++
    for (let k = 0; k < DIGIT; k++) starts[k + 1]! += starts[k]!
    for (const i of order) other[starts[digit(i)]!++] = i
    ;[order, other] = [other, order]
    yield tick
  }
  return order
}
