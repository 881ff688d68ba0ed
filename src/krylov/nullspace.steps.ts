import type { Kernels } from '../kernels/kernels.ts'

/** v -= N N^T v, N an orthonormal basis of the null space, its vectors one after the other (empty: nothing to do). */
export function project(k: Kernels, N: Float64Array, v: Float64Array): void {
  const n = v.length
  for (let at = 0; at < N.length; at += n) {
    const u = N.subarray(at, at + n)
    k.axpy(-k.dot(u, v), u, v)
  }
}
