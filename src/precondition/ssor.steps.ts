import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'
import type { UpperTriangle } from '../sparse/upper.steps.ts'

/**
 * Symmetric SOR as a factor: (D + omega L) D^-1 (D + omega L^T) / (omega (2 - omega)) = C C^T with
 * C = (D + omega L) D^-1/2 / sqrt(omega (2 - omega)) (Axelsson 1972). Fills row i of `values` with column i of C below its
 * diagonal and `inverse` with 1 / c_ii. Returns the first row whose diagonal is not positive, or -1.
 */
export function* ssorSteps(
  k: Kernels,
  A: CsrData,
  { pattern, starts, diagonal }: UpperTriangle,
  omega: number,
  values: Float64Array,
  inverse: Float64Array,
): Steps<number> {
  const { rows, rowPointers } = pattern
  const c = Math.sqrt(omega * (2 - omega))
  const block = rowsPerBlock(pattern, k.grain)
  for (let i = 0; i < rows; i++) {
    const d = diagonal[i]! < 0 ? 0 : A.values[diagonal[i]!]!
    if (!(d > 0)) return i
    const root = Math.sqrt(d)
    inverse[i] = c / root
    const scale = omega / (root * c)
    const offset = starts[i]! - rowPointers[i]!
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) values[at] = A.values[at + offset]! * scale
    if (i % block === block - 1) yield tick
  }
  return -1
}
