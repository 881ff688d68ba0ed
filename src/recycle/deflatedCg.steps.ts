import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { tridiagonalExtremes } from '../dense/tridiagonal.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { LanczosMatrix } from '../krylov/lanczos-matrix.ts'
import type { Outcome, Stopping } from '../krylov/stopping.ts'
import { named, Watch } from '../krylov/watch.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiply, multiplyDot } from '../sparse/operator.steps.ts'
import { Deflation, type LowestSpace } from './deflation.steps.ts'
import { RitzWindow } from './ritz-window.steps.ts'

/** An outcome with the lowest eigenvectors that were found, approximately A-orthonormal, one after the other. */
export interface DeflatedOutcome extends Outcome, LowestSpace {}

/**
 * Deflated conjugate gradients (Saad, Yeung, Erhel and Guyomarc'h 2000): the residual is kept orthogonal to a given space W,
 * every direction A-orthogonal to it, so that the eigenvalues W covers delay nothing. Its images are computed anew. On the
 * way eigCG's window (Stathopoulos and Orginos 2010) takes the `eigenvectors` lowest Ritz vectors of what is left; W and these
 * together give the `recycle` lowest ones, the space that is returned. Workspace: (4 recycle + basis + 5) n.
 */
export function* deflatedCgSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  eigenvectors: number,
  basis: number,
  recycle: number,
  given: Float64Array,
): Steps<DeflatedOutcome> {
  const n = b.length
  const [r, p, q, z] = [float64(n), float64(n), float64(n), float64(n)]
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const W = new Deflation(k, n, recycle)
  const window = new RitzWindow(k, n, basis, eigenvectors)
  const lanczos = new LanczosMatrix()
  let [rho, alpha, steepest, ready] = [0, 1, 0, false]

  const image = function* (w: Float64Array, Aw: Float64Array): Steps<void> {
    watch.operator++
    yield* multiply(k, A, w, Aw)
  }
  const apply = function* (r: Float64Array, z: Float64Array): Steps<number> {
    watch.preconditioner++
    const dot = yield* precondition(k, M, r, z)
    yield tick
    return dot
  }
  const end = function* (outcome: Outcome): Steps<DeflatedOutcome> {
    const ended = lanczos.in(outcome)
    const { largest } = tridiagonalExtremes(ended.diagonal, ended.offDiagonal)
    const found = yield* W.lowest(recycle, yield* window.pairs(), largest > 0 ? 1 / largest : 0, apply)
    const { operator, preconditioner } = watch
    return { ...ended, operator, preconditioner, ...found }
  }

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return yield* end(ended)
    const restarted = watch.restart()
    if (restarted && !ready) {
      ready = true
      for (let at = 0; at < given.length && W.count < recycle; at += n)
        yield* W.append(given.subarray(at, at + n), image)
      if (W.count > 0) {
        yield* W.correct(x, r)
        yield* watch.renew()
        i--
        continue
      }
    }
    if (restarted) yield* W.correct(x, r)
    if (restarted && i > 0) window.close()

    const rz = yield* apply(r, z)
    if (!(rz > 0 && rz < Number.POSITIVE_INFINITY))
      return yield* end(yield* watch.stop(named(rz, k.dot(r, r), k.dot(z, z), 'indefinite-preconditioner'), i))
    const beta = restarted ? 0 : rz / rho
    rho = rz
    yield* window.push(z, rho, -Math.sqrt(beta) / alpha)
    k.axpby(1, z, beta, p)
    yield* W.deflate(z, p)
    yield tick

    const curvature = yield* multiplyDot(k, A, p, q)
    watch.operator++
    steepest = Math.max(steepest, curvature / rho)
    if (!(curvature > Number.EPSILON * steepest * rho && curvature < Number.POSITIVE_INFINITY))
      return yield* end(yield* watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), 'indefinite-operator'), i))
    window.curvature(curvature / rho + beta / alpha)
    alpha = rho / curvature
    const norm = Math.sqrt(k.advance(alpha, p, q, x, r))
    lanczos.step(alpha, beta, restarted)

    const broken = yield* watch.after(i + 1, norm)
    if (broken) return yield* end(broken)
  }
}
