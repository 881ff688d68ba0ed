import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gemmInto } from '../dense/gemm.ts'

const MOST = 100
const CLOSE = 1e-14 // ||B^2 - I||_F / sqrt(n) at which there is nothing to gain

/**
 * K with R K + K R = G, R symmetric positive definite: the iterative Lyapunov solver of Song, Sebe and Wang (2022),
 * Newton-Schulz for the sign of [[R, G], [0, -R]]. With `steps` as many as those, which the paper has 8 of; else until
 * ||B^2 - I|| is rounding or does not halve any more: going on would fill B with subnormal numbers.
 */
export function* lyapunov(
  R: Float64Array,
  G: Float64Array,
  n: number,
  scale: number,
  steps: number | undefined,
): Steps<{ K: Float64Array; steps: number }> {
  let B = float64(n * n)
  let C = float64(n * n)
  for (let at = 0; at < n * n; at++) {
    B[at] = R[at]! / scale
    C[at] = G[at]! / scale
  }
  let last = Number.POSITIVE_INFINITY
  let step = 0
  for (; step < (steps ?? MOST); step++) {
    const square = yield* product(B, B, n)
    if (steps === undefined) {
      const far = fromIdentity(square, n)
      if (far <= CLOSE || (far < 1e-6 && !(far < last / 2))) break
      last = far
    }
    // T = 3 I - B^2: C <- (C T - B^2 C + B C B) / 2, B <- B T / 2
    const T = float64(n * n)
    for (let at = 0; at < n * n; at++) T[at] = -square[at]!
    for (let r = 0; r < n; r++) T[r * n + r]! += 3
    const [CT, SC, BC] = [yield* product(C, T, n), yield* product(square, C, n), yield* product(B, C, n)]
    const BCB = yield* product(BC, B, n)
    const next = float64(n * n)
    for (let at = 0; at < n * n; at++) next[at] = (CT[at]! - SC[at]! + BCB[at]!) / 2
    C = next
    B = yield* product(B, T, n, 0.5)
  }
  for (let at = 0; at < n * n; at++) C[at]! /= 2
  return { K: C, steps: step }
}

/** alpha A B. */
export function* product(A: Float64Array, B: Float64Array, n: number, alpha = 1): Steps<Float64Array> {
  const C = float64(n * n)
  yield* run(gemmInto, alpha, A, false, B, false, 0, C, n, n, n)
  return C
}

/** ||S - I||_F / sqrt(n) */
export function fromIdentity(S: Float64Array, n: number): number {
  let sum = 0
  for (let at = 0; at < n * n; at++) sum += (S[at]! - (at % (n + 1) === 0 ? 1 : 0)) ** 2
  return Math.sqrt(sum / n)
}
