import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/**
 * w = b - A x, or A x where b is empty, and y = A^T w; returns w . w. A by rows, n columns, w as long as A has rows.
 * Traffic: A once. 4 m n flops.
 */
export function* normalPassSteps(
  k: Kernels,
  A: Float64Array,
  n: number,
  x: Float64Array,
  b: Float64Array,
  w: Float64Array,
  y: Float64Array,
): Steps<number> {
  const ticks = Math.max(1, Math.floor(k.grain / Math.max(1, n)))
  let square = 0
  y.fill(0)
  for (let i = 0, row = 0; i < w.length; i++, row += n) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += A[row + j]! * x[j]!
    const wi = b.length === 0 ? sum : b[i]! - sum
    for (let j = 0; j < n; j++) y[j]! += A[row + j]! * wi
    w[i] = wi
    square += wi * wi
    if (i % ticks === ticks - 1) yield tick
  }
  return square
}
