import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { turned } from './blocks.ts'
import { power } from './families.ts'
import { product } from './lyapunov.ts'
import { spectral, spectralDerivative } from './spectral.ts'
import { symmetrised } from './square.ts'
import type { SpectralState } from './state.ts'

/*
 * What a mean M makes of matrices A_i in the Bures-Wasserstein geometry, and back: the roots H_i = (R A_i R)^(1/2) with
 * R = M^(1/2). All are symmetric; a gradient is symmetric as well, and a pullback adds to those that are there.
 */

/** R, V = M^(-1/2) and the roots of a batch, with what their derivatives need. */
export interface RootsAbout {
  readonly n: number
  readonly count: number
  readonly A: Float64Array
  readonly R: Float64Array
  readonly V: Float64Array
  /** H_i, one after the other. */
  readonly H: Float64Array
  readonly states: { readonly R: SpectralState; readonly V: SpectralState; readonly H: SpectralState }
}

export const part = (list: Float64Array, i: number, n: number): Float64Array =>
  list.subarray(i * n * n, (i + 1) * n * n)

/** S += factor (X + X^T) / 2 */
export function addSymmetric(S: Float64Array, factor: number, X: Float64Array, n: number): void {
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) S[r * n + c]! += (factor * (X[r * n + c]! + X[c * n + r]!)) / 2
}

/** A B C */
export function* triple(A: Float64Array, B: Float64Array, C: Float64Array, n: number): Steps<Float64Array> {
  return yield* product(yield* product(A, B, n), C, n)
}

/** The roots about M. */
export function* rootsAbout(
  method: string,
  M: Float64Array,
  A: Float64Array,
  n: number,
  count: number,
): Steps<RootsAbout> {
  const base = { n, count: 1, values: M }
  const root = yield* spectral(method, base, power(0.5), 'error')
  const inverse = yield* spectral(method, base, power(-0.5), 'error')
  const inner = float64(A.length)
  for (let i = 0; i < count; i++)
    symmetrised(yield* triple(root.value, part(A, i, n), root.value, n), n, part(inner, i, n))
  const found = yield* spectral(method, { n, count, values: inner }, power(0.5), 'clamp')
  const states = { R: root.state, V: inverse.state, H: found.state }
  return { n, count, A, R: root.value, V: inverse.value, H: found.value, states }
}

/** What gradients with respect to R, V and the H_i are with respect to M and the A_i. */
export function* rootsBack(
  { n, count, A, R, states }: RootsAbout,
  toR: Float64Array,
  toV: Float64Array,
  toH: Float64Array,
  toA: Float64Array,
): Steps<Float64Array> {
  const inner = yield* spectralDerivative(states.H, toH)
  for (let i = 0; i < count; i++) {
    const half = yield* product(part(inner, i, n), R, n)
    addSymmetric(part(toA, i, n), 1, yield* product(R, half, n), n)
    addSymmetric(toR, 2, yield* product(half, part(A, i, n), n), n)
  }
  const toM = yield* spectralDerivative(states.R, toR)
  const more = yield* spectralDerivative(states.V, toV)
  for (let at = 0; at < n * n; at++) toM[at]! += more[at]!
  return toM
}

/** A step of the barycenter's iteration (Alvarez-Esteban and others 2016): V (sum w_i H_i)^2 V, and its pullback. */
export interface MeanStep {
  readonly value: Float64Array
  readonly back: (G: Float64Array, toA: Float64Array) => Steps<Float64Array>
}

/** One step from M. */
export function* meanStep(
  method: string,
  M: Float64Array,
  A: Float64Array,
  weights: readonly number[],
  n: number,
): Steps<MeanStep> {
  const count = weights.length
  const about = yield* rootsAbout(method, M, A, n, count)
  const mean = float64(n * n)
  for (let at = 0; at < about.H.length; at++) mean[at % (n * n)]! += weights[Math.floor(at / n / n)]! * about.H[at]!
  const half = yield* product(about.V, mean, n)
  const value = float64(n * n)
  symmetrised(yield* product(half, turned(half, n), n), n, value)
  return {
    value,
    *back(G, toA) {
      const GV = yield* product(G, about.V, n)
      const toV = float64(n * n)
      addSymmetric(toV, 2, yield* triple(GV, mean, mean, n), n)
      const toMean = float64(n * n)
      addSymmetric(toMean, 2, yield* triple(about.V, GV, mean, n), n)
      const toH = float64(A.length)
      for (let at = 0; at < toH.length; at++) toH[at] = weights[Math.floor(at / n / n)]! * toMean[at % (n * n)]!
      return yield* rootsBack(about, float64(n * n), toV, toH, toA)
    },
  }
}
