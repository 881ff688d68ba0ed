import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** What a refined solve is given and fills, besides the matrix and its factor. */
export type Refinement = readonly [
  B: Float64Array,
  X: Float64Array,
  s: number,
  rtol: number,
  most: number,
  residualNorms: Float64Array,
  backwardErrors: Float64Array,
]

/** A backward error up to this is what rounding leaves of an exact factor. */
const ROUNDING = 1e-14

/**
 * X = A^-1 B by a factor and iterative refinement (Wilkinson 1963; Higham, Accuracy and Stability, chapter 12), column
 * by column until the residual is at most `rtol` ||b|| and the backward error ||r|| / (||A|| ||x|| + ||b||) that of
 * rounding, or a step no longer halves the residual, or after `most` steps. What made a residual larger is taken back.
 * Fills X, `residualNorms` and `backwardErrors`; a column that is not finite is zero. `apply`: Z = F^-1 R for the s
 * columns of a block, row-major. Returns the steps.
 * Workspace: 3 n s.
 */
export function* refine(
  k: Kernels,
  A: CsrData,
  apply: (R: Float64Array, Z: Float64Array) => Steps<void>,
  ...[B, X, s, rtol, most, residualNorms, backwardErrors]: Refinement
): Steps<number> {
  const R = float64(B.length)
  const Z = float64(B.length)
  const size = normOf(A)
  const bNorms = columnNorms(B, s)
  yield* apply(B, X)
  const open = Array.from(columnNorms(X, s), (norm, c) => {
    const held = norm < Number.POSITIVE_INFINITY
    if (!held) clear(X, s, c)
    return held && bNorms[c]! > 0
  })
  yield* residualBlock(k, A, X, B, R, s)
  residualNorms.set(columnNorms(R, s))
  let step = 0
  for (;;) {
    const xNorms = columnNorms(X, s)
    for (let c = 0; c < s; c++) {
      backwardErrors[c] = bNorms[c] === 0 ? 0 : residualNorms[c]! / (size * xNorms[c]! + bNorms[c]!)
      if (backwardErrors[c]! <= ROUNDING && residualNorms[c]! <= rtol * bNorms[c]!) open[c] = false
    }
    if (step === most || !open.includes(true)) return step
    step++
    yield* apply(R, Z)
    for (let at = 0; at < X.length; at++) if (open[at % s]) X[at]! += Z[at]!
    yield* residualBlock(k, A, X, B, R, s)
    const norms = columnNorms(R, s)
    let worse = false
    for (let c = 0; c < s; c++) {
      if (!open[c]) continue
      if (!(norms[c]! <= residualNorms[c]! / 2)) open[c] = false
      if (norms[c]! < residualNorms[c]!) residualNorms[c] = norms[c]!
      else {
        for (let at = c; at < X.length; at += s) X[at]! -= Z[at]!
        worse = true
      }
    }
    if (worse) {
      // x + z - z is x but for rounding
      yield* residualBlock(k, A, X, B, R, s)
      residualNorms.set(columnNorms(R, s))
    }
  }
}

/** Largest sum of absolute values in a row. */
function normOf({ pattern, values }: CsrData): number {
  let largest = 0
  for (let i = 0; i < pattern.rows; i++) {
    let sum = 0
    for (let at = pattern.rowPointers[i]!; at < pattern.rowPointers[i + 1]!; at++) sum += Math.abs(values[at]!)
    largest = Math.max(largest, sum)
  }
  return largest
}

function clear(X: Float64Array, s: number, c: number): void {
  for (let at = c; at < X.length; at += s) X[at] = 0
}

/** R = B - A X */
function* residualBlock(
  k: Kernels,
  { pattern, values }: CsrData,
  X: Float64Array,
  B: Float64Array,
  R: Float64Array,
  s: number,
): Steps<void> {
  const { rows, rowPointers, columnIndices } = pattern
  let work = 0
  R.set(B)
  for (let i = 0; i < rows; i++) {
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const j = columnIndices[at]! * s
      for (let c = 0; c < s; c++) R[i * s + c]! -= values[at]! * X[j + c]!
    }
    work += (rowPointers[i + 1]! - rowPointers[i]!) * s
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
}
