import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** G = A^T A, n x n, both triangles; A by rows, n columns. Row by row of A: m n^2 flops. */
export function* gramSteps(k: Kernels, A: Float64Array, n: number, G: Float64Array): Steps<void> {
  G.fill(0)
  for (let row = 0, work = 0; row < A.length; row += n) {
    for (let i = 0; i < n; i++) {
      const a = A[row + i]!
      for (let j = i; j < n; j++) G[i * n + j]! += a * A[row + j]!
    }
    work += (n * n) / 2
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) G[i * n + j] = G[j * n + i]!
}
