import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Budget } from './budget.ts'

const BLOCK = 1 << 18 // entries and rows between two ticks
const SHORT = 24 // entries up to which insertion is faster than an array of positions

/**
 * Sorts each row by column and sums entries of the same place in the order in which they stand, all in place. The
 * arrays are replaced by shorter ones only where something was summed.
 */
export function* compressRows({ pattern, values }: CsrData, budget: Budget): Steps<CsrData> {
  const { rows, columns, rowPointers, columnIndices } = pattern
  let to = 0
  let start = 0
  for (let row = 0, next = BLOCK; row < rows; row++) {
    const end = rowPointers[row + 1]!
    if (!isAscending(columnIndices, start, end))
      (end - start > SHORT ? sortLongRow : sortRow)(columnIndices, values, start, end)
    to = mergeRow(columnIndices, values, start, end, to)
    rowPointers[row + 1] = to
    start = end
    if (row + end < next) continue
    next = row + end + BLOCK
    yield tick
  }
  if (to === columnIndices.length) return { pattern, values }
  const indices = budget.allocate(to * 4, `${to} entries`, () => int32(to))
  const sums = budget.allocate(to * 8, `${to} entries`, () => float64(to))
  indices.set(columnIndices.subarray(0, to))
  sums.set(values.subarray(0, to))
  budget.give(columnIndices.byteLength + values.byteLength)
  return { pattern: { rows, columns, rowPointers, columnIndices: indices }, values: sums }
}

function isAscending(columns: Int32Array, start: number, end: number): boolean {
  for (let k = start + 1; k < end; k++) if (columns[k]! < columns[k - 1]!) return false
  return true
}

function sortRow(columns: Int32Array, values: Float64Array, start: number, end: number): void {
  for (let k = start + 1; k < end; k++) {
    const column = columns[k]!
    const value = values[k]!
    let at = k
    for (; at > start && columns[at - 1]! > column; at--) {
      columns[at] = columns[at - 1]!
      values[at] = values[at - 1]!
    }
    columns[at] = column
    values[at] = value
  }
}

/** Sorts keys column x length + position, which are distinct and exact below 2^53 where rows are below 2^22 long. */
function sortLongRow(columns: Int32Array, values: Float64Array, start: number, end: number): void {
  const length = end - start
  const c = columns.slice(start, end)
  const v = values.slice(start, end)
  const order =
    length < 2 ** 22
      ? Float64Array.from(c, (column, k) => column * length + k)
          .sort()
          .map(key => key % length)
      : Float64Array.from(c, (_, k) => k).sort((a, b) => c[a]! - c[b]! || a - b)
  for (let k = 0; k < length; k++) {
    columns[start + k] = c[order[k]!]!
    values[start + k] = v[order[k]!]!
  }
}

/** Moves a sorted row down to `to`, summing repeated columns; returns where the next row goes. */
function mergeRow(columns: Int32Array, values: Float64Array, start: number, end: number, to: number): number {
  let last = -1
  for (let k = start; k < end; k++) {
    const column = columns[k]!
    const value = values[k]!
    if (column === last) {
      values[to - 1]! += value
      continue
    }
    columns[to] = column
    values[to++] = value
    last = column
  }
  return to
}
