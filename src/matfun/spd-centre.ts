import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { turned } from './blocks.ts'
import { product } from './lyapunov.ts'
import { addSymmetric, part, rootsAbout, rootsBack, triple } from './spd-map.ts'
import { eighBatch } from './spectral.ts'
import { symmetrised } from './square.ts'

/*
 * Tangents Log_M(A_i) = T_i M + M T_i - 2 M, T_i M = V H_i R, carried from M to the identity, where tangents commute with it: in
 * the eigenbasis of M entry (r, c) times sqrt(2 / (b_r + b_c)).
 */

/** The carried tangents, and their pullback to M and the A_i. */
export interface Centred {
  /** One after the other. */
  readonly tangents: Float64Array
  readonly back: (G: Float64Array, toA: Float64Array) => Steps<Float64Array>
}

/** The tangents about M. */
export function* centred(method: string, M: Float64Array, A: Float64Array, n: number, count: number): Steps<Centred> {
  const about = yield* rootsAbout(method, M, A, n, count)
  const { R, V, H } = about
  const { vectors: Q, eigenvalues: b } = yield* eighBatch(method, { n, count: 1, values: M })
  const Qt = turned(Q, n)
  const [inside, tangents] = [float64(A.length), float64(A.length)]
  const weight = (r: number, c: number) => Math.sqrt(2 / (b[r]! + b[c]!))
  const weighted = (X: Float64Array) => {
    const out = float64(n * n)
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) out[r * n + c] = weight(r, c) * X[r * n + c]!
    return out
  }
  for (let i = 0; i < count; i++) {
    const tangent = float64(n * n)
    addSymmetric(tangent, 2, yield* triple(V, part(H, i, n), R, n), n)
    for (let at = 0; at < n * n; at++) tangent[at]! -= 2 * M[at]!
    const turn = part(inside, i, n)
    turn.set(yield* triple(Q, tangent, Qt, n))
    symmetrised(yield* triple(Qt, weighted(turn), Q, n), n, part(tangents, i, n))
  }
  return {
    tangents,
    *back(G, toA) {
      const [toR, toV, toH] = [float64(n * n), float64(n * n), float64(A.length)]
      const [carried, plain] = [float64(n * n), float64(n * n)]
      for (let i = 0; i < count; i++) {
        const y = yield* triple(Q, part(G, i, n), Qt, n)
        addSymmetric(carried, 2, slopes(b, y, part(inside, i, n), n), n)
        const to = yield* triple(Qt, weighted(y), Q, n)
        for (let at = 0; at < n * n; at++) plain[at]! -= 2 * to[at]!
        // of V H R + R H V, whose two halves the gradient, being symmetric, takes alike
        const VT = yield* product(V, to, n)
        addSymmetric(part(toH, i, n), 2, yield* product(VT, R, n), n)
        addSymmetric(toR, 2, yield* product(part(H, i, n), VT, n), n)
        addSymmetric(toV, 2, yield* triple(to, R, part(H, i, n), n), n)
        yield tick
      }
      const toM = yield* rootsBack(about, toR, toV, toH, toA)
      addSymmetric(toM, 1, yield* triple(Qt, carried, Q, n), n)
      addSymmetric(toM, 1, plain, n)
      return toM
    },
  }
}

/**
 * S_rk = sum_c g[b_r + b_c, b_k + b_c] y_rc x_kc with the divided difference of g(t) = sqrt(2 / t): what the weights move by with
 * M is S + S^T, in its eigenbasis. No gap of eigenvalues is divided by.
 */
function slopes(b: Float64Array, y: Float64Array, x: Float64Array, n: number): Float64Array {
  const S = float64(n * n)
  for (let r = 0; r < n; r++)
    for (let k = 0; k < n; k++) {
      let sum = 0
      for (let c = 0; c < n; c++) {
        const [p, q] = [Math.sqrt(b[r]! + b[c]!), Math.sqrt(b[k]! + b[c]!)]
        sum -= (Math.SQRT2 / (p * q * (p + q))) * y[r * n + c]! * x[k * n + c]!
      }
      S[r * n + k] = sum
    }
  return S
}
