import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { LuArrays } from './kinds.ts'
import { LuRows } from './lu-rows.ts'

/** How entries are kept and pivots chosen. */
export interface LuSettings {
  /** Entries up to this share of their row in A are dropped; 0 drops none. */
  readonly dropTolerance: number
  /** Entries that a row of either factor may have more than A has there: the largest are kept. */
  readonly maxFill: number
  /** Row r's pivot is the entry on the diagonal where that is at least this share of the row's largest. */
  readonly pivotTolerance: number
}

/**
 * P A Q = L D U by rows, columns chosen for their size (Gilbert and Peierls 1988, transposed; Saad 2003, section 10.4.4, where
 * entries are dropped). Row r of A, in the order given, is reduced by the rows of U that it reaches: a search through their
 * pattern finds them in an order in which each comes before those it changes, so that work is proportional to what is
 * computed. Sizes are compared as if rows and then columns of A were scaled to a largest entry of 1. A row that vanishes is
 * put off to the end; what vanishes there too, A being singular or too much dropped, gets an infinite pivot or a small one, and is counted. Workspace: 9n and both factors.
 */
export function* luSteps(
  k: Kernels,
  { pattern, values: a }: CsrData,
  order: Int32Array,
  { dropTolerance, maxFill, pivotTolerance }: LuSettings,
): Steps<LuArrays> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const { rowScale, columnScale } = yield* scales(k, pattern, a)
  const [rows, columns, inverseDiagonal] = [int32(n), int32(n), float64(n)]
  const lower = new LuRows(n, columnIndices.length)
  const upper = new LuRows(n, columnIndices.length)
  const step = new Int32Array(n).fill(-1) // of the column, at which it became a pivot
  const x = new Float64Array(n)
  const mark = new Int32Array(n).fill(-1)
  const [stack, next] = [new Int32Array(n), new Int32Array(n)]
  const [reached, open] = [new Int32Array(n), new Int32Array(n)] // columns with a pivot, last ones first; those without
  const queue = new Int32Array(2 * n)
  queue.set(order)
  let [end, top, depth, openCount, replaced, unused, work] = [n, n, -1, 0, 0, 0, 0]

  for (let at = 0, p = 0; p < n; at++) {
    const r = queue[at]!
    top = n
    openCount = 0
    for (let e = rowPointers[r]!; e < rowPointers[r + 1]!; e++)
      for (let more = start(columnIndices[e]!, at); more; more = search(at)) if (spent()) yield tick
    for (let e = rowPointers[r]!; e < rowPointers[r + 1]!; e++) x[columnIndices[e]!] = a[e]!
    const threshold = dropTolerance / rowScale[r]!
    let count = 0
    for (let t = top; t < n; t++) {
      const c = reached[t]!
      const f = x[c]!
      if (!(Math.abs(f) * columnScale[c]! > threshold)) continue
      reached[count++] = c
      const q = step[c]!
      const to = upper.pointers[q + 1]!
      for (let e = upper.pointers[q]!; e < to; e++) x[upper.columns[e]!]! -= f * upper.values[e]!
      work += to - upper.pointers[q]!
      if (spent()) yield tick
    }
    work += n - top + openCount
    if (spent()) yield tick

    let [pivot, best] = [-1, 0]
    for (let o = 0; o < openCount; o++) {
      const size = Math.abs(x[open[o]!]!) * columnScale[open[o]!]!
      if (size > best) [pivot, best] = [open[o]!, size]
    }
    if (step[r]! < 0 && mark[r] === at && Math.abs(x[r]!) * columnScale[r]! >= pivotTolerance * best && best > 0)
      pivot = r
    const vanished = !(best * rowScale[r]! > Number.EPSILON && best < Number.POSITIVE_INFINITY)
    if (vanished && at < n) {
      queue[end++] = r
      continue
    }
    if (vanished) {
      while (step[unused]! >= 0) unused++
      pivot = unused
      // without dropping A is singular there, and the unknown stays zero
      x[pivot] = dropTolerance > 0 ? dropTolerance / (rowScale[r]! * columnScale[pivot]!) : Number.POSITIVE_INFINITY
      replaced++
    }

    const most = rowPointers[r + 1]! - rowPointers[r]! + maxFill
    const kept = keep(reached.subarray(0, count), -1, threshold, most)
    let to = lower.begin(kept)
    for (let i = 0; i < kept; i++, to++) {
      lower.columns[to] = step[reached[i]!]!
      lower.values[to] = x[reached[i]!]! * inverseDiagonal[step[reached[i]!]!]!
    }
    lower.end(to)
    const right = vanished ? 0 : keep(open.subarray(0, openCount), pivot, threshold, most)
    const d = 1 / x[pivot]!
    to = upper.begin(right)
    for (let o = 0; o < right; o++, to++) {
      upper.columns[to] = open[o]!
      upper.values[to] = x[open[o]!]! * d
    }
    upper.end(to)
    rows[p] = r
    columns[p] = pivot
    inverseDiagonal[p] = d
    step[pivot] = p++
  }
  const triangles = { lower: yield* lower.assembled(k), upper: yield* upper.assembled(k, step) }
  return { rows, columns, ...triangles, inverseDiagonal, replaced }

  /** Whether it is time for a tick. */
  function spent(): boolean {
    if (work <= k.grain) return false
    work = 0
    return true
  }

  /** Marks column c; true where it has a pivot and was not marked: then what it reaches is to be searched. */
  function start(c: number, at: number): boolean {
    if (mark[c] === at) return false
    mark[c] = at
    x[c] = 0
    if (step[c]! < 0) {
      open[openCount++] = c
      return false
    }
    stack[++depth] = c
    next[depth] = upper.pointers[step[c]!]!
    return true
  }

  /** Goes on marking what is reached, and puts what has a pivot before what it changes; true while there is more. */
  function search(at: number): boolean {
    while (depth >= 0) {
      const level = depth
      const from = next[level]!
      const last = upper.pointers[step[stack[level]!]! + 1]!
      let e = from
      while (e < last && !start(upper.columns[e++]!, at));
      next[level] = e
      work += e - from + 1
      if (depth === level) reached[--top] = stack[depth--]!
      if (work > k.grain) return depth >= 0
    }
    return false
  }

  /** Brings the columns to keep to the front: all but `without` that are above the threshold, of these the largest. */
  function keep(list: Int32Array, without: number, threshold: number, most: number): number {
    let count = 0
    const size = (c: number) => Math.abs(x[c]!) * columnScale[c]!
    for (let i = 0; i < list.length; i++) {
      const c = list[i]!
      if (c === without || !(size(c) > threshold)) continue
      list[i] = list[count]!
      list[count++] = c
    }
    if (count <= most) return count
    list.subarray(0, count).sort((i, j) => size(j) - size(i) || i - j)
    return most
  }
}

/** 1 / max |a_ij| of each row, then of each column of what that leaves; 1 where all is zero. */
function* scales(k: Kernels, { rows: n, rowPointers, columnIndices }: CsrData['pattern'], a: Float64Array) {
  const rowScale = new Float64Array(n)
  const columnScale = new Float64Array(n)
  for (let i = 0, done = 0; i < n; i++) {
    if (rowPointers[i]! - done > k.grain) {
      done = rowPointers[i]!
      yield tick
    }
    let largest = 0
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) largest = Math.max(largest, Math.abs(a[e]!))
    rowScale[i] = largest > 0 ? 1 / largest : 1
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const c = columnIndices[e]!
      columnScale[c] = Math.max(columnScale[c]!, Math.abs(a[e]!) * rowScale[i]!)
    }
  }
  for (let c = 0; c < n; c++) columnScale[c] = columnScale[c]! > 0 ? 1 / columnScale[c]! : 1
  return { rowScale, columnScale }
}
