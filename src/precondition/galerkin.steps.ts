import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { LevelMatrix } from './hierarchy.steps.ts'

type LevelPattern = Omit<LevelMatrix, 'values'>

/** P^T of a P with `columns` columns, and where each of its values stands in P. */
export function* transposed(
  grain: number,
  P: LevelPattern,
  columns: number,
): Steps<LevelPattern & { source: Int32Array }> {
  const rowPointers = int32(columns + 1)
  for (const j of P.columnIndices) rowPointers[j + 1]!++
  for (let j = 0; j < columns; j++) rowPointers[j + 1]! += rowPointers[j]!
  yield tick
  const next = rowPointers.slice(0, columns)
  const columnIndices = int32(P.columnIndices.length)
  const source = new Int32Array(P.columnIndices.length)
  for (let i = 0; i < P.rows; i++) {
    for (let k = P.rowPointers[i]!; k < P.rowPointers[i + 1]!; k++) {
      const at = next[P.columnIndices[k]!]!++
      columnIndices[at] = i
      source[at] = k
    }
    if (P.rowPointers[i + 1]! % grain < P.rowPointers[i + 1]! - P.rowPointers[i]!) yield tick
  }
  return { rows: columns, rowPointers, columnIndices, source }
}

/**
 * Where R A P may be non-zero, R = P^T: for each coarse row the union over its rows of A of the rows of P (Gustavson
 * 1978, twice). Right of the diagonal; the other half is its mirror image. The diagonal always belongs to it.
 */
export function* galerkinPattern(
  grain: number,
  R: LevelPattern,
  A: LevelPattern,
  P: LevelPattern,
): Steps<LevelPattern> {
  const n = R.rows
  const upper = new Int32Array(n + 1)
  const met = new Int32Array(A.rows).fill(-1)
  const seen = new Int32Array(n).fill(-1)
  let indices = new Int32Array(Math.max(16, 6 * n))
  let end = 0
  const add = (d: number): void => {
    if (end === indices.length) {
      const larger = new Int32Array(2 * end)
      larger.set(indices)
      indices = larger
    }
    indices[end++] = d
  }
  for (let c = 0, work = 0; c < n; c++) {
    seen[c] = c
    add(c)
    for (let r = R.rowPointers[c]!; r < R.rowPointers[c + 1]!; r++) {
      const i = R.columnIndices[r]!
      for (let a = A.rowPointers[i]!; a < A.rowPointers[i + 1]!; a++) {
        const j = A.columnIndices[a]!
        work++
        if (met[j] === c) continue
        met[j] = c
        for (let p = P.rowPointers[j]!; p < P.rowPointers[j + 1]!; p++) {
          const d = P.columnIndices[p]!
          if (d <= c || seen[d] === c) continue
          seen[d] = c
          add(d)
        }
      }
    }
    indices.subarray(upper[c]!, end).sort()
    upper[c + 1] = end
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  return mirrored(n, upper, indices.subarray(0, end))
}

/** The symmetric pattern with this upper triangle. */
function mirrored(n: number, upper: Int32Array, indices: Int32Array): LevelPattern {
  const rowPointers = int32(n + 1)
  for (let c = 0; c < n; c++) {
    rowPointers[c + 1]! += upper[c + 1]! - upper[c]!
    for (let k = upper[c]! + 1; k < upper[c + 1]!; k++) rowPointers[indices[k]! + 1]!++
  }
  for (let c = 0; c < n; c++) rowPointers[c + 1]! += rowPointers[c]!
  const next = rowPointers.slice(0, n)
  const columnIndices = int32(rowPointers[n]!)
  for (let c = 0; c < n; c++) {
    for (let k = upper[c]! + 1; k < upper[c + 1]!; k++) columnIndices[next[indices[k]!]!++] = c
    columnIndices.set(indices.subarray(upper[c]!, upper[c + 1]!), next[c]!)
  }
  return { rows: n, rowPointers, columnIndices }
}

/**
 * R A P on its pattern: row by row, first (R A), then times P, right of the diagonal; symmetric to the bit. The diagonal
 * of a zero row becomes 1.
 */
export function* galerkinValues(
  grain: number,
  R: LevelMatrix,
  A: LevelMatrix,
  P: LevelMatrix,
  pattern: LevelPattern,
): Steps<Float64Array> {
  const { rowPointers, columnIndices } = pattern
  const values = float64(columnIndices.length)
  const row = new Float64Array(A.rows)
  const met = new Int32Array(A.rows).fill(-1)
  const touched: number[] = []
  const place = new Int32Array(R.rows)
  const next = rowPointers.slice(0, R.rows)
  for (let c = 0, work = 0; c < R.rows; c++) {
    const start = next[c]! // all that stands before is the image of rows above
    const end = rowPointers[c + 1]!
    for (let k = start; k < end; k++) place[columnIndices[k]!] = k
    touched.length = 0
    for (let r = R.rowPointers[c]!; r < R.rowPointers[c + 1]!; r++) {
      const i = R.columnIndices[r]!
      const weight = R.values[r]!
      for (let a = A.rowPointers[i]!; a < A.rowPointers[i + 1]!; a++) {
        const j = A.columnIndices[a]!
        if (met[j] === c) row[j]! += weight * A.values[a]!
        else {
          met[j] = c
          row[j] = weight * A.values[a]!
          touched.push(j)
        }
      }
      work += A.rowPointers[i + 1]! - A.rowPointers[i]!
    }
    for (const j of touched)
      for (let p = P.rowPointers[j]!; p < P.rowPointers[j + 1]!; p++) {
        const d = P.columnIndices[p]!
        if (d >= c) values[place[d]!]! += row[j]! * P.values[p]!
      }
    let largest = 0
    for (let k = rowPointers[c]!; k < end; k++) largest = Math.max(largest, Math.abs(values[k]!))
    if (largest === 0) values[start] = 1
    for (let k = start + 1; k < end; k++) values[next[columnIndices[k]!]!++] = values[k]!
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  return values
}
