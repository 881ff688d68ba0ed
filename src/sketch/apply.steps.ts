import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Gaussian, Sjlt, SparseStack, VerySparse } from './kinds.ts'
import { drawColumn, drawNormals, scaleOf } from './sample.ts'

/** Operators whose columns are drawn one by one, so that rows of A may come one after the other. */
export type ColumnSketch = SparseStack | Sjlt | VerySparse | Gaussian

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

/** Draws columns `first` on, `count` of them, and hands each to `use`, which says how many entries it touched. */
function* eachColumn(
  k: Kernels,
  S: ColumnSketch,
  first: number,
  count: number,
  use: (r: number, rows: Int32Array, values: Float64Array) => number,
): Steps<void> {
  const { rows, values, draw } = columnsOf(S)
  for (let r = 0, work = 0; r < count; r++) {
    const length = draw(first + r)
    work += length + use(r, rows.subarray(0, length), values)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

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
  yield* eachColumn(k, S, first, n === 0 ? 0 : A.length / n, (r, rows, values) => {
    for (let e = 0; e < rows.length; e++)
      for (let j = 0, at = r * n, c = rows[e]! * n; j < n; j++, at++, c++) C[c]! += values[e]! * A[at]!
    return rows.length * n
  })
}

/** The same of sparse rows. */
export function* sketchSparseSteps(
  k: Kernels,
  S: ColumnSketch,
  { pattern, values: a }: CsrData,
  first: number,
  C: Float64Array,
): Steps<void> {
  const { rows: count, columns: n, rowPointers, columnIndices } = pattern
  yield* eachColumn(k, S, first, count, (r, rows, values) => {
    const [from, to] = [rowPointers[r]!, rowPointers[r + 1]!]
    for (let e = 0; e < rows.length; e++)
      for (let at = from, c = rows[e]! * n; at < to; at++) C[c + columnIndices[at]!]! += values[e]! * a[at]!
    return rows.length * (to - from)
  })
}

/** S^T Y: entry (j, c) is the sum over column j of S. Y: S.rows x n; Z: S.columns x n, row-major, overwritten. */
export function* sketchAdjointSteps(
  k: Kernels,
  S: ColumnSketch,
  Y: Float64Array,
  n: number,
  Z: Float64Array,
): Steps<void> {
  const factor = factorOf(S)
  yield* eachColumn(k, S, 0, S.columns, (j, rows, values) => {
    const z = Z.subarray(j * n, (j + 1) * n).fill(0)
    for (let e = 0; e < rows.length; e++)
      for (let c = 0, at = rows[e]! * n; c < n; c++, at++) z[c]! += values[e]! * Y[at]!
    for (let c = 0; c < n; c++) z[c]! *= factor
    return rows.length * n
  })
}
