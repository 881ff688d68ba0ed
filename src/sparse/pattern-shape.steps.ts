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
}

/** One pass over a pattern. Traffic: 4 nnz bytes. */
export function* patternShapeSteps(k: Kernels, pattern: Pattern): Steps<PatternShape> {
  const { rows, rowPointers, columnIndices } = pattern
  const block = rowsPerBlock(pattern, k.grain)
  let [runs, changes, shortEntries] = [0, 0, 0]
  let length = -1
  for (let i = 0; i < rows; i++) {
    const at = rowPointers[i]!
    const end = rowPointers[i + 1]!
    const m = end - at
    if (m !== length) changes++
    if (m !== length || !follows(columnIndices, at, end)) runs++
    if (m < SLICES.lengths) shortEntries += m
    length = m
    if (i % block === block - 1) yield tick
  }
  return { runs, changes, shortEntries }
}

/** Whether the columns [at, end) of a row are those of the row before, which is as long, shifted by one. */
export function follows(columnIndices: Int32Array, at: number, end: number): boolean {
  for (let k = at, before = at + at - end; k < end; k++, before++)
    if (columnIndices[k] !== columnIndices[before]! + 1) return false
  return true
}
