import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'

/**
 * e = y - rowOffset - columnOffset - u . v on the entries of A, into `errors` where it is not empty; returns sum w e^2.
 * Empty weights are ones, empty offsets zeros. 2 r flops for each entry.
 */
export function* sampledResidualSteps(
  k: Kernels,
  A: CsrData,
  weights: Float64Array,
  rowOffsets: Float64Array,
  columnOffsets: Float64Array,
  U: Float64Array,
  V: Float64Array,
  rank: number,
  errors: Float64Array,
): Steps<number> {
  const { rows, rowPointers, columnIndices } = A.pattern
  let square = 0
  for (let i = 0, work = 0; i < rows; i++) {
    for (let e = rowPointers[i]!, end = rowPointers[i + 1]!; e < end; e++) {
      const j = columnIndices[e]!
      let product = 0
      for (let c = 0; c < rank; c++) product += U[i * rank + c]! * V[j * rank + c]!
      const offset =
        (rowOffsets.length === 0 ? 0 : rowOffsets[i]!) + (columnOffsets.length === 0 ? 0 : columnOffsets[j]!)
      const error = A.values[e]! - offset - product
      if (errors.length > 0) errors[e] = error
      square += (weights.length === 0 ? 1 : weights[e]!) * error * error
    }
    work += (rowPointers[i + 1]! - rowPointers[i]!) * (rank + 1)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  return square
}
