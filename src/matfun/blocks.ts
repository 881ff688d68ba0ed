import { float64 } from '../core/shared.ts'

/* Blocks of matrices by rows. */

/** Rows r to r + m and columns c to c + k of A, `stride` wide. */
export function blockOf(A: Float64Array, stride: number, r: number, c: number, m: number, k: number): Float64Array {
  const out = float64(m * k)
  for (let i = 0; i < m; i++) out.set(A.subarray((r + i) * stride + c, (r + i) * stride + c + k), i * k)
  return out
}

/** Writes B, k wide, into A at row r and column c. */
export function placeBlock(
  A: Float64Array,
  stride: number,
  r: number,
  c: number,
  B: Float64Array,
  k: number,
  factor = 1,
): void {
  for (let at = 0; at < B.length; at++) {
    const i = Math.floor(at / k)
    A[(r + i) * stride + c + at - i * k] = factor * B[at]!
  }
}

/** [[X, Y], [0, X]] of n x n blocks. */
export function doubled(X: Float64Array, Y: Float64Array, n: number): Float64Array {
  const out = float64(4 * n * n)
  placeBlock(out, 2 * n, 0, 0, X, n)
  placeBlock(out, 2 * n, 0, n, Y, n)
  placeBlock(out, 2 * n, n, n, X, n)
  return out
}

/** X^T */
export function turned(X: Float64Array, n: number): Float64Array {
  const out = float64(n * n)
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) out[c * n + r] = X[r * n + c]!
  return out
}

/** J X J, J the identity with its columns in reverse. */
export function reversed(X: Float64Array): Float64Array {
  const out = float64(X.length)
  for (let at = 0; at < X.length; at++) out[at] = X[X.length - 1 - at]!
  return out
}

/** ||A - B||_F / ||A||_F, in numbers scaled by the largest of A. */
export function apart(A: Float64Array, B: Float64Array): number {
  const most = largestOf(A)
  if (most === 0) return 0
  let [far, size] = [0, 0]
  for (let at = 0; at < A.length; at++) {
    far += ((A[at]! - B[at]!) / most) ** 2
    size += (A[at]! / most) ** 2
  }
  return Math.sqrt(far / size)
}

function largestOf(X: Float64Array): number {
  let most = 0
  for (let at = 0; at < X.length; at++) most = Math.max(most, Math.abs(X[at]!))
  return most
}

const MODERATE = 200 // exponents up to which squares, and their differences, are numbers

/** An even e with X / 2^e of moderate size; 0 where X is. */
export function excess(X: Float64Array): number {
  const most = largestOf(X)
  const e = most > 0 && most < Number.POSITIVE_INFINITY ? Math.floor(Math.log2(most)) : 0
  return Math.abs(e) <= MODERATE ? 0 : 2 * Math.floor(e / 2)
}

/** X times 2^e. */
export function shiftedBy(X: Float64Array, e: number): Float64Array {
  const out = float64(X.length)
  const half = Math.trunc(e / 2)
  for (let at = 0; at < X.length; at++) out[at] = X[at]! * 2 ** half * 2 ** (e - half)
  return out
}

/** ||X||_1, the largest sum of a column; of a pair that of [[X, Y], [0, X]]. */
export function columnNorm(X: Float64Array, n: number, Y?: Float64Array): number {
  const sums = new Float64Array(n)
  for (const part of Y === undefined ? [X] : [X, Y])
    for (let at = 0; at < part.length; at++) sums[at % n]! += Math.abs(part[at]!)
  return sums.reduce((most, x) => Math.max(most, x), 0)
}
