import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { basisSubtract } from '../krylov/basis.steps.ts'
import { RightPreconditioned } from '../krylov/right-preconditioned.steps.ts'
import type { Outcome, Stopping } from '../krylov/stopping.ts'
import { named, Watch } from '../krylov/watch.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiplyDot } from '../sparse/operator.steps.ts'
import { LanczosWindow } from './lanczos-window.steps.ts'
import { Projection } from './projection.steps.ts'
import { Recycled } from './recycled.steps.ts'

const SINGULAR = 100 * Number.EPSILON // of the largest entry of Lanczos's matrix: a pivot that is rounding

/** An outcome with the subspace that is left: A M^-1 U = C, C orthonormal, vectors one after the other. */
export interface RecycledOutcome extends Outcome {
  readonly U: Float64Array
  readonly C: Float64Array
  /** Mean sine of the angles between the images of the space that was given, then and now; NaN where none was. */
  readonly drift: number
}

/**
 * RMINRES (Wang, de Sturler and Paulino 2007): MINRES, in the letters of `minresSteps`, on (I - C Z^T) A, Z = M^-1 C, which
 * is symmetric where the residual is, as M^-1 measures it, orthogonal to C = A M^-1 U. So recurrences stay short; a solution is
 * x + M^-1 (U t) + w's, and t takes what b_j = Z^T A z_j tells of C in the Lanczos vectors' images. A given space is only taken
 * for a guess: its images are computed anew. The space that is returned comes of `basis` Lanczos vectors at a time. Where the projected
 * matrix breaks down, which A need not, the solve goes on without the space. Workspace: (5 recycle + basis + 11) n.
 */
export function* recyclingMinresSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  basis: number,
  recycle: number,
  given: Float64Array,
  images: Float64Array,
): Steps<RecycledOutcome> {
  const n = b.length
  const r = float64(n)
  let [v, vOld, z, q, w, wOld] = [float64(n), float64(n), float64(n), float64(n), float64(n), float64(n)]
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const AM = new RightPreconditioned(k, A, M, n, watch)
  const space = new Recycled(k, n, recycle + basis + 1, recycle)
  const projection = new Projection(k, n, recycle, space, AM.plain)
  const window = new LanczosWindow(k, n, basis, recycle, space)
  let [gamma, gammaOld, eta, largest] = [0, 1, 0, 0]
  let [c, cOld, s, sOld] = [1, 1, 0, 0]
  // coefficients of C: of a vector's image, of w's, and those of U that x has not got yet
  let [h, f, fOld, t] = [new Float64Array(0), new Float64Array(0), new Float64Array(0), new Float64Array(0)]
  let [drift, ready] = [Number.NaN, false]

  watch.present = function* () {
    if (t.every(ti => ti === 0)) return
    q.fill(0)
    const minus = t.map(ti => -ti)
    yield* basisSubtract(k, space.U.subarray(0, t.length * n), minus, q, new Float64Array(1))
    t.fill(0)
    yield* AM.correct(q, x)
  }
  const end = function* (outcome: Outcome): Steps<RecycledOutcome> {
    yield* window.bequeath()
    const left = space.count * n
    const { operator, preconditioner } = watch
    return { ...outcome, operator, preconditioner, U: space.U.slice(0, left), C: space.W.slice(0, left), drift }
  }

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return yield* end(ended)
    if (watch.restart()) {
      const first = !ready
      if (first) yield* open()
      yield* projection.takeOut(r, h)
      h.forEach((hi, j) => {
        t[j]! += hi
      })
      if (first && h.length > 0) {
        yield* watch.renew()
        i--
        continue
      }
      v.set(r)
      for (const cleared of [vOld, w, wOld, f, fOld]) cleared.fill(0)
      const square = yield* applyM(v, z)
      if (!(square > 0 && square < Number.POSITIVE_INFINITY)) return yield* refuse(square, z, i)
      gamma = Math.sqrt(square)
      gammaOld = 1
      eta = gamma
      ;[c, cOld, s, sOld] = [1, 1, 0, 0]
      yield* window.begin(v, gamma)
    }

    k.axpby(1 / gamma, z, 0, z)
    const delta = yield* multiplyDot(k, A, z, q)
    watch.operator++
    if (!(Math.abs(delta) < Number.POSITIVE_INFINITY)) return yield* end(yield* watch.stop('not-finite', i))
    yield* projection.takeOut(q, h)
    k.axpby(-delta / gamma, v, -gamma / gammaOld, vOld)
    k.axpy(1, q, vOld)
    ;[v, vOld] = [vOld, v]
    const square = yield* applyM(v, q)
    const scale = Math.abs(delta) + gamma
    if (!(square > -Number.EPSILON * scale * scale && square < Number.POSITIVE_INFINITY))
      return yield* refuse(square, q, i)
    const gammaNew = Math.sqrt(Math.max(square, 0))
    yield* window.push(h, gamma, delta, gammaNew, v)

    const alpha0 = c * delta - cOld * s * gamma
    const alpha1 = Math.hypot(alpha0, gammaNew)
    const alpha2 = s * delta + cOld * c * gamma
    const alpha3 = sOld * gamma
    largest = Math.max(largest, scale)
    if (!(alpha1 > SINGULAR * largest)) {
      if (h.length === 0) return yield* end(yield* watch.stop('breakdown', i))
      yield* watch.renew()
      yield* abandon()
      i--
      continue
    }
    ;[cOld, c, sOld, s] = [c, alpha0 / alpha1, s, gammaNew / alpha1]
    k.axpby(-alpha2 / alpha1, w, -alpha3 / alpha1, wOld)
    k.axpy(1 / alpha1, z, wOld)
    ;[w, wOld] = [wOld, w]
    fOld = h.map((hj, j) => (hj - alpha2 * f[j]! - alpha3 * fOld[j]!) / alpha1)
    ;[f, fOld] = [fOld, f]
    k.axpy(c * eta, w, x)
    for (let j = 0; j < t.length; j++) t[j]! -= c * eta * f[j]!
    eta *= -s
    k.axpby(gammaNew > 0 ? (c * eta) / gammaNew : 0, v, s * s, r)
    ;[z, q] = [q, z]
    ;[gammaOld, gamma] = [gamma, gammaNew]

    const broken = yield* watch.after(i + 1, Math.sqrt(k.dot(r, r)))
    if (broken) return yield* end(broken)
  }

  function* open(): Steps<void> {
    ready = true
    for (let at = 0; at < given.length; at += n) yield* space.append(given.subarray(at, at + n), AM)
    drift = yield* space.drift(images)
    yield* projection.open(AM)
    window.inherit()
    ;[h, f, fOld, t] = [0, 0, 0, 0].map(() => new Float64Array(space.count)) as [typeof h, typeof f, typeof h, typeof t]
  }

  function* abandon(): Steps<void> {
    yield* window.close()
    space.count = 0
    h = f = fOld = t = new Float64Array(0)
  }

  /** z = M^-1 v; returns v . z */
  function* applyM(v: Float64Array, z: Float64Array): Steps<number> {
    const dot = yield* precondition(k, M, v, z)
    watch.preconditioner++
    yield tick
    return dot
  }

  function* refuse(square: number, Mv: Float64Array, i: number): Steps<RecycledOutcome> {
    const reason = named(square, k.dot(v, v), k.dot(Mv, Mv), 'indefinite-preconditioner')
    return yield* end(yield* watch.stop(reason, i))
  }
}
