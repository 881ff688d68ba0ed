import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/**
 * R, (n + s) x (n + s) by rows, is replaced by the triangle of the QR factorization of [R; A B]: its first n columns are A's
 * factor, those of B become Q^T B and, below, a triangle of what is left of them. So rows may come in pieces. By Householder
 * reflections, block after block (Demmel, Grigori, Hoemmen and Langou 2012, flat tree); no Q is kept. R's diagonal is not
 * negative. 2 m (n + s)^2 flops. Workspace: a block of rows.
 */
export function* tsqrSteps(
  k: Kernels,
  A: Float64Array,
  n: number,
  B: Float64Array,
  s: number,
  R: Float64Array,
): Steps<void> {
  const N = n + s
  const m = n > 0 ? A.length / n : s > 0 ? B.length / s : 0
  const block = Math.max(64, N)
  const W = new Float64Array(Math.min(block, m) * N)
  for (let from = 0, work = 0; from < m; from += block) {
    const rows = Math.min(block, m - from)
    for (let i = 0; i < rows; i++) {
      W.set(A.subarray((from + i) * n, (from + i + 1) * n), i * N)
      W.set(B.subarray((from + i) * s, (from + i + 1) * s), i * N + n)
    }
    for (let j = 0; j < N; j++) {
      reflect(R, W, rows, N, j)
      work += 2 * rows * (N - j)
      if (work < k.grain) continue
      work = 0
      yield tick
    }
  }
  for (let i = 0; i < N; i++) if (R[i * N + i]! < 0) for (let j = i; j < N; j++) R[i * N + j] = -R[i * N + j]!
}

/** Column j of [R; W] becomes zero below R's diagonal: only row j of R and the rows of W take part. */
function reflect(R: Float64Array, W: Float64Array, rows: number, N: number, j: number): void {
  let largest = 0
  for (let i = 0; i < rows; i++) {
    const size = Math.abs(W[i * N + j]!)
    if (!(size <= largest)) largest = size
  }
  if (largest === 0) return
  const alpha = R[j * N + j]!
  const unit = Math.max(largest, Math.abs(alpha))
  let sum = (alpha / unit) ** 2
  for (let i = 0; i < rows; i++) sum += (W[i * N + j]! / unit) ** 2
  const beta = (alpha < 0 ? unit : -unit) * Math.sqrt(sum)
  const tau = (beta - alpha) / beta
  for (let i = 0; i < rows; i++) W[i * N + j]! /= alpha - beta
  R[j * N + j] = beta
  const w = R.slice(j * N + j + 1, (j + 1) * N)
  for (let i = 0; i < rows; i++) {
    const v = W[i * N + j]!
    for (let c = 0, at = i * N + j + 1; c < w.length; c++, at++) w[c]! += v * W[at]!
  }
  for (let c = 0; c < w.length; c++) R[j * N + j + 1 + c]! -= tau * w[c]!
  for (let i = 0; i < rows; i++) {
    const v = tau * W[i * N + j]!
    for (let c = 0, at = i * N + j + 1; c < w.length; c++, at++) W[at]! -= v * w[c]!
  }
}
