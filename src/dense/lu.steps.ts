import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { exchangeRows } from './rows.ts'
import { solveTriangularSteps } from './triangular.steps.ts'

/**
 * P A = L U in F, all n x n by rows: L below the diagonal, its diagonal of ones left out; row j was exchanged with row
 * pivots[j], one after the other. Partial pivoting (Golub and Van Loan, Algorithm 3.4.1), 2 n^3 / 3 flops. Returns the first
 * row whose pivot is zero, or -1.
 */
export function* denseLuSteps(
  k: Kernels,
  given: Float64Array,
  n: number,
  A: Float64Array,
  pivots: Int32Array,
): Steps<number> {
  A.set(given)
  let failed = -1
  for (let j = 0, work = 0; j < n; j++) {
    let best = j
    for (let i = j + 1; i < n; i++) if (Math.abs(A[i * n + j]!) > Math.abs(A[best * n + j]!)) best = i
    pivots[j] = best
    if (A[best * n + j] === 0) {
      if (failed < 0) failed = j
      continue
    }
    exchangeRows(A, n, j, best)
    for (let i = j + 1; i < n; i++) {
      A[i * n + j]! /= A[j * n + j]!
      const l = A[i * n + j]!
      for (let c = j + 1; c < n; c++) A[i * n + c]! -= l * A[j * n + c]!
    }
    work += (n - j) * (n - j)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  return failed
}

/** X = A^-1 X in place, X n x s by rows. 2 n^2 s flops. */
export function* denseLuSolveSteps(
  k: Kernels,
  F: Float64Array,
  n: number,
  pivots: Int32Array,
  X: Float64Array,
  s: number,
): Steps<void> {
  for (let j = 0; j < n; j++) exchangeRows(X, s, j, pivots[j]!)
  yield* solveTriangularSteps(k, F, n, X, s, true, false, true)
  yield* solveTriangularSteps(k, F, n, X, s, false, false, false)
}
