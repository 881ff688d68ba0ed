import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { blockStart, rowsPerBlock } from './blocks.ts'

/** The strictly upper triangle of a square pattern, and where its rows start in it: the symbolic part of a factor. */
export interface UpperTriangle {
  readonly pattern: Pattern
  /** Per row, the offset of the first entry right of the diagonal in the full pattern. */
  readonly starts: Int32Array
  /** Per row, the offset of the diagonal entry in the full pattern, or -1. */
  readonly diagonal: Int32Array
}

/** Splits a pattern at its diagonal, and drops what couples its diagonal blocks. Traffic: 8 nnz bytes. */
export function* upperTriangleSteps(k: Kernels, pattern: Pattern, blocks: number): Steps<UpperTriangle> {
  const { rows, rowPointers, columnIndices } = pattern
  const starts = int32(rows)
  const diagonal = int32(rows)
  const pointers = int32(rows + 1)
  const block = rowsPerBlock(pattern, k.grain)
  let blockEnd = 0
  for (let i = 0, b = 0; i < rows; i++) {
    while (i >= blockEnd) blockEnd = blockStart(rows, blocks, ++b)
    let end = rowPointers[i + 1]!
    while (end > rowPointers[i]! && columnIndices[end - 1]! >= blockEnd) end--
    let at = rowPointers[i]!
    while (at < end && columnIndices[at]! < i) at++
    diagonal[i] = at < end && columnIndices[at] === i ? at++ : -1
    starts[i] = at
    pointers[i + 1] = pointers[i]! + end - at
    if (i % block === block - 1) yield tick
  }
  const indices = int32(pointers[rows]!)
  for (let i = 0; i < rows; i++) {
    const length = pointers[i + 1]! - pointers[i]!
    for (let m = 0; m < length; m++) indices[pointers[i]! + m] = columnIndices[starts[i]! + m]!
    if (i % block === block - 1) yield tick
  }
  return { pattern: { rows, columns: rows, rowPointers: pointers, columnIndices: indices }, starts, diagonal }
}
