import { float64, int32 } from '../core/shared.ts'
import { atOnce, type Steps, tick } from '../core/steps.ts'
import type { CsrData, Pattern } from '../core/types.ts'
import { type SparsityPattern, trust } from './pattern.ts'

/** A transposed pattern, and where each of its entries stands in the given one. */
export interface Transposition {
  readonly pattern: SparsityPattern
  readonly order: Int32Array
}

const PER_TICK = 1 << 19 // entries: 1 to 2 ms

/** By counting: the entries of each column are met in ascending row order, so the result is sorted. */
export function* transposition({ rows, columns, rowPointers, columnIndices }: Pattern): Steps<Transposition> {
  const pointers = int32(columns + 1)
  for (let k = 0; k < columnIndices.length; k++) {
    pointers[columnIndices[k]! + 1]!++
    if (k % PER_TICK === PER_TICK - 1) yield tick
  }
  for (let j = 0; j < columns; j++) pointers[j + 1]! += pointers[j]!
  const next = pointers.slice(0, columns)
  const [indices, order] = [int32(columnIndices.length), new Int32Array(columnIndices.length)]
  for (let i = 0, done = 0; i < rows; i++) {
    for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++) {
      const to = next[columnIndices[k]!]!++
      indices[to] = i
      order[to] = k
    }
    if (rowPointers[i + 1]! - done >= PER_TICK) {
      done = rowPointers[i + 1]!
      yield tick
    }
  }
  const pattern = trust({ rows: columns, columns: rows, rowPointers: pointers, columnIndices: indices })
  return { pattern, order }
}

/** values[order[k]] for all k. */
export function* gathered(values: Float64Array, order: Int32Array): Steps<Float64Array> {
  const found = float64(order.length)
  for (let from = 0; from < order.length; from += PER_TICK) {
    if (from > 0) yield tick
    const to = Math.min(from + PER_TICK, order.length)
    for (let k = from; k < to; k++) found[k] = values[order[k]!]!
  }
  return found
}

/** A^T at once. */
export function transposeArrays({ pattern, values }: CsrData): { pattern: SparsityPattern; values: Float64Array } {
  const { pattern: transposed, order } = atOnce(transposition(pattern))
  return { pattern: transposed, values: atOnce(gathered(values, order)) }
}
