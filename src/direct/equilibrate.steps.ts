import type { CsrData } from '../core/types.ts'

/** The power of two nearest to 1 / sqrt(size); 1 for a row of zeros. */
const rootInverse = (size: number): number =>
  size > 0 && size < Number.POSITIVE_INFINITY ? 2 ** Math.round(-Math.log2(size) / 2) : 1

/**
 * Powers of two that bring S A S near 1: from the diagonal where that bounds every entry, as it does where A is positive
 * definite, or from the largest entry of each row. No bit of A changes.
 */
export function equilibrate({ pattern, values }: CsrData, scale: Float64Array): void {
  const { rows, rowPointers, columnIndices } = pattern
  let positive = true
  for (let i = 0; i < rows; i++) {
    let d = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) if (columnIndices[at] === i) d = values[at]!
    scale[i] = rootInverse(d)
    positive &&= d > 0
  }
  for (let i = 0; i < rows && positive; i++)
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
      positive &&= Math.abs(values[at]! * scale[i]! * scale[columnIndices[at]!]!) <= 2
  if (positive) return
  for (let i = 0; i < rows; i++) {
    let size = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) size = Math.max(size, Math.abs(values[at]!))
    scale[i] = rootInverse(size)
  }
}
