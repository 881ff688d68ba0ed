import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'

/**
 * inverse[i] = 1 / |a_ii|, and 1 where the diagonal is zero or not stored: positive, whatever A is, so that an
 * indefinite A is reported as what it is and not as an indefinite preconditioner. Returns the rows that got a 1 so.
 */
export function* inverseDiagonalSteps(k: Kernels, A: CsrData, inverse: Float64Array): Steps<number> {
  const { rows, rowPointers, columnIndices } = A.pattern
  const block = rowsPerBlock(A.pattern, k.grain)
  let replaced = 0
  for (let i = 0; i < rows; i++) {
    let at = rowPointers[i]!
    const end = rowPointers[i + 1]!
    while (at < end && columnIndices[at]! < i) at++
    const d = at < end && columnIndices[at] === i ? 1 / Math.abs(A.values[at]!) : Number.POSITIVE_INFINITY
    const usable = d > 0 && d < Number.POSITIVE_INFINITY
    inverse[i] = usable ? d : 1
    if (!usable) replaced++
    if (i % block === block - 1) yield tick
  }
  return replaced
}
