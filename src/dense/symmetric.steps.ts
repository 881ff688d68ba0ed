import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

const TILE = 32 // 2 tiles of 8 KB stay in the first cache while one is read across

/** What one pass over a square dense matrix finds out. */
export interface DenseFacts {
  /** First entry that is NaN or infinite, or -1. */
  readonly notFinite: number
  /** max |a_ij| */
  readonly largest: number
  /** max |a_ij - a_ji| */
  readonly asymmetry: number
  /** Entries that are exactly zero, on and below the diagonal. */
  readonly zeros: number
}

/** Finiteness and symmetry of an n x n matrix in one pass, tile by tile beside its mirror image. */
export function* denseFactsSteps(_: Kernels, a: Float64Array, n: number): Steps<DenseFacts> {
  let largest = 0
  let asymmetry = 0
  let doubt = 0
  let zeros = 0
  for (let i0 = 0; i0 < n; i0 += TILE) {
    for (let j0 = 0; j0 <= i0; j0 += TILE)
      for (let i = i0; i < Math.min(i0 + TILE, n); i++)
        for (let j = j0, end = Math.min(j0 + TILE, i + 1); j < end; j++) {
          const x = a[i * n + j]!
          const y = a[j * n + i]!
          const size = Math.max(Math.abs(x), Math.abs(y))
          if (size > largest) largest = size
          if (Math.abs(x - y) > asymmetry) asymmetry = Math.abs(x - y)
          doubt += x * 0 + y * 0
          if (x === 0) zeros++
        }
    if (n > 1000) yield tick
  }
  return { notFinite: doubt === 0 ? -1 : a.findIndex(x => !Number.isFinite(x)), largest, asymmetry, zeros }
}
