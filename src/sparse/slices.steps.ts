import { int16, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { type CsrData, type Pattern, SLICES, type SlicePattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { withinReach } from './pattern-shape.steps.ts'

const { window: WINDOW, lengths: LENGTHS, rows: BLOCK } = SLICES

/** Sorts the rows of each window by length. Traffic: 8 nnz + 8 n bytes. */
export function* slicePatternSteps(k: Kernels, pattern: Pattern): Steps<SlicePattern> {
  const { rows, rowPointers, columnIndices } = pattern
  const windows = Math.ceil(rows / WINDOW)
  const starts = int32(windows)
  const counts = int32(LENGTHS * windows)
  const order = int32(rows)
  const next = new Int32Array(LENGTHS + 2)
  const length = (i: number) => Math.min(rowPointers[i + 1]! - rowPointers[i]!, LENGTHS)
  const windowsPerTick = Math.ceil(k.grain / (16 * WINDOW))
  let total = 0
  let near = true
  for (let w = 0; w < windows; w++) {
    const first = w * WINDOW
    const last = Math.min(first + WINDOW, rows)
    next.fill(0)
    for (let i = first; i < last; i++) next[length(i) + 1]!++
    counts.set(next.subarray(1, LENGTHS + 1), LENGTHS * w)
    starts[w] = total
    for (let m = 0; m < LENGTHS; m++) {
      total += m * next[m + 1]!
      next[m + 1]! += next[m]!
    }
    for (let i = first; i < last; i++) {
      const m = length(i)
      order[first + next[m]!++] = i
      if (m === 0 || m === LENGTHS) continue
      const begin = rowPointers[i]!
      near &&= withinReach(i, columnIndices[begin]!, columnIndices[begin + m - 1]!)
    }
    if (w % windowsPerTick === windowsPerTick - 1) yield tick
  }
  const columns = near ? int16(total) : int32(total)
  for (let w = 0; w < windows; w++) {
    const base = near ? w * WINDOW : 0
    eachEntry(counts, order, rowPointers, w, starts[w]!, (at, from) => {
      columns[at] = columnIndices[from]! - base
    })
    if (w % windowsPerTick === windowsPerTick - 1) yield tick
  }
  return { starts, counts, order, columns }
}

/** to[...] = the values of a matrix in the order of its slices. Traffic: 24 nnz bytes. */
export function* sliceValuesSteps(
  k: Kernels,
  A: CsrData,
  { starts, counts, order }: SlicePattern,
  to: Float64Array,
): Steps<void> {
  const windowsPerTick = Math.ceil(k.grain / (16 * WINDOW))
  for (let w = 0; w < starts.length; w++) {
    eachEntry(counts, order, A.pattern.rowPointers, w, starts[w]!, (at, from) => {
      to[at] = A.values[from]!
    })
    if (w % windowsPerTick === windowsPerTick - 1) yield tick
  }
}

/** Calls `entry` with the place and the old offset of the entries of window w, in their new order. */
function eachEntry(
  counts: Int32Array,
  order: Int32Array,
  rowPointers: Int32Array,
  w: number,
  start: number,
  entry: (at: number, from: number) => void,
): void {
  let at = start
  let row = w * WINDOW
  for (let m = 0; m < LENGTHS; m++)
    for (let left = counts[LENGTHS * w + m]!; left > 0; left -= BLOCK) {
      const wide = Math.min(left, BLOCK)
      for (let c = 0; c < m; c++) for (let l = 0; l < wide; l++) entry(at++, rowPointers[order[row + l]!]! + c)
      row += wide
    }
}
