import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

const STRIP = 64 // rows of op(B) that stay in the cache while those of A pass

/**
 * C = alpha op(A) op(B) + beta C, C m x n, all by rows, op(A) = A^T where `transposeA`. A strip of op(B) at a time, each row
 * of C a combination of its rows. 2 m n k flops. Workspace: a strip of op(B).
 */
export function* gemmSteps(
  k: Kernels,
  alpha: number,
  A: Float64Array,
  transposeA: boolean,
  B: Float64Array,
  transposeB: boolean,
  beta: number,
  C: Float64Array,
  m: number,
  n: number,
  inner: number,
): Steps<void> {
  if (beta === 0) C.fill(0)
  else if (beta !== 1) for (let at = 0; at < C.length; at++) C[at]! *= beta
  const strip = new Float64Array(Math.min(STRIP, inner) * n)
  const [down, across] = transposeA ? [1, m] : [inner, 1]
  let work = 0
  for (let from = 0; from < inner; from += STRIP) {
    const to = Math.min(from + STRIP, inner)
    for (let p = from; p < to; p++)
      for (let j = 0; j < n; j++) strip[(p - from) * n + j] = B[transposeB ? j * inner + p : p * n + j]!
    for (let i = 0; i < m; i++) {
      for (let p = from; p < to; p++) {
        const a = alpha * A[i * down + p * across]!
        for (let j = 0, b = (p - from) * n, c = i * n; j < n; j++, b++, c++) C[c]! += a * strip[b]!
      }
      work += (to - from) * n
      if (work < k.grain) continue
      work = 0
      yield tick
    }
  }
}
