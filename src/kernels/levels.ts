import type { CsrData } from '../core/types.ts'
import type { Levels } from './kernels.ts'

/*
 * Triangular solves on a factor that is renumbered by level. Both gather, so rows of a level can be shared out.
 * Traffic: 12 nnz + 40 rows bytes each.
 */

export function levelForward(
  lower: CsrData,
  { order, starts }: Levels,
  r: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
): void {
  const { rowPointers, columnIndices } = lower.pattern
  const { values } = lower
  for (let p = starts[from]!, k = rowPointers[p]!; p < starts[to]!; p++) {
    let sum = r[order[p]!]!
    for (const end = rowPointers[p + 1]!; k < end; k++) sum -= values[k]! * y[columnIndices[k]!]!
    y[p] = sum
  }
}

export function levelBackward(
  upper: CsrData,
  inverseDiagonal: Float64Array,
  { order, starts }: Levels,
  y: Float64Array,
  z: Float64Array,
  from: number,
  to: number,
): number {
  const { rowPointers, columnIndices } = upper.pattern
  const { values } = upper
  let dot = 0
  for (let p = starts[to]! - 1; p >= starts[from]!; p--) {
    let sum = y[p]! * inverseDiagonal[p]!
    dot += y[p]! * sum
    for (let k = rowPointers[p]!, end = rowPointers[p + 1]!; k < end; k++) sum -= values[k]! * y[columnIndices[k]!]!
    y[p] = sum
    z[order[p]!] = sum
  }
  return dot
}
