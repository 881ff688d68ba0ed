import { type Steps, tick } from '../core/steps.ts'
import { gemmSteps } from '../dense/gemm.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { FAMILY } from './differences.ts'
import { type Sample2, secondDifference } from './second-differences.ts'
import { symmetrised } from './square.ts'

/**
 * out_i = V_i^T M_i V_i, M_ab = sum_c f[a, b, c] (e_ac g_cb + g_ac e_cb), with e = V_i E_i V_i^T and g likewise: the
 * derivative of A -> pullback(G_i) at A_i = V_i^T diag(w_i) V_i in the direction E_i, all n x n by rows, one after the other, G
 * and E symmetrised. 12 n^3 flops and, but for square roots, n^3 / 2 second differences each.
 */
export function* spectralHessianSteps(
  k: Kernels,
  V: Float64Array,
  w: Float64Array,
  f: Float64Array,
  slopes: Float64Array,
  seconds: Float64Array,
  n: number,
  count: number,
  family: number,
  p: number,
  G: Float64Array,
  E: Float64Array,
  out: Float64Array,
): Steps<void> {
  const roots = family === FAMILY.power && Math.abs(p) === 0.5
  for (let i = 0; i < count; i++) {
    const part = (list: Float64Array) => list.subarray(i * n * n, (i + 1) * n * n)
    const v = part(V)
    const [g, e] = [yield* into(k, v, part(G), n), yield* into(k, v, part(E), n)]
    const at = Array.from({ length: n }, (_, a): Sample2 => {
      const j = i * n + a
      return { x: w[j]!, f: f[j]!, slope: slopes[j] ?? 0, second: seconds[j] ?? 0 }
    })
    const M = roots ? yield* sumOfRoots(k, p < 0, at, g, e, n) : yield* sum(family, p, at, g, e, n)
    const back = yield* turned(k, v, M, n, false)
    symmetrised(back, n, part(out))
    yield tick
  }
}

function* sum(
  family: number,
  p: number,
  at: readonly Sample2[],
  g: Float64Array,
  e: Float64Array,
  n: number,
): Steps<Float64Array> {
  const M = new Float64Array(n * n)
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0
      for (let c = 0; c < n; c++) {
        const pair = e[a * n + c]! * g[b * n + c]! + g[a * n + c]! * e[b * n + c]!
        if (pair !== 0) sum += secondDifference(family, p, at[a]!, at[b]!, at[c]!) * pair
      }
      M[a * n + b] = M[b * n + a] = sum
    }
    yield tick
  }
  return M
}

/**
 * Of x^(1/2) and x^(-1/2), whose f[a, b, c] are -1 / ((r + s) (s + t) (t + r)) of the square roots r, s and t, and with inverse
 * ones (r + s + t) / (r s t) for -1: products of what is divided by r + t. Overwrites g and e.
 */
function* sumOfRoots(
  k: Kernels,
  inverse: boolean,
  at: readonly Sample2[],
  g: Float64Array,
  e: Float64Array,
  n: number,
): Steps<Float64Array> {
  const r = at.map(({ x }) => Math.sqrt(x))
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      g[a * n + b]! /= r[a]! + r[b]!
      e[a * n + b]! /= r[a]! + r[b]!
    }
  const [P, Q, M] = [new Float64Array(n * n), new Float64Array(n * n), new Float64Array(n * n)]
  yield* gemmSteps(k, 1, e, false, g, false, 0, P, n, n, n)
  if (inverse) {
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) g[a * n + b]! /= r[a]!
    yield* gemmSteps(k, 1, e, false, g, false, 0, Q, n, n, n)
  }
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      const both = (X: Float64Array) => X[a * n + b]! + X[b * n + a]!
      const first = both(P) / (r[a]! + r[b]!)
      M[a * n + b] = M[b * n + a] = inverse ? (both(Q) + first) / (r[a]! * r[b]!) : -first
    }
  return M
}

/** V S V^T, S symmetrised. */
function* into(k: Kernels, v: Float64Array, S: Float64Array, n: number): Steps<Float64Array> {
  const middle = new Float64Array(n * n)
  symmetrised(S, n, middle)
  return yield* turned(k, v, middle, n, true)
}

/** V S V^T, or V^T S V. */
function* turned(k: Kernels, v: Float64Array, S: Float64Array, n: number, into: boolean): Steps<Float64Array> {
  const [P, T] = [new Float64Array(n * n), new Float64Array(n * n)]
  yield* gemmSteps(k, 1, v, !into, S, false, 0, P, n, n, n)
  yield* gemmSteps(k, 1, P, false, v, into, 0, T, n, n, n)
  return T
}
