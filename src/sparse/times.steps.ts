import { type Steps, tick } from '../core/steps.ts'
import type { PlannedMatrix } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** Y = A X, both by rows with s columns. 2 s flops for each entry of A. */
export function* sparseTimesSteps(
  k: Kernels,
  A: PlannedMatrix,
  X: Float64Array,
  Y: Float64Array,
  s: number,
): Steps<void> {
  const { rows, rowPointers } = A.pattern
  for (let from = 0, to = 0; from < rows; from = to) {
    const start = rowPointers[from]!
    do to++
    while (to < rows && (rowPointers[to]! - start) * s < k.grain)
    k.spmm(A, X, Y, s, from, to)
    yield tick
  }
}
