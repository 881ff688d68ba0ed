import { KrylovError } from '../core/errors.ts'
import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { gemmInto } from '../dense/gemm.ts'
import { FAMILY } from './differences.ts'
import { type Sample2, secondDifference } from './second-differences.ts'
import type { SpectralState } from './state.ts'

/**
 * The derivative of A -> pullback(G) in the direction E, for every matrix of the state: with a tilde for V . V^T,
 * V^T M V, M_ab = sum_c f[a, b, c] (E~_ac G~_cb + G~_ac E~_cb). Symmetric in G and E. 10 n^3 flops and n^3 / 2 second
 * differences each.
 */
export function* spectralHessian(
  method: string,
  state: SpectralState,
  G: Float64Array,
  E: Float64Array,
): Steps<Float64Array> {
  const { n, count, family, p, vectors } = state
  if (family === FAMILY.table && state.seconds.length === 0 && n * count > 0)
    throw new KrylovError('ERR_UNSUPPORTED', `${method}: funm was given no second derivative`)
  if (state.eigenvalues.some(Number.isNaN))
    throw new KrylovError('ERR_UNSUPPORTED', `${method}: there is none where eigenvalues were left out`)
  const out = float64(G.length)
  for (let i = 0; i < count; i++) {
    const from = i * n * n
    const v = vectors.subarray(from, from + n * n)
    const g = yield* turned(v, symmetric(G.subarray(from, from + n * n), n), n, true)
    const e = yield* turned(v, symmetric(E.subarray(from, from + n * n), n), n, true)
    const M = float64(n * n)
    const samples = Array.from({ length: n }, (_, r) => sampleAt(state, i * n + r))
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0
        for (let c = 0; c < n; c++) {
          const pair = e[a * n + c]! * g[c * n + b]! + g[a * n + c]! * e[c * n + b]!
          if (pair !== 0) sum += secondDifference(family, p, samples[a]!, samples[b]!, samples[c]!) * pair
        }
        M[a * n + b] = M[b * n + a] = sum
      }
      if (n > 100) yield tick
    }
    out.set(symmetric(yield* turned(v, M, n, false), n), from)
    yield tick
  }
  return out
}

const sampleAt = ({ eigenvalues, values, slopes, seconds }: SpectralState, at: number): Sample2 => ({
  x: eigenvalues[at]!,
  f: values[at]!,
  slope: slopes[at] ?? 0,
  second: seconds[at] ?? 0,
})

/** V S V^T, or V^T S V. */
function* turned(v: Float64Array, S: Float64Array, n: number, into: boolean): Steps<Float64Array> {
  const [P, T] = [float64(n * n), float64(n * n)]
  yield* run(gemmInto, 1, v, !into, S, false, 0, P, n, n, n)
  yield* run(gemmInto, 1, P, false, v, into, 0, T, n, n, n)
  return T
}

function symmetric(A: Float64Array, n: number): Float64Array {
  const S = float64(n * n)
  for (let r = 0; r < n; r++)
    for (let c = 0; c <= r; c++) S[r * n + c] = S[c * n + r] = 0.5 * A[r * n + c]! + 0.5 * A[c * n + r]!
  return S
}
