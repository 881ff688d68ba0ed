import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { LdltFactor } from './kinds.ts'

/**
 * Z = S P^T (L^T)^-1 D^-1 L^-1 P S R for a block of s right-hand sides, row-major; `absolute`: with |D|, which is
 * positive definite whatever A is. Traffic: twice the panels.
 */
export function* applyLdlt(
  k: Kernels,
  F: LdltFactor,
  R: Float64Array,
  Z: Float64Array,
  s: number,
  absolute: boolean,
): Steps<void> {
  const { order, starts, rowStarts, rows, values, diagonal, scale } = F
  const n = order.length
  const y = new Float64Array(n * s)
  const count = starts.length - 1
  for (let i = 0; i < n; i++) for (let c = 0; c < s; c++) y[i * s + c] = R[order[i]! * s + c]! * scale[order[i]!]!
  let work = 0
  let base = 0
  for (let f = 0; f < count; f++) {
    const [first, end, from] = [starts[f]!, starts[f + 1]!, rowStarts[f]!]
    const height = rowStarts[f + 1]! - from
    for (let j = first; j < end; j++, base += height)
      for (let c = 0; c < s; c++) {
        const v = y[j * s + c]!
        for (let i = j - first + 1; i < height; i++) y[rows[from + i]! * s + c]! -= values[base + i]! * v
      }
    work += (end - first) * height * s
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  for (let f = count - 1; f >= 0; f--) {
    const [first, end, from] = [starts[f]!, starts[f + 1]!, rowStarts[f]!]
    const height = rowStarts[f + 1]! - from
    for (let j = end - 1; j >= first; j--) {
      base -= height
      const d = absolute ? Math.abs(diagonal[j]!) : diagonal[j]!
      for (let c = 0; c < s; c++) {
        let v = y[j * s + c]! / d
        for (let i = j - first + 1; i < height; i++) v -= values[base + i]! * y[rows[from + i]! * s + c]!
        y[j * s + c] = v
      }
    }
    work += (end - first) * height * s
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  for (let i = 0; i < n; i++) for (let c = 0; c < s; c++) Z[order[i]! * s + c] = y[i * s + c]! * scale[order[i]!]!
}
