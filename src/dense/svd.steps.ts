import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { qrSteps } from './qr.steps.ts'
import { rotateRows, rowNorm, transposed } from './rows.ts'

const SWEEPS = 40 // Jacobi sweeps; a dozen are usual

/**
 * A = U diag(s) V^T, U m x k, V n x k, k = min(m, n), all by rows; U and V may be left out together. Pivoted QR, then
 * one-sided Jacobi on the rows of R (Drmac and Veselic 2008): A P = Q R, R = W diag(s) Y^T, so U = Q W and V = P Y. Returns
 * 0, or 1 where the sweeps did not end. Workspace: about 2 (m + n) k.
 */
export function* svdSteps(
  k: Kernels,
  A: Float64Array,
  m: number,
  n: number,
  U: Float64Array,
  s: Float64Array,
  V: Float64Array,
): Steps<number> {
  if (m < n) return yield* svdSteps(k, transposed(A, m, n), n, m, V, s, U)
  const vectors = U.length > 0 || V.length > 0
  const Q = new Float64Array(vectors ? m * n : 0)
  const R = new Float64Array(n * n)
  const pivots = new Int32Array(n)
  yield* qrSteps(k, A, m, n, Q, R, pivots)
  // rows of X, which are those of R, are made orthogonal: G X = diag(s) Y^T, so R = G^T diag(s) Y^T
  const G = new Float64Array(vectors ? n * n : 0)
  for (let i = 0; i < G.length; i += n + 1) G[i] = 1
  const failed = yield* orthogonalise(k, R, n, G)
  const norms = Float64Array.from({ length: n }, (_, i) => rowNorm(R, n, i))
  const order = Array.from(norms, (_, i) => i).sort((i, j) => norms[j]! - norms[i]! || i - j)
  s.set(Float64Array.from(order, i => norms[i]!))
  if (!vectors) return failed
  completeRows(R, n, norms, order)
  for (const [c, i] of order.entries()) for (let j = 0; j < n; j++) V[pivots[j]! * n + c] = R[i * n + j]!
  U.fill(0)
  for (let row = 0, work = 0; row < m; row++) {
    for (const [c, i] of order.entries()) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += Q[row * n + j]! * G[i * n + j]!
      U[row * n + c] = sum
    }
    work += n * n
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  return failed
}

/** Rotates pairs of rows of X, and of G alike, until they are orthogonal to working precision. */
function* orthogonalise(k: Kernels, X: Float64Array, n: number, G: Float64Array): Steps<number> {
  const enough = Number.EPSILON * Math.sqrt(n)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotations = 0
    for (let i = 0, work = 0; i + 1 < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const [a, b] = [rowNorm(X, n, i), rowNorm(X, n, j)]
        if (a === 0 || b === 0) continue
        let cosine = 0
        for (let c = 0; c < n; c++) cosine += (X[i * n + c]! / a) * (X[j * n + c]! / b)
        if (!(Math.abs(cosine) > enough)) continue
        rotations++
        const zeta = (b / a - a / b) / (2 * cosine)
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
        const cosT = 1 / Math.hypot(1, t)
        rotateRows(X, n, i, j, cosT, cosT * t)
        if (G.length > 0) rotateRows(G, n, i, j, cosT, cosT * t)
      }
      work += 8 * (n - i) * n
      if (work < k.grain) continue
      work = 0
      yield tick
    }
    if (rotations === 0) return 0
  }
  return 1
}

/** Rows are scaled to norm one; those of norm zero are replaced by any that are orthonormal to the others. */
function completeRows(X: Float64Array, n: number, norms: Float64Array, order: readonly number[]): void {
  const done: number[] = []
  let unit = 0
  for (const i of order) {
    const x = X.subarray(i * n, (i + 1) * n)
    if (norms[i]! > 0) for (let c = 0; c < n; c++) x[c]! /= norms[i]!
    for (let left = norms[i]! > 0 ? 1 : 0; left < 0.5 / Math.sqrt(n); unit++) {
      x.fill(0)
      x[unit] = 1
      for (let pass = 0; pass < 2; pass++)
        for (const other of done) {
          const y = X.subarray(other * n, (other + 1) * n)
          let dot = 0
          for (let c = 0; c < n; c++) dot += x[c]! * y[c]!
          for (let c = 0; c < n; c++) x[c]! -= dot * y[c]!
        }
      left = rowNorm(x, n, 0)
      for (let c = 0; c < n; c++) x[c]! /= left
    }
    done.push(i)
  }
}
