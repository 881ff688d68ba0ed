import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { reflector } from './householder.ts'
import { rotateRows, transposed } from './rows.ts'

const SWEEPS = 60 // QL steps for one eigenvalue; two or three are usual

/**
 * A = V diag(w) V^T of a symmetric A, n x n by rows, w ascending. V takes A's place, an eigenvector a column; without
 * `vectors` A is workspace. Householder to tridiagonal form, then implicit QL (Golub and Van Loan, 8.3). Returns 0, or the
 * number of eigenvalues that did not converge.
 */
export function* eighSteps(k: Kernels, A: Float64Array, n: number, w: Float64Array, vectors: boolean): Steps<number> {
  const off = new Float64Array(n)
  const taus = yield* tridiagonalise(k, A, n, w, off)
  if (vectors) yield* reflections(k, A, n, taus)
  // rows of Z are eigenvectors, so that a rotation touches two rows
  const Z = vectors ? transposed(A, n, n) : A
  const failed = yield* implicitQl(k, w, off, n, vectors ? Z : undefined)
  const order = Array.from({ length: n }, (_, j) => j).sort((i, j) => w[i]! - w[j]! || i - j)
  w.set(Float64Array.from(order, j => w[j]!))
  if (vectors) for (let c = 0; c < n; c++) for (let i = 0; i < n; i++) A[i * n + c] = Z[order[c]! * n + i]!
  return failed
}

/** Q^T A Q = T: d its diagonal, off[j] below it; reflection j stands in row j right of the diagonal, v_{j+1} = 1. */
function* tridiagonalise(
  k: Kernels,
  A: Float64Array,
  n: number,
  d: Float64Array,
  off: Float64Array,
): Steps<Float64Array> {
  const taus = new Float64Array(n)
  const p = new Float64Array(n)
  for (let j = 0, work = 0; j < n; j++) {
    d[j] = A[j * n + j]!
    if (j === n - 1) break
    const v = A.subarray(j * n, (j + 1) * n)
    const tau = reflector(v, j + 1, 1, n - j - 1)
    taus[j] = tau
    off[j] = v[j + 1]!
    v[j + 1] = 1
    if (tau !== 0) {
      // A -= v q^T + q v^T with q = tau (A v - tau/2 (v . A v) v)
      let half = 0
      for (let i = j + 1; i < n; i++) {
        let sum = 0
        for (let c = j + 1, at = i * n + j + 1; c < n; c++, at++) sum += A[at]! * v[c]!
        p[i] = tau * sum
        half += p[i]! * v[i]!
      }
      for (let i = j + 1; i < n; i++) p[i]! -= (tau / 2) * half * v[i]!
      for (let i = j + 1; i < n; i++)
        for (let c = j + 1, at = i * n + j + 1; c < n; c++, at++) A[at]! -= v[i]! * p[c]! + p[i]! * v[c]!
    }
    work += 2 * (n - j) * (n - j)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  return taus
}

/** A = Q, the product of the reflections that stand in its rows. */
function* reflections(k: Kernels, A: Float64Array, n: number, taus: Float64Array): Steps<void> {
  const v = new Float64Array(n)
  const sums = new Float64Array(n)
  for (let j = n - 2, work = 0; j >= -1; j--) {
    // rows and columns beyond j + 1 are done; row and column j + 1 are those of the identity until now
    const at = j + 1
    if (j >= 0) v.set(A.subarray(j * n, (j + 1) * n))
    for (let i = at; i < n; i++) {
      A[at * n + i] = 0
      A[i * n + at] = 0
    }
    A[at * n + at] = 1
    if (j < 0) break
    const tau = taus[j]!
    if (tau === 0) continue
    sums.fill(0)
    for (let i = at; i < n; i++) for (let c = at; c < n; c++) sums[c]! += v[i]! * A[i * n + c]!
    for (let i = at; i < n; i++) for (let c = at; c < n; c++) A[i * n + c]! -= tau * v[i]! * sums[c]!
    work += 2 * (n - at) * (n - at)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
}

/** Diagonalises the tridiagonal matrix; the rotations act on the rows of Z. */
function* implicitQl(
  k: Kernels,
  d: Float64Array,
  e: Float64Array,
  n: number,
  Z: Float64Array | undefined,
): Steps<number> {
  let work = 0
  for (let l = 0; l < n; l++)
    for (let sweep = 0; ; sweep++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++
      if (m === l) break
      if (sweep === SWEEPS) return n - l
      // Wilkinson's shift from the leading 2 x 2
      const g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
      let x = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1))
      let [s, c, shift] = [1, 1, 0]
      let i = m - 1
      for (; i >= l; i--) {
        const f = s * e[i]!
        const b = c * e[i]!
        const r = Math.hypot(f, x)
        e[i + 1] = r
        if (r === 0) break
        s = f / r
        c = x / r
        const y = d[i + 1]! - shift
        const t = (d[i]! - y) * s + 2 * c * b
        shift = s * t
        d[i + 1] = y + shift
        x = c * t - b
        if (Z !== undefined) rotateRows(Z, n, i, i + 1, c, s)
      }
      if (i >= l) {
        d[i + 1]! -= shift
        e[m] = 0
        continue
      }
      d[l]! -= shift
      e[l] = x
      e[m] = 0
      work += Z === undefined ? m - l : n * (m - l)
      if (work < k.grain) continue
      work = 0
      yield tick
    }
  return 0
}
