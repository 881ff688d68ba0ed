import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/*
 * Products with a basis, its vectors one after the other: at once where it is small, else a few vectors at a time with
 * ticks between. The bits are the same.
 */

/** Vectors of n entries that are taken at a time: whole groups of four, as the kernels take them. */
const group = (k: Kernels, n: number): number => 4 * Math.max(1, Math.floor(k.grain / (4 * Math.max(n, 1))))

/** out[j] = v_j . w */
export function* basisDots(k: Kernels, V: Float64Array, w: Float64Array, out: Float64Array): Steps<void> {
  const n = w.length
  const most = group(k, n)
  for (let j = 0; j < out.length; j += most) {
    const to = Math.min(j + most, out.length)
    k.basisDots(V.subarray(j * n, to * n), w, out.subarray(j, to))
    if (most < out.length) yield tick
  }
}

/** w -= V h; then out = v_j . w for as many vectors as it has room for, and w . w last. */
export function* basisSubtract(
  k: Kernels,
  V: Float64Array,
  h: Float64Array,
  w: Float64Array,
  out: Float64Array,
): Steps<void> {
  const n = w.length
  const most = group(k, n)
  if (most >= h.length) return k.basisSubtract(V, h, w, out)
  const last = out.subarray(out.length - 1)
  for (let j = 0; j < h.length; j += most) {
    const to = Math.min(j + most, h.length)
    k.basisSubtract(V.subarray(j * n, to * n), h.subarray(j, to), w, last)
    yield tick
  }
  yield* basisDots(k, V, w, out.subarray(0, out.length - 1))
}

/** V^T X, by columns; vectors of n entries. */
export function* basisProducts(k: Kernels, V: Float64Array, X: Float64Array, n: number): Steps<Float64Array> {
  const p = V.length / n
  const dots = new Float64Array(p * (X.length / n))
  for (let j = 0; j < X.length / n; j++)
    yield* basisDots(k, V, X.subarray(j * n, (j + 1) * n), dots.subarray(j * p, (j + 1) * p))
  return dots
}

/** X = V S + beta X, vectors of n entries, S by columns; X may be the first vectors of V where beta is zero. */
export function* basisCombine(
  k: Kernels,
  V: Float64Array,
  S: Float64Array,
  beta: number,
  X: Float64Array,
  n: number,
): Steps<void> {
  const rows = Math.max(1024, Math.floor(k.grain / Math.max(1, S.length)))
  for (let from = 0; from < n; from += rows) {
    if (from > 0) yield tick
    k.basisCombine(V, S, beta, X, n, from, Math.min(from + rows, n))
  }
}
