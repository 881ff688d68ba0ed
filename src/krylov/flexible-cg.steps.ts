import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiplyDot } from '../sparse/operator.steps.ts'
import { project } from './nullspace.steps.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { named, Watch } from './watch.ts'

/** Below this share of what it was, an orthogonalised direction is rounding error. */
const LOST = 1e-8

/** Below this cosine with the residual a preconditioned one leads nowhere; the residual itself is taken. */
const ASKEW = 1e-6

/**
 * Conjugate gradients for a preconditioner that changes from one application to the next, or is not linear: each
 * direction is made A-orthogonal to the last `memory` ones explicitly (Notay 2000, FCG(m)); the energy norm of the error
 * falls whatever the preconditioner returns. Workspace: (2 memory + 4) n.
 */
export function* flexibleCgSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  N: Float64Array,
  stopping: Stopping,
  memory: number,
): Steps<Outcome> {
  const n = b.length
  const r = float64(n)
  const z = float64(n)
  const P = Array.from({ length: memory + 1 }, () => float64(n))
  const Q = Array.from({ length: memory + 1 }, () => float64(n))
  const curvatures = new Float64Array(memory + 1)
  const watch = new Watch(k, A, b, x, N, r, stopping)
  let kept = 0

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return ended
    if (watch.restart()) kept = 0

    yield* precondition(k, M, r, z)
    watch.preconditioner++
    project(k, N, z)
    yield tick
    const slot = i % (memory + 1)
    const p = P[slot]!
    const q = Q[slot]!
    let square = k.dot(z, z)
    if (!(square < Number.POSITIVE_INFINITY)) return yield* watch.stop('not-finite', i)
    const rr = k.dot(r, r)
    if (!(k.dot(z, r) > ASKEW * Math.sqrt(square) * Math.sqrt(rr))) {
      k.axpby(1, r, 0, z)
      square = rr
    }
    k.axpby(1, z, 0, p)
    for (let m = 1; m <= kept; m++) {
      const old = (i - m) % (memory + 1)
      k.axpy(-k.dot(z, Q[old]!) / curvatures[old]!, P[old]!, p)
    }
    if (!(k.dot(p, p) > LOST * LOST * square)) {
      k.axpby(1, r, 0, p)
      kept = 0
    }
    yield tick

    const curvature = yield* multiplyDot(k, A, p, q)
    watch.operator++
    if (!(curvature > 0 && curvature < Number.POSITIVE_INFINITY))
      return yield* watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), 'indefinite-operator'), i)
    curvatures[slot] = curvature
    kept = Math.min(kept + 1, memory)
    const norm = Math.sqrt(k.advance(k.dot(p, r) / curvature, p, q, x, r))

    const broken = yield* watch.after(i + 1, norm)
    if (broken) return broken
  }
}
