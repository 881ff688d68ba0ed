import { type Steps, tick } from '../core/steps.ts'
import { choleskySteps } from '../dense/cholesky.steps.ts'
import { gemmSteps } from '../dense/gemm.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { RUNG, RUNGS } from './polar-schedule.ts'
import { distance, mirror, symmetrised } from './square.ts'

/**
 * Square roots by the polar factor of A's Cholesky factor: A = L L^T and L = H U give H^2 = A, H = L U^T and H^-1 = U L^-1
 * (Higham 2008, section 6.3). U is the limit of X <- X p(X^T X) with the best quintics for its singular values, from X = L
 * scaled; one of sqrt(||A||_F) and 1 / ||L^-1||_F bounds them from either side. `table`: the schedules of polar-schedule.ts.
 * facts as in `eighBatch`, the last being the steps that were taken, -1 where A is not definite enough for this.
 * residuals: ||X^2 - A||_F / ||A||_F, inverse roots: ||X A X - I||_F / sqrt(n). About 4 n^3 flops a step.
 */
export function* polarRootSteps(
  k: Kernels,
  A: Float64Array,
  n: number,
  count: number,
  inverse: boolean,
  table: Float64Array,
  X: Float64Array,
  residuals: Float64Array,
  facts: Float64Array,
): Steps<void> {
  if (n === 0) return
  const [a, L, inverted, U, S, P] = Array.from({ length: 6 }, () => new Float64Array(n * n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < count; i++) {
    const x = X.subarray(i * n * n, (i + 1) * n * n)
    const [asymmetry, largest] = symmetrised(A.subarray(i * n * n, (i + 1) * n * n), n, a)
    facts.set([asymmetry, largest, -1], 3 * i)
    if (!(largest > 1e-140 && largest < 1e140)) continue // squares of entries are numbers as well
    L.set(a)
    if ((yield* choleskySteps(k, L, n)) >= 0) continue
    lowerInverse(L, n, inverted)
    const scale = Math.sqrt(norm(a))
    const rung = Math.max(1, Math.ceil(-2 * Math.log2(1 / (scale * norm(inverted)))))
    if (!(rung < RUNGS) || table[rung * RUNG] === 0) continue
    const steps = table[rung * RUNG]!
    for (let at = 0; at < n * n; at++) U[at] = L[at]! / scale
    for (let step = 0; step < steps; step++) {
      const at = rung * RUNG + 1 + 3 * step
      yield* gemmSteps(k, 1, U, false, U, true, 0, S, n, n, n)
      yield* gemmSteps(k, table[at + 2]!, S, false, S, true, 0, P, n, n, n)
      for (let e = 0; e < n * n; e++) P[e]! += table[at + 1]! * S[e]!
      for (let r = 0; r < n; r++) P[r * n + r]! += table[at]!
      yield* gemmSteps(k, 1, P, false, U, false, 0, S, n, n, n)
      U.set(S)
    }
    if (inverse) yield* gemmSteps(k, 1, U, false, inverted, false, 0, x, n, n, n)
    else yield* gemmSteps(k, 1, L, false, U, true, 0, x, n, n, n)
    mirror(x, n)
    facts[3 * i + 2] = steps
    if (inverse) {
      yield* gemmSteps(k, 1, a, false, x, false, 0, S, n, n, n)
      yield* gemmSteps(k, 1, x, false, S, false, 0, P, n, n, n)
      residuals[i] = fromIdentity(P, n)
    } else {
      yield* gemmSteps(k, 1, x, false, x, true, 0, S, n, n, n)
      residuals[i] = distance(a, S, n)
    }
    yield tick
  }
}

const norm = (a: Float64Array): number => {
  let sum = 0
  for (const x of a) sum += x * x
  return Math.sqrt(sum)
}

/** ||P - I||_F / sqrt(n) of P's lower triangle, the upper one being its image. */
function fromIdentity(P: Float64Array, n: number): number {
  let sum = 0
  for (let r = 0; r < n; r++)
    for (let c = 0; c <= r; c++) sum += r === c ? (P[r * n + r]! - 1) ** 2 : 2 * P[r * n + c]! ** 2
  return Math.sqrt(sum / n)
}

/** L^-1 by rows: row i from those above it. */
function lowerInverse(L: Float64Array, n: number, out: Float64Array): void {
  out.fill(0)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const l = L[i * n + j]!
      for (let c = 0; c <= j; c++) out[i * n + c]! -= l * out[j * n + c]!
    }
    out[i * n + i] = 1
    for (let c = 0; c <= i; c++) out[i * n + c]! /= L[i * n + i]!
  }
}
