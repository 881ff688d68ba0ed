import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type FastJl, padded, type Srht } from './kinds.ts'
import { drawEntries, drawRows, drawSign } from './sample.ts'

/** Operators that mix all rows of A at once: P H D, but for a factor. */
export type MixingSketch = Srht | FastJl

/** Entry t of P is (rows[t], columns[t]), in ascending order; H is length x length. */
interface Factors {
  readonly length: number
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  readonly values: readonly number[]
  readonly signs: Float64Array
  readonly divisor: number
}

function factorsOf(S: MixingSketch): Factors {
  const length = padded(S.columns)
  const signs = Float64Array.from({ length: S.columns }, (_, j) => drawSign(S, j))
  if (S.kind === 'srht') {
    const columns = [...drawRows(S)]
    const [rows, values] = [columns.map((_, i) => i), columns.map(() => 1)]
    return { length, rows, columns, values, signs, divisor: Math.sqrt(S.rows) } // H is orthonormal but for sqrt(length)
  }
  const { places, values } = drawEntries(S)
  const [rows, columns] = [places.map(at => Math.floor(at / length)), places.map(at => at % length)]
  return { length, rows, columns, values, signs, divisor: Math.sqrt(S.rows * length) }
}

/** C = S A, n columns: S.columns log2(S.columns) additions for each. A and C by rows. */
export function* sketchMixingSteps(
  k: Kernels,
  S: MixingSketch,
  A: Float64Array,
  n: number,
  C: Float64Array,
): Steps<void> {
  const { length, rows, columns, values, signs, divisor } = factorsOf(S)
  const x = float64(length)
  for (let c = 0; c < n; c++) {
    for (let j = 0; j < length; j++) x[j] = j < S.columns ? signs[j]! * A[j * n + c]! : 0
    yield* hadamard(k, x)
    for (let i = 0; i < S.rows; i++) C[i * n + c] = 0
    for (let t = 0; t < rows.length; t++) C[rows[t]! * n + c]! += values[t]! * x[columns[t]!]!
    for (let i = 0; i < S.rows; i++) C[i * n + c]! /= divisor
    yield tick
  }
}

/** Z = S^T Y: D H P^T Y. */
export function* mixingAdjointSteps(
  k: Kernels,
  S: MixingSketch,
  Y: Float64Array,
  n: number,
  Z: Float64Array,
): Steps<void> {
  const { length, rows, columns, values, signs, divisor } = factorsOf(S)
  const x = float64(length)
  for (let c = 0; c < n; c++) {
    x.fill(0)
    for (let t = 0; t < rows.length; t++) x[columns[t]!]! += values[t]! * Y[rows[t]! * n + c]!
    yield* hadamard(k, x)
    for (let j = 0; j < S.columns; j++) Z[j * n + c] = (signs[j]! * x[j]!) / divisor
    yield tick
  }
}

/** x = H x, entries +-1 (Fino and Algazi 1976), in place. */
function* hadamard(k: Kernels, x: Float64Array): Steps<void> {
  for (let h = 1, work = 0; h < x.length; h *= 2) {
    for (let from = 0; from < x.length; from += 2 * h)
      for (let i = from; i < from + h; i++) {
        const [a, b] = [x[i]!, x[i + h]!]
        x[i] = a + b
        x[i + h] = a - b
      }
    work += x.length
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}
