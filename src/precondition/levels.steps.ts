import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'

/**
 * A triangular pattern with its rows renumbered by level: rows of one level do not need each other, and need only
 * rows of lower levels (forward) or higher ones (backward).
 */
export interface LevelSchedule {
  /** New row p is old row order[p]. */
  readonly order: Int32Array
  /** New rows starts[l] .. starts[l + 1] - 1 are level l. */
  readonly starts: Int32Array
  /** The strictly upper triangle in the new numbers, and where each entry's value was. */
  readonly upper: Pattern
  readonly upperSource: Int32Array
  /** Its transpose, likewise. */
  readonly lower: Pattern
  readonly lowerSource: Int32Array
}

const nothing = (): LevelSchedule => {
  const pattern = { rows: 0, columns: 0, rowPointers: int32(1), columnIndices: int32(0) }
  const none = int32(0)
  return { order: none, starts: int32(1), upper: pattern, upperSource: none, lower: pattern, lowerSource: none }
}

/**
 * Level of a row: one above the highest of the rows that it needs (Anderson and Saad 1989). Rows keep their order
 * inside a level. Levels narrower than `width` on average are not worth the trouble: the answer is empty then, as soon
 * as that is certain. Workspace: 2n integers.
 */
export function* levelScheduleSteps(
  k: Kernels,
  { rows, rowPointers, columnIndices }: Pattern,
  width: number,
): Steps<LevelSchedule> {
  const level = new Int32Array(rows)
  let levels = rows > 0 ? 1 : 0
  for (let i = 0; i < rows; i++)
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const j = columnIndices[at]!
      if (level[j]! <= level[i]!) level[j] = level[i]! + 1
      if (level[j]! < levels) continue
      levels = level[j]! + 1
      if (levels * width > rows) return nothing()
    }
  yield tick

  const starts = int32(levels + 1)
  for (let i = 0; i < rows; i++) starts[level[i]! + 1]!++
  for (let l = 0; l < levels; l++) starts[l + 1]! += starts[l]!
  const next = starts.slice(0, levels)
  const order = int32(rows)
  const place = level
  for (let i = 0; i < rows; i++) {
    const p = next[level[i]!]!++
    order[p] = i
    place[i] = p
  }
  yield tick

  const nonZeros = columnIndices.length
  const block = rowsPerBlock({ rows, columns: rows, rowPointers, columnIndices }, k.grain)
  const upper = { rows, columns: rows, rowPointers: int32(rows + 1), columnIndices: int32(nonZeros) }
  const lower = { rows, columns: rows, rowPointers: int32(rows + 1), columnIndices: int32(nonZeros) }
  const upperSource = int32(nonZeros)
  const lowerSource = int32(nonZeros)
  for (let p = 0; p < rows; p++) {
    const row = order[p]!
    upper.rowPointers[p + 1] = upper.rowPointers[p]! + rowPointers[row + 1]! - rowPointers[row]!
    for (let at = rowPointers[row]!; at < rowPointers[row + 1]!; at++)
      lower.rowPointers[place[columnIndices[at]!]! + 1]!++
    if (p % block === block - 1) yield tick
  }
  for (let p = 0; p < rows; p++) lower.rowPointers[p + 1]! += lower.rowPointers[p]!
  // met in ascending p, so the rows of the transpose come out sorted; transposed back, so do those of the triangle
  let fill = lower.rowPointers.slice(0, rows)
  for (let p = 0; p < rows; p++) {
    const row = order[p]!
    for (let at = rowPointers[row]!; at < rowPointers[row + 1]!; at++) {
      const to = fill[place[columnIndices[at]!]!]!++
      lower.columnIndices[to] = p
      lowerSource[to] = at
    }
    if (p % block === block - 1) yield tick
  }
  fill = upper.rowPointers.slice(0, rows)
  for (let q = 0; q < rows; q++) {
    for (let at = lower.rowPointers[q]!; at < lower.rowPointers[q + 1]!; at++) {
      const to = fill[lower.columnIndices[at]!]!++
      upper.columnIndices[to] = q
      upperSource[to] = lowerSource[at]!
    }
    if (q % block === block - 1) yield tick
  }
  return { order, starts, upper, upperSource, lower, lowerSource }
}
