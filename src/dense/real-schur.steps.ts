import { type Steps, tick } from '../core/steps.ts'

const SWEEPS = 30 // per eigenvalue; two or three are usual

/** A = Z T Z^T: T upper triangular but for 2 x 2 blocks with complex eigenvalues on its diagonal, Z orthogonal. */
export interface RealSchur {
  /** n x n, row-major. */
  readonly T: Float64Array
  readonly Z: Float64Array
}

/**
 * The real Schur form of a small square matrix, n x n, row-major, which it overwrites with T. Householder reduction to
 * Hessenberg form, then Francis's implicit double shifts (Golub and Van Loan 2013, algorithms 7.4.2 and 7.5.1).
 * Undefined where entries are not finite, or 30 n sweeps do not suffice. Workspace: n^2. Work: 25 n^3, of which 20 n^2
 * between ticks.
 */
export function* realSchur(T: Float64Array, n: number): Steps<RealSchur | undefined> {
  const Z = new Float64Array(n * n)
  for (let i = 0; i < n; i++) Z[i * n + i] = 1
  const size = T.reduce((sum, t) => sum + Math.abs(t), 0)
  if (!(size < Number.POSITIVE_INFINITY)) return undefined
  for (let j = 0; j + 2 < n; j++) {
    const column = Float64Array.from({ length: n - j - 1 }, (_, i) => T[(j + 1 + i) * n + j]!)
    reflect(T, Z, n, j + 1, column, j, n)
    yield tick
  }
  let [high, sweeps, left] = [n - 1, 0, SWEEPS * n]
  while (high > 0) {
    const low = smallSubdiagonal(T, n, high, size)
    if (low > 0) T[low * n + low - 1] = 0
    if (low >= high - 1) {
      if (low === high - 1) split(T, Z, n, low)
      high = low - 1
      sweeps = 0
    } else {
      if (left-- === 0) return undefined
      doubleShift(T, Z, n, low, high, ++sweeps % 10 === 0)
      yield tick
    }
  }
  for (let i = 0; i < n; i++) T.fill(0, i * n, i * n + Math.max(0, i - 1))
  return { T, Z }
}

/** The row from which on, up to `high`, no entry below the diagonal is negligible. */
function smallSubdiagonal(T: Float64Array, n: number, high: number, size: number): number {
  let low = high
  for (; low > 0; low--) {
    const near = Math.abs(T[(low - 1) * n + low - 1]!) + Math.abs(T[low * n + low]!)
    if (Math.abs(T[low * n + low - 1]!) <= Number.EPSILON * (near === 0 ? size : near)) break
  }
  return low
}

/** T = P T P and Z = Z P, P the reflection of rows from `row` on that maps `v` to its first axis; columns from `from` on. */
export function reflect(
  T: Float64Array,
  Z: Float64Array,
  n: number,
  row: number,
  v: Float64Array,
  from: number,
  to: number,
): void {
  const scale = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  if (scale === 0) return
  let square = 0
  for (let i = 0; i < v.length; i++) {
    v[i]! /= scale
    square += v[i]! * v[i]!
  }
  v[0]! += v[0]! < 0 ? -Math.sqrt(square) : Math.sqrt(square)
  let norm = 0
  for (const x of v) norm += x * x
  for (let j = from; j < n; j++) {
    let sum = 0
    for (let i = 0; i < v.length; i++) sum += v[i]! * T[(row + i) * n + j]!
    for (let i = 0; i < v.length; i++) T[(row + i) * n + j]! -= (2 * sum * v[i]!) / norm
  }
  fromRight(T, n, row, v, norm, to)
  fromRight(Z, n, row, v, norm, n)
}

function fromRight(A: Float64Array, n: number, row: number, v: Float64Array, norm: number, rows: number): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = 0; j < v.length; j++) sum += A[i * n + row + j]! * v[j]!
    for (let j = 0; j < v.length; j++) A[i * n + row + j]! -= (2 * sum * v[j]!) / norm
  }
}

/** One implicit double step on rows low to high; `exceptional` shifts where the usual ones go in circles. */
function doubleShift(
  T: Float64Array,
  Z: Float64Array,
  n: number,
  low: number,
  high: number,
  exceptional: boolean,
): void {
  const t = (i: number, j: number) => T[i * n + j]!
  let [x, y, w] = [t(high, high), t(high - 1, high - 1), t(high, high - 1) * t(high - 1, high)]
  if (exceptional) {
    const s = Math.abs(t(high, high - 1)) + Math.abs(t(high - 1, high - 2))
    x = y = t(high, high) + 0.75 * s
    w = -0.4375 * s * s
  }
  // the first column of (T - x)(T - y) - w by differences, which keep their digits where eigenvalues are close
  const [p, q] = [x - t(low, low), y - t(low, low)]
  let v = Float64Array.of(
    (p * q - w) / t(low + 1, low) + t(low, low + 1),
    t(low + 1, low + 1) - t(low, low) - p - q,
    t(low + 2, low + 1),
  )
  for (let k = low; k < high; k++) {
    reflect(T, Z, n, k, v, Math.max(low, k - 1), Math.min(high, k + 3) + 1)
    if (k > low) for (let i = 1; i < v.length; i++) T[(k + i) * n + k - 1] = 0
    v = Float64Array.from({ length: Math.min(3, high - k) }, (_, i) => t(k + 1 + i, k))
  }
}

/** Makes the 2 x 2 block at `row` triangular where its eigenvalues are real. */
export function split(T: Float64Array, Z: Float64Array, n: number, row: number): void {
  const [a, b, c, d] = [T[row * n + row]!, T[row * n + row + 1]!, T[(row + 1) * n + row]!, T[(row + 1) * n + row + 1]!]
  const half = (a - d) / 2
  const root = half * half + b * c
  if (c === 0 || root < 0) return
  const far = half + (half < 0 ? -Math.sqrt(root) : Math.sqrt(root)) // eigenvalue - d
  reflect(T, Z, n, row, Float64Array.of(far, c), row, row + 2)
  T[(row + 1) * n + row] = 0
}
