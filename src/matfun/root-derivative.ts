import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { checkFinite } from '../core/vector.ts'
import { FAMILY } from './differences.ts'
import { lyapunov, product } from './lyapunov.ts'
import { eighBatch, type Given, spectralDerivative } from './spectral.ts'
import { symmetrised } from './square.ts'
import type { RootState, SpectralState } from './state.ts'

const bases = new WeakMap<RootState, SpectralState>()

/** The eigenbasis of roots, which is that of A: computed at the first question. */
export function* basisOf(method: string, state: RootState): Steps<SpectralState> {
  const known = bases.get(state)
  if (known !== undefined) return known
  const { n, count, p, value } = state
  const { vectors, eigenvalues: values } = yield* eighBatch(method, { n, count, values: value })
  const eigenvalues = float64(values.length)
  // a root that is no root to rounding may have a zero among its eigenvalues: left out
  for (let j = 0; j < values.length; j++) {
    if (values[j]! > 0) eigenvalues[j] = p > 0 ? values[j]! ** 2 : values[j]! ** -2
    else {
      eigenvalues[j] = Number.NaN
      values[j] = 0
    }
  }
  const none = float64(0)
  const base: SpectralState = {
    kind: 'spectral',
    n,
    count,
    family: FAMILY.power,
    p,
    vectors,
    eigenvalues,
    values,
    slopes: none,
    seconds: none,
  }
  bases.set(state, base)
  return base
}

/** The derivative at A, of which roots are known, along G, which was `given`; its own adjoint. */
export function* rootDerivative(given: Given, state: RootState, G: Float64Array): Steps<Float64Array> {
  if (state.backward === 'eigh') return yield* spectralDerivative(yield* basisOf(given.method, state), G, given)
  checkFinite(given.method, given.name, G)
  const { n, count, p, value, steps } = state
  const out = float64(G.length)
  for (let i = 0; i < count; i++) {
    const R = value.subarray(i * n * n, (i + 1) * n * n)
    let S = float64(n * n)
    symmetrised(G.subarray(i * n * n, (i + 1) * n * n), n, S)
    const square = yield* product(R, R, n)
    let norm = 0
    for (const x of p > 0 ? square : R) norm += x * x
    norm = Math.sqrt(norm)
    if (p < 0) {
      const half = yield* product(square, S, n)
      S = yield* product(half, square, n, -1)
    }
    const { K } = yield* lyapunov(R, S, n, p > 0 ? Math.sqrt(norm) : norm, steps === 0 ? undefined : steps)
    symmetrised(K, n, out.subarray(i * n * n, (i + 1) * n * n))
    yield tick
  }
  return out
}
