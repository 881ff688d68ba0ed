import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { choleskySolveSteps, choleskySteps } from '../dense/cholesky.steps.ts'
import { columnNorms } from '../dense/column-norms.ts'
import type { Kernels } from '../kernels/kernels.ts'

export interface FullCholesky {
  /** The row whose pivot is not positive, or -1. */
  readonly failed: number
  readonly refinements: number
}

/**
 * Solves A X = B, A sparse, by Cholesky's factorization of A as a full matrix, in one go: what small systems cost is calls.
 * Refines while a column's residual is above rtol ||b|| and falls. Fills X and `norms`, of the columns of B - A X.
 * Workspace: n^2 + 3 n s.
 */
export function* fullCholeskySteps(
  k: Kernels,
  A: CsrData,
  b: Float64Array,
  x: Float64Array,
  s: number,
  rtol: number,
  most: number,
  norms: Float64Array,
): Steps<FullCholesky> {
  const { rows: n, rowPointers, columnIndices } = A.pattern
  const full = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]! && columnIndices[at]! <= i; at++)
      full[i * n + columnIndices[at]!] = A.values[at]!
  const failed = yield* choleskySteps(k, full, n)
  if (failed >= 0) return { failed, refinements: 0 }
  const r = float64(n * s)
  x.set(b)
  yield* choleskySolveSteps(k, full, n, x, s)
  residual(x)
  norms.set(columnNorms(r, s))
  const wanted = columnNorms(b, s).map(size => rtol * size)
  let refinements = 0
  while (refinements < most && norms.some((norm, c) => !(norm <= wanted[c]!))) {
    yield* choleskySolveSteps(k, full, n, r, s)
    const better = x.map((value, at) => value + r[at]!)
    residual(better)
    const next = columnNorms(r, s)
    if (!next.every((norm, c) => norm <= 0.5 * norms[c]! || norm <= wanted[c]!)) break
    x.set(better)
    norms.set(next)
    refinements++
  }
  return { failed, refinements }

  /** r = B - A X */
  function residual(X: Float64Array): void {
    for (let i = 0; i < n; i++)
      for (let c = 0; c < s; c++) {
        let sum = 0
        for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
          sum += A.values[at]! * X[columnIndices[at]! * s + c]!
        r[i * s + c] = b[i * s + c]! - sum
      }
  }
}
