import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { UpperTriangle } from '../sparse/upper.steps.ts'
import { type FactorReport, shiftLadder } from './shift-ladder.ts'

/**
 * Relaxed incomplete Cholesky on A's own pattern: U^T D U ~ A, dropped fill times `omega` moved onto the two diagonals
 * (Gustafsson 1978 for omega = 1; omega = 0 is IC(0)). A failed pivot restarts with a larger shift, then without
 * relaxation. Fills `values` (the strict part of U, one per entry of the triangle) and `inverseDiagonal` (of D).
 * Workspace: 2n. Work: the sum over columns of length squared.
 */
export function* incompleteCholeskySteps(
  k: Kernels,
  A: CsrData,
  triangle: UpperTriangle,
  omega: number,
  shift: number,
  values: Float64Array,
  inverseDiagonal: Float64Array,
): Steps<FactorReport> {
  return yield* shiftLadder(omega, shift, (relaxation, s) =>
    factor(k, A, triangle, relaxation, s, values, inverseDiagonal),
  )
}

function* factor(
  k: Kernels,
  A: CsrData,
  { pattern, starts, diagonal }: UpperTriangle,
  omega: number,
  shift: number,
  values: Float64Array,
  inverseDiagonal: Float64Array,
): Steps<boolean> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const pivotFloor = omega > 0 ? 1e-2 * (1 - omega) + 1e-10 : 1e-10
  const d = new Float64Array(n)
  const position = new Int32Array(n).fill(-1)
  for (let i = 0; i < n; i++) {
    d[i] = diagonal[i]! < 0 ? 0 : A.values[diagonal[i]!]! * (1 + shift)
    const offset = starts[i]! - rowPointers[i]!
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) values[at] = A.values[at + offset]!
  }
  let work = 0
  for (let j = 0; j < n; j++) {
    const start = rowPointers[j]!
    const end = rowPointers[j + 1]!
    const a = diagonal[j]! < 0 ? 0 : A.values[diagonal[j]!]!
    if (!(d[j]! > pivotFloor * a && d[j]! < Number.POSITIVE_INFINITY && a > 0)) return false
    const inverse = 1 / d[j]!
    inverseDiagonal[j] = inverse
    for (let at = start; at < end; at++) {
      const m = columnIndices[at]!
      const u = values[at]! * inverse
      d[m]! -= u * values[at]!
      values[at] = u
      if (at + 1 === end) break
      for (let c = rowPointers[m]!; c < rowPointers[m + 1]!; c++) position[columnIndices[c]!] = c
      for (let b = at + 1; b < end; b++) {
        const i = columnIndices[b]!
        const fill = u * values[b]!
        const target = position[i]!
        if (target >= 0) values[target]! -= fill
        else {
          d[i]! -= omega * fill
          d[m]! -= omega * fill
        }
      }
      for (let c = rowPointers[m]!; c < rowPointers[m + 1]!; c++) position[columnIndices[c]!] = -1
      work += end - at + rowPointers[m + 1]! - rowPointers[m]!
    }
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  return true
}
