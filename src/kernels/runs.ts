import type { Runs } from '../core/types.ts'

/*
 * Products along runs of rows with the same offsets: no index is read, and where a run is constant no value.
 */

const BLOCK = 8

/**
 * Y = A X on rows [from, to), both row-major with `s` columns. Traffic: 8 s (rows + columns) bytes, and 8 nnz for runs
 * that are not constant.
 */
export function multiplyRuns(plan: Runs, x: Float64Array, y: Float64Array, s: number, from: number, to: number): void {
  const { starts, stencils, pointers, offsets, at, constants, values } = plan
  for (let r = runOf(starts, from), i = from; i < to; r++) {
    const start = starts[r]!
    const stop = Math.min(starts[r + 1]!, to)
    const first = pointers[stencils[r]!]!
    const m = pointers[stencils[r]! + 1]! - first
    if (at[r]! < 0) constantRun(constants, ~at[r]!, offsets, first, m, x, y, s, i * s, stop * s)
    else streamedRun(values, at[r]!, starts[r + 1]! - start, start, offsets, first, m, x, y, s, i, stop)
    i = stop
  }
}

/** The run that row i is in. */
function runOf(starts: Int32Array, i: number): number {
  let low = 0
  let high = starts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= i) low = middle
    else high = middle
  }
  return low
}

/**
 * Five entries of all rows at a time, then one at a time: each row is still summed from left to right. Here [from, to)
 * are entries of y, as if each vector had rows of its own.
 */
function constantRun(
  constants: Float64Array,
  at: number,
  offsets: Int32Array,
  first: number,
  m: number,
  x: Float64Array,
  y: Float64Array,
  s: number,
  from: number,
  to: number,
): void {
  let k = 0
  if (m >= 5) {
    five(constants, at, offsets, first, x, y, s, from, to)
    k = 5
  } else y.fill(0, from, to)
  for (; k < m; k++) {
    const a = constants[at + k]!
    const j = offsets[first + k]! * s
    for (let i = from; i < to; i++) y[i]! += a * x[i + j]!
  }
}

function five(
  a: Float64Array,
  at: number,
  offsets: Int32Array,
  first: number,
  x: Float64Array,
  y: Float64Array,
  s: number,
  from: number,
  to: number,
): void {
  const [a0, a1, a2, a3, a4] = [a[at]!, a[at + 1]!, a[at + 2]!, a[at + 3]!, a[at + 4]!]
  const [j0, j1, j2] = [offsets[first]! * s, offsets[first + 1]! * s, offsets[first + 2]! * s]
  const [j3, j4] = [offsets[first + 3]! * s, offsets[first + 4]! * s]
  for (let i = from; i < to; i++)
    y[i] = 0 + a0 * x[i + j0]! + a1 * x[i + j1]! + a2 * x[i + j2]! + a3 * x[i + j3]! + a4 * x[i + j4]!
}

function streamedRun(
  values: Float64Array,
  at: number,
  length: number,
  start: number,
  offsets: Int32Array,
  first: number,
  m: number,
  x: Float64Array,
  y: Float64Array,
  s: number,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const block = (i - start) & -BLOCK
    const wide = Math.min(BLOCK, length - block)
    const own = at + block * m + (i - start - block)
    for (let c = 0; c < s; c++) {
      let sum = 0
      for (let k = 0, a = own; k < m; k++, a += wide) sum += values[a]! * x[(i + offsets[first + k]!) * s + c]!
      y[i * s + c] = sum
    }
  }
}
