import type { CsrData } from '../core/types.ts'
import type { Levels } from './kernels.ts'

/*
 * Triangular solves on a factor that is renumbered by level. Both gather, so rows of a level can be shared out.
 * Traffic: 12 nnz + 40 rows bytes each.
 */

/** First row of a level; without starts, each row is a level of its own. */
const rowOf = (starts: Int32Array, level: number): number => (starts.length === 0 ? level : starts[level]!)

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
  const end = rowOf(starts, to)
  for (let p = rowOf(starts, from), k = rowPointers[p]!; p < end; p++) {
    let sum = r[order[p]!]!
    for (const last = rowPointers[p + 1]!; k < last; k++) sum -= values[k]! * y[columnIndices[k]!]!
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
  const first = rowOf(starts, from)
  for (let p = rowOf(starts, to) - 1; p >= first; p--) {
    let sum = y[p]! * inverseDiagonal[p]!
    dot += y[p]! * sum
    for (let k = rowPointers[p]!, end = rowPointers[p + 1]!; k < end; k++) sum -= values[k]! * y[columnIndices[k]!]!
    y[p] = sum
    z[order[p]!] = sum
  }
  return dot
}
