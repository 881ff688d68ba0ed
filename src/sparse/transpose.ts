import { float64, int32 } from '../core/shared.ts'
import type { CsrData } from '../core/types.ts'

/** A^T by counting: the entries of each column are met in ascending row order, so the result is sorted. */
export function transposeArrays({ pattern, values }: CsrData): CsrData {
  const { rows, columns, rowPointers, columnIndices } = pattern
  const pointers = int32(columns + 1)
  for (let k = 0; k < columnIndices.length; k++) pointers[columnIndices[k]! + 1]!++
  for (let j = 0; j < columns; j++) pointers[j + 1]! += pointers[j]!
  const next = pointers.slice(0, columns)
  const indices = int32(columnIndices.length)
  const entries = float64(columnIndices.length)
  for (let i = 0; i < rows; i++)
    for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++) {
      const to = next[columnIndices[k]!]!++
      indices[to] = i
      entries[to] = values[k]!
    }
  return { pattern: { rows: columns, columns: rows, rowPointers: pointers, columnIndices: indices }, values: entries }
}
