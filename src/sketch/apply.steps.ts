import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { FastJl, Gaussian, Sjlt, SparseStack, Srht, VerySparse } from './kinds.ts'
import { padded } from './kinds.ts'
import { drawColumn, drawEntries, drawNormals, drawRows, drawSign, scaleOf } from './sample.ts'

/** Operators whose columns are drawn one by one, so that rows of A may come one after the other. */
export type ColumnSketch = SparseStack | Sjlt | VerySparse | Gaussian

/** Operators that mix all rows of A at once. */
export type MixingSketch = Srht | FastJl

/** One column after the other: entry e of column j is (rows[e], values[e]). */
interface Columns {
  readonly rows: Int32Array
  readonly values: Float64Array
  /** Draws column j; returns its length. */
  readonly draw: (j: number) => number
}

/** The columns as they are to be multiplied by, but for the factor of sparse ones, which is left for the end. */
export function columnsOf(S: ColumnSketch): Columns {
  const values = new Float64Array(S.rows)
  if (S.kind === 'gaussian') {
    const rows = Int32Array.from({ length: S.rows }, (_, i) => i)
    const draw = (j: number) => {
      drawNormals(S, j, values)
      return S.rows
    }
    return { rows, values, draw }
  }
  const rows = new Int32Array(S.rows)
  return { rows, values, draw: j => drawColumn(S, j, rows, values) }
}

/** What every entry is to be multiplied by in the end. */
export const factorOf = (S: ColumnSketch): number => (S.kind === 'gaussian' ? 1 / Math.sqrt(S.rows) : scaleOf(S))

/**
 * C += S A without the factor, where A's rows are first, first + 1, ... of all, row-major, n columns. C: S.rows x n. Every entry
 * of C is summed in the order of A's rows, so that pieces give the same bits as the whole.
 * Traffic: A once, a column of S and as many rows of C for each of its rows.
 */
export function* sketchDenseSteps(
  k: Kernels,
  S: ColumnSketch,
  A: Float64Array,
  n: number,
  first: number,
  C: Float64Array,
): Steps<void> {
  const { rows, values, draw } = columnsOf(S)
  for (let r = 0, work = 0; r * n < A.length; r++) {
    const length = draw(first + r)
    for (let e = 0; e < length; e++)
      for (let j = 0, at = r * n, c = rows[e]! * n; j < n; j++, at++, c++) C[c]! += values[e]! * A[at]!
    work += length * (n + 1)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

/** The same of sparse rows. */
export function* sketchSparseSteps(
  k: Kernels,
  S: ColumnSketch,
  { pattern, values: a }: CsrData,
  first: number,
  C: Float64Array,
): Steps<void> {
  const { rows, values, draw } = columnsOf(S)
  const { rows: count, columns: n, rowPointers, columnIndices } = pattern
  for (let r = 0, work = 0; r < count; r++) {
    const length = draw(first + r)
    const [from, to] = [rowPointers[r]!, rowPointers[r + 1]!]
    for (let e = 0; e < length; e++)
      for (let at = from, c = rows[e]! * n; at < to; at++) C[c + columnIndices[at]!]! += values[e]! * a[at]!
    work += length * (to - from + 1)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

/** S^T Y: entry (j, c) is the sum over column j of S. Y: S.rows x n; Z: S.columns x n, row-major, overwritten. */
export function* sketchAdjointSteps(
  k: Kernels,
  S: ColumnSketch,
  Y: Float64Array,
  n: number,
  Z: Float64Array,
): Steps<void> {
  const { rows, values, draw } = columnsOf(S)
  const factor = factorOf(S)
  for (let j = 0, work = 0; j < S.columns; j++) {
    const length = draw(j)
    const z = Z.subarray(j * n, (j + 1) * n).fill(0)
    for (let e = 0; e < length; e++) for (let c = 0, at = rows[e]! * n; c < n; c++, at++) z[c]! += values[e]! * Y[at]!
    for (let c = 0; c < n; c++) z[c]! *= factor
    work += length * (n + 1)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

/** C = S A for the operators that transform all of a column: S.columns log2(S.columns) additions for each column of A. */
export function* sketchMixingSteps(
  k: Kernels,
  S: MixingSketch,
  A: Float64Array,
  n: number,
  C: Float64Array,
): Steps<void> {
  const length = padded(S.columns)
  const kept = S.kind === 'srht' ? drawRows(S) : undefined
  const P = S.kind === 'fast-jl' ? drawEntries(S) : undefined
  const x = float64(length)
  const signs = Float64Array.from({ length: S.columns }, (_, j) => drawSign(S, j))
  for (let c = 0; c < n; c++) {
    x.fill(0)
    for (let j = 0; j < S.columns; j++) x[j] = signs[j]! * A[j * n + c]!
    yield* hadamard(k, x)
    // H is orthonormal but for 1 / sqrt(length)
    if (kept !== undefined) for (let i = 0; i < S.rows; i++) C[i * n + c] = x[kept[i]!]! / Math.sqrt(S.rows)
    if (P === undefined) continue
    const y = new Float64Array(S.rows)
    P.places.forEach((place, t) => {
      y[Math.floor(place / length)]! += P.values[t]! * x[place % length]!
    })
    for (let i = 0; i < S.rows; i++) C[i * n + c] = y[i]! / Math.sqrt(S.rows * length)
    yield tick
  }
}

/** S^T Y for these: D H P^T. */
export function* mixingAdjointSteps(
  k: Kernels,
  S: MixingSketch,
  Y: Float64Array,
  n: number,
  Z: Float64Array,
): Steps<void> {
  const length = padded(S.columns)
  const kept = S.kind === 'srht' ? drawRows(S) : undefined
  const P = S.kind === 'fast-jl' ? drawEntries(S) : undefined
  const x = float64(length)
  const signs = Float64Array.from({ length: S.columns }, (_, j) => drawSign(S, j))
  const factor = 1 / Math.sqrt(kept !== undefined ? S.rows : S.rows * length)
  for (let c = 0; c < n; c++) {
    x.fill(0)
    if (kept !== undefined) for (let i = 0; i < S.rows; i++) x[kept[i]!] = Y[i * n + c]!
    P?.places.forEach((place, t) => {
      x[place % length]! += P.values[t]! * Y[Math.floor(place / length) * n + c]!
    })
    yield* hadamard(k, x)
    for (let j = 0; j < S.columns; j++) Z[j * n + c] = signs[j]! * x[j]! * factor
  }
}

/** x = H x, entries +-1 (Fino and Algazi 1976), in place. */
export function* hadamard(k: Kernels, x: Float64Array): Steps<void> {
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
