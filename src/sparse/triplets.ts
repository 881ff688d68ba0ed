import { refuse } from '../core/errors.ts'
import { float64, int32 } from '../core/shared.ts'
import { atOnce, type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'

const PER_TICK = 1 << 18 // entries: 1 to 2 ms

/**
 * Coordinates to compressed rows in linear time: two counting sorts (by column, then stably by row), after which
 * duplicates are neighbours and are summed in the order in which they were given.
 */
export function sumTriplets(
  method: string,
  rows: number,
  columns: number,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
  values: ArrayLike<number>,
): CsrData {
  checkRange(method, 'rowIndices', rowIndices, rows)
  checkRange(method, 'columnIndices', columnIndices, columns)
  const order = atOnce(rowMajorOrder(rows, columns, rowIndices, columnIndices))

  let count = 0
  for (let k = 0; k < order.length; k++) if (k === 0 || !same(order[k - 1]!, order[k]!)) count++
  const pointers = int32(rows + 1)
  const indices = int32(count)
  const sums = float64(count)
  let at = -1
  for (let k = 0; k < order.length; k++) {
    const entry = order[k]!
    if (k === 0 || !same(order[k - 1]!, entry)) {
      at++
      indices[at] = columnIndices[entry]!
      pointers[rowIndices[entry]! + 1]!++
    }
    sums[at]! += values[entry]!
  }
  for (let i = 0; i < rows; i++) pointers[i + 1]! += pointers[i]!
  return { pattern: { rows, columns, rowPointers: pointers, columnIndices: indices }, values: sums }

  function same(a: number, b: number): boolean {
    return rowIndices[a] === rowIndices[b] && columnIndices[a] === columnIndices[b]
  }
}

function checkRange(method: string, argument: string, indices: ArrayLike<number>, n: number): void {
  for (let k = 0; k < indices.length; k++)
    if (!(indices[k]! >= 0 && indices[k]! < n))
      throw refuse('ERR_INDEX', method, `${argument}[${k}]`, `from 0 to ${n - 1}`, indices[k])
}

/** The order that sorts entries by row, then by column, equal ones as they were given. */
export function* rowMajorOrder(
  rows: number,
  columns: number,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
): Steps<Int32Array> {
  return yield* stableOrder(rowIndices, rows, yield* stableOrder(columnIndices, columns, undefined))
}

/** The order that sorts `keys` (0 .. n - 1) stably, starting from the order `start` (default: as given). */
function* stableOrder(keys: ArrayLike<number>, n: number, start: Int32Array | undefined): Steps<Int32Array> {
  const next = new Int32Array(n + 1)
  for (let from = 0; from < keys.length; from += PER_TICK) {
    for (let k = from, to = Math.min(from + PER_TICK, keys.length); k < to; k++) next[keys[k]! + 1]!++
    yield tick
  }
  for (let key = 0; key < n; key++) next[key + 1]! += next[key]!
  const order = new Int32Array(keys.length)
  for (let from = 0; from < keys.length; from += PER_TICK) {
    for (let k = from, to = Math.min(from + PER_TICK, keys.length); k < to; k++) {
      const entry = start === undefined ? k : start[k]!
      order[next[keys[entry]!]!++] = entry
    }
    yield tick
  }
  return order
}
