import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { reflector } from './householder.ts'

/**
 * A = Q R, or A P = Q R where `pivots` is n long and receives the order of A's columns: Q m x k, R k x n, k = min(m, n), by
 * rows. Q may be left out. Householder reflections I - tau v v^T, signs as LAPACK's; pivoting takes the column of which
 * most is left (Businger and Golub 1965). 2 m n^2 flops, and as many for Q. Workspace: m n.
 */
export function* qrSteps(
  k: Kernels,
  A: Float64Array,
  m: number,
  n: number,
  Q: Float64Array,
  R: Float64Array,
  pivots: Int32Array,
): Steps<void> {
  const rank = Math.min(m, n)
  const W = A.slice()
  const tau = new Float64Array(rank)
  const size = A.reduce((most, a) => Math.max(most, Math.abs(a)), 0)
  for (let j = 0; j < pivots.length; j++) pivots[j] = j
  for (let j = 0, work = 0; j < rank; j++) {
    if (pivots.length > 0) exchange(W, m, n, pivots, j, longest(W, m, n, j, size))
    tau[j] = reflector(W, j * n + j, n, m - j)
    reflect(W, n, W, n, m, j, j + 1, n, tau[j]!)
    work += (m - j) * (n - j) * (pivots.length > 0 ? 2 : 1)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  for (let i = 0; i < rank; i++) for (let j = 0; j < n; j++) R[i * n + j] = j < i ? 0 : W[i * n + j]!
  if (Q.length === 0) return
  Q.fill(0)
  for (let i = 0; i < rank; i++) Q[i * rank + i] = 1
  for (let j = rank - 1, work = 0; j >= 0; j--) {
    reflect(W, n, Q, rank, m, j, j, rank, tau[j]!)
    work += (m - j) * (rank - j)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

/** Of the columns from j on, the one whose part below row j is longest; no entry is larger than `size`. */
function longest(W: Float64Array, m: number, n: number, j: number, size: number): number {
  const sums = new Float64Array(n)
  for (let i = j; i < m; i++) for (let c = j; c < n; c++) sums[c]! += (W[i * n + c]! / size) ** 2
  let best = j
  for (let c = j + 1; c < n; c++) if (sums[c]! > sums[best]!) best = c
  return best
}

function exchange(W: Float64Array, m: number, n: number, pivots: Int32Array, j: number, other: number): void {
  if (other === j) return
  for (let i = 0; i < m; i++) {
    const x = W[i * n + j]!
    W[i * n + j] = W[i * n + other]!
    W[i * n + other] = x
  }
  const p = pivots[j]!
  pivots[j] = pivots[other]!
  pivots[other] = p
}

/** Columns [from, to) of X, of `width` columns, are reflected by v, which stands in column j of W. */
function reflect(
  W: Float64Array,
  n: number,
  X: Float64Array,
  width: number,
  m: number,
  j: number,
  from: number,
  to: number,
  tau: number,
): void {
  if (tau === 0 || from >= to) return
  const w = X.slice(j * width + from, j * width + to)
  for (let i = j + 1; i < m; i++) {
    const v = W[i * n + j]!
    for (let c = from, at = i * width + from; c < to; c++, at++) w[c - from]! += v * X[at]!
  }
  for (let c = from; c < to; c++) X[j * width + c]! -= tau * w[c - from]!
  for (let i = j + 1; i < m; i++) {
    const v = tau * W[i * n + j]!
    for (let c = from, at = i * width + from; c < to; c++, at++) X[at]! -= v * w[c - from]!
  }
}
