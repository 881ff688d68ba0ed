import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** Rows and their scores, best first. */
export interface TopRows {
  readonly rows: Int32Array
  readonly scores: Float64Array
}

/**
 * The rows j of V, and at most `most` of them, for which x . v_j + offsets[j] is largest, in descending order, of equal
 * ones the first. `excluded`: ascending, rows that are left out. Empty `offsets` are zeros. 2 r flops a row.
 */
export function* topRowsSteps(
  k: Kernels,
  V: Float64Array,
  x: Float64Array,
  offsets: Float64Array,
  excluded: Int32Array,
  rows: number,
  most: number,
): Steps<TopRows> {
  const rank = x.length
  const left = new Set(excluded)
  const heap: number[] = [] // rows, the worst of them first
  const scores = new Float64Array(rows)
  const worse = (a: number, b: number) => scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b)
  for (let j = 0, work = 0; j < rows; j++) {
    let score = 0
    for (let c = 0; c < rank; c++) score += x[c]! * V[j * rank + c]!
    scores[j] = score + (offsets.length === 0 ? 0 : offsets[j]!)
    if (heap.length < most || (most > 0 && worse(heap[0]!, j))) if (!left.has(j)) push(heap, j, most, worse)
    work += rank
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  const order = Int32Array.from(heap).sort((a, b) => (worse(a, b) ? 1 : -1))
  const found = { rows: int32(order.length), scores: float64(order.length) }
  found.rows.set(order)
  order.forEach((j, at) => {
    found.scores[at] = scores[j]!
  })
  return found
}

/** Puts a row on the heap, in place of the first where it is full. */
function push(heap: number[], row: number, most: number, worse: (a: number, b: number) => boolean): void {
  const swap = (a: number, b: number) => {
    const kept = heap[a]!
    heap[a] = heap[b]!
    heap[b] = kept
  }
  if (heap.length < most) {
    let at = heap.push(row) - 1
    for (let up = (at - 1) >> 1; at > 0 && worse(heap[at]!, heap[up]!); at = up, up = (at - 1) >> 1) swap(at, up)
    return
  }
  heap[0] = row
  for (let at = 0; ; ) {
    let least = at
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && worse(heap[child]!, heap[least]!)) least = child
    if (least === at) return
    swap(at, least)
    at = least
  }
}
