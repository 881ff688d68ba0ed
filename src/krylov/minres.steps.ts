import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiplyDot } from '../sparse/operator.steps.ts'
import { project } from './nullspace.steps.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { named, Watch } from './watch.ts'

/** || A r || / (|| A || || r ||) at which r is a least-squares residual to rounding: another step would make x anything. */
const LEAST = 10 * Number.EPSILON

/** The same, from where on x is kept: steps beyond may only add to it what A maps to nothing. */
const BLURRED = 1e-7

/**
 * Solves A x = b, A symmetric and perhaps indefinite, M positive definite, by the minimum residual method: Paige and
 * Saunders 1975; Elman, Silvester and Wathen, Algorithm 4.1. The residual itself is kept by its two-term recurrence
 * r_j = s^2 r_(j-1) + (c eta / gamma) v_(j+1), so that its 2-norm is known whatever M is. Where b has no
 * solution || A r || falls to rounding, as Choi, Paige and Saunders 2011 measure it, and the x of that moment is the answer.
 * Workspace: 8n.
 */
export function* minresSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  N: Float64Array,
  stopping: Stopping,
): Steps<Outcome> {
  const n = b.length
  const r = float64(n)
  let v = float64(n)
  let vOld = float64(n)
  let z = float64(n)
  let q = float64(n)
  let w = float64(n)
  let wOld = float64(n)
  const watch = new Watch(k, A, b, x, N, r, stopping)
  let gamma = 0
  let gammaOld = 1
  let eta = 0
  let [c, cOld, s, sOld] = [1, 1, 0, 0]
  let [above, size] = [0, 0] // of the Lanczos matrix: the last entry next to its diagonal, its norm

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return ended
    if (watch.restart()) {
      v.set(r)
      for (const cleared of [vOld, w, wOld]) cleared.fill(0)
      const square = yield* applyM(v, z)
      if (!(square > 0 && square < Number.POSITIVE_INFINITY)) return yield* refuse(square, z, i)
      gamma = Math.sqrt(square)
      gammaOld = 1
      eta = gamma
      ;[c, cOld, s, sOld] = [1, 1, 0, 0]
      above = 0
    }

    k.axpby(1 / gamma, z, 0, z)
    const delta = yield* multiplyDot(k, A, z, q)
    watch.operator++
    if (!(Math.abs(delta) < Number.POSITIVE_INFINITY)) return yield* watch.stop('not-finite', i)
    k.axpby(-delta / gamma, v, -gamma / gammaOld, vOld)
    k.axpy(1, q, vOld)
    ;[v, vOld] = [vOld, v]
    const square = yield* applyM(v, q)
    const scale = Math.abs(delta) + gamma
    if (!(square > -Number.EPSILON * scale * scale && square < Number.POSITIVE_INFINITY))
      return yield* refuse(square, q, i)
    const gammaNew = Math.sqrt(Math.max(square, 0))

    const alpha0 = c * delta - cOld * s * gamma
    const alpha1 = Math.hypot(alpha0, gammaNew)
    const alpha2 = s * delta + cOld * c * gamma
    const alpha3 = sOld * gamma
    if (!(alpha1 > Number.EPSILON * scale)) return yield* watch.stop('breakdown', i)
    size = Math.max(size, Math.hypot(above, delta, gammaNew))
    above = gammaNew
    const normal = Math.hypot(alpha0, c * gammaNew) / size // || A r || / (|| A || || r ||)
    if (normal <= LEAST) return yield* watch.stop('stagnated', i)
    if (normal < BLURRED) watch.keep()
    ;[cOld, c, sOld, s] = [c, alpha0 / alpha1, s, gammaNew / alpha1]
    k.axpby(-alpha2 / alpha1, w, -alpha3 / alpha1, wOld)
    k.axpy(1 / alpha1, z, wOld)
    ;[w, wOld] = [wOld, w]
    k.axpy(c * eta, w, x)
    eta *= -s
    k.axpby(gammaNew > 0 ? (c * eta) / gammaNew : 0, v, s * s, r)
    ;[z, q] = [q, z]
    ;[gammaOld, gamma] = [gamma, gammaNew]

    const broken = yield* watch.after(i + 1, Math.sqrt(k.dot(r, r)))
    if (broken) return broken
  }

  /** z = M^-1 v; returns v . z */
  function* applyM(v: Float64Array, z: Float64Array): Steps<number> {
    const dot = yield* precondition(k, M, v, z)
    watch.preconditioner++
    yield tick
    if (N.length === 0) return dot
    project(k, N, z)
    return k.dot(v, z)
  }

  function refuse(square: number, Mv: Float64Array, i: number): Steps<Outcome> {
    return watch.stop(named(square, k.dot(v, v), k.dot(Mv, Mv), 'indefinite-preconditioner'), i)
  }
}
