import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'
import type { UpperTriangle } from '../sparse/upper.steps.ts'

/**
 * Symmetric SOR as a factor (Axelsson 1972): (D + omega L) D^-1 (D + omega L^T) / (omega (2 - omega)) is U^T E U with
 * U = I + omega D^-1 L^T and E = D / (omega (2 - omega)). Fills `values` (the strict part of U) and `inverseDiagonal`
 * (of E). Returns the first row whose diagonal is not positive, or -1.
 */
export function* ssorSteps(
  k: Kernels,
  A: CsrData,
  { pattern, starts, diagonal }: UpperTriangle,
  omega: number,
  values: Float64Array,
  inverseDiagonal: Float64Array,
): Steps<number> {
  const { rows, rowPointers } = pattern
  const block = rowsPerBlock(pattern, k.grain)
  for (let i = 0; i < rows; i++) {
    const d = diagonal[i]! < 0 ? 0 : A.values[diagonal[i]!]!
    if (!(d > 0)) return i
    inverseDiagonal[i] = (omega * (2 - omega)) / d
    const scale = omega / d
    const offset = starts[i]! - rowPointers[i]!
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) values[at] = A.values[at + offset]! * scale
    if (i % block === block - 1) yield tick
  }
  return -1
}
