import { type Steps, tick } from '../core/steps.ts'
import { type Pattern, SLICES } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from './blocks.ts'

/** What the choice of a storage plan counts. */
export interface PatternShape {
  /** Maximal runs of rows with the same offsets from the diagonal. */
  readonly runs: number
  /** Rows that are not as long as the row before. */
  readonly changes: number
  /** Entries in rows that slices hold, those shorter than 64. */
  readonly shortEntries: number
  /** Such rows with a column that is not in reach of 16 bits from the first row of a window. */
  readonly far: number
}

/** One pass over a pattern. Traffic: 4 nnz bytes. */
export function* patternShapeSteps(k: Kernels, pattern: Pattern): Steps<PatternShape> {
  const { rows, rowPointers, columnIndices } = pattern
  const block = rowsPerBlock(pattern, k.grain)
  let [runs, changes, shortEntries, far] = [0, 0, 0, 0]
  let length = -1
  for (let i = 0; i < rows; i++) {
    const at = rowPointers[i]!
    const end = rowPointers[i + 1]!
    const m = end - at
    if (m !== length) changes++
    if (m !== length || !follows(columnIndices, at, end)) runs++
    if (m > 0 && m < SLICES.lengths) {
      shortEntries += m
      if (!withinReach(i, columnIndices[at]!, columnIndices[end - 1]!)) far++
    }
    length = m
    if (i % block === block - 1) yield tick
  }
  return { runs, changes, shortEntries, far }
}

/** Whether the columns from `first` to `last` of row i are in reach of 16 bits from the first row of i's window. */
export function withinReach(i: number, first: number, last: number): boolean {
  const base = i - (i % SLICES.window)
  return first >= base - 32768 && last <= base + 32767
}

/** Whether the columns [at, end) of a row are those of the row before, which is as long, shifted by one. */
export function follows(columnIndices: Int32Array, at: number, end: number): boolean {
  for (let k = at, before = at + at - end; k < end; k++, before++)
    if (columnIndices[k] !== columnIndices[before]! + 1) return false
  return true
}
