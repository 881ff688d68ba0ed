import { type Steps, tick } from '../core/steps.ts'
import { eighSteps } from '../dense/eigh.steps.ts'
import { gemmSteps } from '../dense/gemm.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { firstDifference, type Sample } from './differences.ts'
import { distance, mirror, symmetrised } from './square.ts'

/*
 * Functions of a batch of symmetric matrices in their eigenbases. Matrices lie one after the other, n x n by rows; of V
 * the rows are the eigenvectors: A = V^T diag(w) V.
 */

/**
 * A_i = V_i^T diag(w_i) V_i of every (A_i + A_i^T) / 2. facts[3 i ..]: max |a - a^T|, max |a| (NaN: an entry is not
 * finite, and nothing else is computed), eigenvalues that did not converge. 9 n^3 flops each.
 */
export function* eighBatchSteps(
  k: Kernels,
  A: Float64Array,
  n: number,
  count: number,
  V: Float64Array,
  w: Float64Array,
  facts: Float64Array,
): Steps<void> {
  for (let i = 0; i < count; i++) {
    const v = V.subarray(i * n * n, (i + 1) * n * n)
    const [asymmetry, largest] = symmetrised(A.subarray(i * n * n, (i + 1) * n * n), n, v)
    facts[3 * i] = asymmetry
    facts[3 * i + 1] = largest
    facts[3 * i + 2] = 0
    if (Number.isNaN(largest)) continue
    facts[3 * i + 2] = yield* eighSteps(k, v, n, w.subarray(i * n, (i + 1) * n), true)
    for (let r = 0; r < n; r++)
      for (let c = r + 1; c < n; c++) [v[r * n + c], v[c * n + r]] = [v[c * n + r]!, v[r * n + c]!]
    yield tick
  }
}

/**
 * X_i = V_i^T diag(f_i) V_i, symmetric to the bit, and residuals[i]: with `square` ||X_i^2 - A_i||_F / ||A_i||_F, else
 * ||V_i^T diag(w_i) V_i - A_i||_F / ||A_i||_F. 2 n^3 flops each.
 */
export function* spectralValueSteps(
  k: Kernels,
  A: Float64Array,
  V: Float64Array,
  w: Float64Array,
  f: Float64Array,
  n: number,
  count: number,
  square: boolean,
  X: Float64Array,
  residuals: Float64Array,
): Steps<void> {
  const W = new Float64Array(n * n)
  const R = new Float64Array(n * n)
  for (let i = 0; i < count; i++) {
    const [a, v, x] = [A, V, X].map(batch => batch.subarray(i * n * n, (i + 1) * n * n)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    yield* assemble(k, v, f.subarray(i * n, (i + 1) * n), n, W, x)
    if (square) yield* gemmSteps(k, 1, x, false, x, false, 0, R, n, n, n)
    else yield* assemble(k, v, w.subarray(i * n, (i + 1) * n), n, W, R)
    residuals[i] = distance(a, R, n)
  }
}

/** X = V^T diag(f) V, its upper triangle a copy of the lower one. */
function* assemble(
  k: Kernels,
  V: Float64Array,
  f: Float64Array,
  n: number,
  W: Float64Array,
  X: Float64Array,
): Steps<void> {
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) W[r * n + c] = f[r]! * V[r * n + c]!
  yield* gemmSteps(k, 1, V, true, W, false, 0, X, n, n, n)
  mirror(X, n)
}

/**
 * out_i = V_i^T (D_i o (V_i G_i V_i^T)) V_i with G_i symmetrised and D_i the divided differences: the derivative of
 * A -> f(A) at A_i in the direction G_i, and its own adjoint (Higham 2008, theorem 3.11). sizes[i]: max |g| of G_i; NaN,
 * as all of out_i, where an entry is not finite. 8 n^3 flops each.
 */
export function* spectralDerivativeSteps(
  k: Kernels,
  V: Float64Array,
  w: Float64Array,
  f: Float64Array,
  slopes: Float64Array,
  n: number,
  count: number,
  family: number,
  p: number,
  G: Float64Array,
  out: Float64Array,
  sizes: Float64Array,
): Steps<void> {
  const [S, P] = [new Float64Array(n * n), new Float64Array(n * n)]
  for (let i = 0; i < count; i++) {
    const v = V.subarray(i * n * n, (i + 1) * n * n)
    const x = out.subarray(i * n * n, (i + 1) * n * n)
    const samples = Array.from({ length: n }, (_, r): Sample => {
      const at = i * n + r
      return { x: w[at]!, f: f[at]!, slope: slopes[at] ?? 0 }
    })
    const [, largest] = symmetrised(G.subarray(i * n * n, (i + 1) * n * n), n, S)
    sizes[i] = largest
    if (Number.isNaN(largest)) {
      x.fill(Number.NaN)
      continue
    }
    yield* gemmSteps(k, 1, v, false, S, false, 0, P, n, n, n)
    yield* gemmSteps(k, 1, P, false, v, true, 0, S, n, n, n)
    for (let r = 0; r < n; r++)
      for (let c = 0; c <= r; c++) {
        const d = firstDifference(family, p, samples[r]!, samples[c]!)
        S[r * n + c] = S[c * n + r] = d * S[r * n + c]!
      }
    yield* gemmSteps(k, 1, S, false, v, false, 0, P, n, n, n)
    yield* gemmSteps(k, 1, v, true, P, false, 0, x, n, n, n)
    mirror(x, n)
    yield tick
  }
}
