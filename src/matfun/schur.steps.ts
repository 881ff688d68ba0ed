import type { Steps } from '../core/steps.ts'
import { gemmSteps } from '../dense/gemm.steps.ts'
import { realSchur, reflect, split } from '../dense/real-schur.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { apart } from './blocks.ts'

/**
 * A_i = Z_i T_i Z_i^T, the real Schur forms of matrices n x n by rows, one after the other; with `negativeFirst` negative
 * eigenvalues lead. leading[i]: how many do, 0 without it, -1 where the QR iteration or the exchange failed. 25 n^3 flops each.
 */
export function* schurSteps(
  _: Kernels,
  A: Float64Array,
  n: number,
  count: number,
  negativeFirst: boolean,
  T: Float64Array,
  Z: Float64Array,
  leading: Int32Array,
): Steps<void> {
  for (let i = 0; i < count; i++) {
    const [a, t, z] = partsOf([A, T, Z], n, i)
    leading[i] = yield* schurForm(a!, n, negativeFirst, t!, z!)
  }
}

const partsOf = (lists: readonly Float64Array[], n: number, i: number) =>
  lists.map(list => list.subarray(i * n * n, (i + 1) * n * n))

/**
 * X_i = Z_i F_i Z_i^T, and residuals[i]: where T is empty ||X_i^2 - A_i||_F / ||A_i||_F, else
 * ||Z_i T_i Z_i^T - A_i||_F / ||A_i||_F. Up to 8 n^3 flops each.
 */
export function* schurValueSteps(
  k: Kernels,
  A: Float64Array,
  Z: Float64Array,
  F: Float64Array,
  T: Float64Array,
  n: number,
  count: number,
  X: Float64Array,
  residuals: Float64Array,
): Steps<void> {
  const [half, check] = [new Float64Array(n * n), new Float64Array(n * n)]
  for (let i = 0; i < count; i++) {
    const [a, z, f, t, x] = partsOf([A, Z, F, T, X], n, i) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    yield* gemmSteps(k, 1, z, false, f, false, 0, half, n, n, n)
    yield* gemmSteps(k, 1, half, false, z, true, 0, x, n, n, n)
    if (T.length === 0) yield* gemmSteps(k, 1, x, false, x, false, 0, check, n, n, n)
    else {
      yield* gemmSteps(k, 1, z, false, t, false, 0, half, n, n, n)
      yield* gemmSteps(k, 1, half, false, z, true, 0, check, n, n, n)
    }
    residuals[i] = apart(a, check)
  }
}

function* schurForm(
  A: Float64Array,
  n: number,
  negativeFirst: boolean,
  T: Float64Array,
  Z: Float64Array,
): Steps<number> {
  T.set(A)
  const found = yield* realSchur(T, n)
  if (found === undefined) return -1
  if (negativeFirst) moveNegatives(T, found.Z, n)
  Z.set(found.Z)
  return negativeFirst ? leadingNegatives(T, n) : 0
}

/** How many of the first eigenvalues are negative; -1 where others are as well. */
export function leadingNegatives(T: Float64Array, n: number): number {
  let [count, leads] = [0, true]
  for (let j = 0; j < n; j++) {
    const pair = j + 1 < n && T[(j + 1) * n + j] !== 0
    const negative = !pair && T[j * n + j]! < 0
    if (negative && !leads) return -1
    if (negative) count++
    else leads = false
    if (pair) j++
  }
  return count
}

function moveNegatives(T: Float64Array, Z: Float64Array, n: number): void {
  let count = 0
  for (let j = 0; j < n; j++) {
    if (j + 1 < n && T[(j + 1) * n + j] !== 0) {
      j++
      continue
    }
    if (!(T[j * n + j]! < 0)) continue
    for (let at = j; at > count; ) at = exchanged(T, Z, n, at)
    count++
  }
}

/** Exchanges the eigenvalue at `at` with the block above it: its vector in both becomes the first axis. Where it stands then. */
function exchanged(T: Float64Array, Z: Float64Array, n: number, at: number): number {
  const t = (i: number, j: number) => T[i * n + j]!
  const value = t(at, at)
  const pair = at > 1 && t(at - 1, at - 2) !== 0
  const to = pair ? at - 2 : at - 1
  const [a, b] = [t(to, to) - value, t(to, at)]
  let v = Float64Array.of(-b, a)
  if (pair) {
    const [c, d, e, f] = [t(to, to + 1), t(to + 1, to), t(to + 1, to + 1) - value, t(to + 1, at)]
    v = Float64Array.of(c * f - b * e, b * d - a * f, a * e - c * d)
  }
  reflect(T, Z, n, to, v, to, at + 1)
  T[to * n + to] = value
  for (let i = to + 1; i <= at; i++) T[i * n + to] = 0
  if (pair) split(T, Z, n, to + 1)
  return to
}
