import { run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { gramOf } from '../dense/gram.ts'
import { qrOf } from '../dense/qr.ts'
import { columnsOf, times } from '../dense/times.ts'

const SAFE = 1e-12 // share of a squared column that is left: cond below 1e6, where two passes of CholeskyQR are as good as QR
const DEPENDENT = 1e-13 // share of the longest column that counts as none

/** X = Q R. */
export interface Orthonormal {
  /** Orthonormal columns, as many as X has independent ones. */
  readonly Q: Dense
  /** Q.columns x X.columns */
  readonly R: Dense
  /** Squares of the norms of X's columns. */
  readonly squares: Float64Array
}

/**
 * An orthonormal basis of X's columns, where columns that are combinations of others, or not longer than `floor`, add
 * nothing: CholeskyQR twice (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015), or pivoted QR where that is not safe.
 * 4 m b^2 flops, all in products.
 */
export function* orthonormal(X: Dense, floor: number): Steps<Orthonormal> {
  const first = yield* choleskyQr(X, floor)
  if (first === undefined) return yield* byPivots(X, floor)
  const second = yield* choleskyQr(first.Q, 0)
  if (second === undefined) return yield* byPivots(X, floor)
  return { Q: second.Q, R: yield* times(second.R, first.R), squares: first.squares }
}

/** Undefined where a pivot is too small for what it is the difference of. */
function* choleskyQr(X: Dense, floor: number): Steps<Orthonormal | undefined> {
  const b = X.columns
  const R = float64(b * b)
  yield* run(gramOf, X.values, b, R)
  const squares = Float64Array.from({ length: b }, (_, j) => R[j * b + j]!)
  for (let j = 0; j < b; j++) {
    for (let i = 0; i < j; i++) for (let c = j; c < b; c++) R[j * b + c]! -= R[i * b + j]! * R[i * b + c]!
    const pivot = R[j * b + j]!
    if (!(pivot > SAFE * squares[j]! && pivot > floor * floor && pivot < Number.POSITIVE_INFINITY)) return undefined
    const root = Math.sqrt(pivot)
    for (let c = j; c < b; c++) R[j * b + c]! /= root
    for (let c = 0; c < j; c++) R[j * b + c] = 0
  }
  const Q = yield* times(X, { rows: b, columns: b, values: inverse(R, b) })
  return { Q, R: { rows: b, columns: b, values: R }, squares }
}

/** Of a small upper triangle. */
function inverse(R: Float64Array, n: number): Float64Array {
  const X = float64(n * n)
  for (let c = 0; c < n; c++) {
    X[c * n + c] = 1
    for (let i = c; i >= 0; i--) {
      for (let p = i + 1; p <= c; p++) X[i * n + c]! -= R[i * n + p]! * X[p * n + c]!
      X[i * n + c]! /= R[i * n + i]!
    }
  }
  return X
}

function* byPivots(X: Dense, floor: number): Steps<Orthonormal> {
  const { rows: m, columns: b } = X
  const k = Math.min(m, b)
  const q = float64(m * k)
  const r = float64(k * b)
  const pivots = int32(b)
  yield* run(qrOf, X.values, m, b, q, r, pivots)
  const least = Math.max(floor, DEPENDENT * Math.abs(r[0] ?? 0))
  let width = 0
  while (width < k && Math.abs(r[width * b + width]!) > least) width++
  const R = float64(width * b)
  const squares = new Float64Array(b)
  for (let j = 0; j < b; j++)
    for (let i = 0; i < k; i++) {
      if (i < width) R[i * b + pivots[j]!] = r[i * b + j]!
      squares[pivots[j]!]! += r[i * b + j]! ** 2
    }
  return {
    Q: columnsOf({ rows: m, columns: k, values: q }, 0, width),
    R: { rows: width, columns: b, values: R },
    squares,
  }
}
