import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/**
 * A = L L^T, n x n, row-major, in place: only the lower triangle is read, and L stands in it, with zeros above. Returns
 * the first row whose pivot is not positive and finite, or -1. Row by row, so that both operands of every sum stream
 * (Golub and Van Loan, Algorithm 4.2.4). n^3 / 3 flops.
 */
export function* choleskySteps(k: Kernels, a: Float64Array, n: number): Steps<number> {
  let work = 0
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j++) {
      const other = j * n
      let s0 = 0
      let s1 = 0
      let p = 0
      for (; p + 1 < j; p += 2) {
        s0 += a[row + p]! * a[other + p]!
        s1 += a[row + p + 1]! * a[other + p + 1]!
      }
      if (p < j) s0 += a[row + p]! * a[other + p]!
      const rest = a[row + j]! - (s0 + s1)
      if (j < i) a[row + j] = rest / a[other + j]!
      else if (rest > 0 && rest < Number.POSITIVE_INFINITY) a[row + j] = Math.sqrt(rest)
      else return i
    }
    a.fill(0, row + i + 1, row + n)
    work += i * i
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  return -1
}

/** X = L^-T L^-1 X in place, X n x s, row-major. 2 n^2 s flops. */
export function* choleskySolveSteps(k: Kernels, l: Float64Array, n: number, x: Float64Array, s: number): Steps<void> {
  const ticks = Math.max(1, Math.floor(k.grain / (n * s)))
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < i; p++) {
      const factor = l[i * n + p]!
      for (let c = 0; c < s; c++) x[i * s + c]! -= factor * x[p * s + c]!
    }
    for (let c = 0; c < s; c++) x[i * s + c]! /= l[i * n + i]!
    if (i % ticks === ticks - 1) yield tick
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < s; c++) x[i * s + c]! /= l[i * n + i]!
    for (let p = 0; p < i; p++) {
      const factor = l[i * n + p]!
      for (let c = 0; c < s; c++) x[p * s + c]! -= factor * x[i * s + c]!
    }
    if (i % ticks === 0) yield tick
  }
}
