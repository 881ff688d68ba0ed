import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiply } from '../sparse/operator.steps.ts'
import { orthonormalise } from './arnoldi.steps.ts'
import { basisSubtract } from './basis.steps.ts'
import { HessenbergLeastSquares } from './hessenberg.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { Watch } from './watch.ts'

/** Where the preconditioner stands; `flexible` is on the right, every M^-1 v_j kept, since M may change. */
export type Side = 'right' | 'left' | 'flexible'

/**
 * Solves A x = b, A square, by the generalised minimum residual method, restarted: Saad and Schultz 1986; Saad 1993 where
 * flexible. With M on the right the residual that is minimised is the true one; on the left it is M^-1 r, and the true one
 * is taken to fall in proportion until it is computed. Workspace: (restart + 4) n, flexible (2 restart + 4) n.
 */
export function* gmresSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  restart: number,
  side: Side,
): Steps<Outcome> {
  const n = b.length
  const plain = typeof M !== 'function' && M.kind === 'identity'
  const V = float64((restart + 1) * n)
  const Z = side === 'flexible' && !plain ? float64(restart * n) : V // what x is made of
  const vector = (block: Float64Array, j: number) => block.subarray(j * n, (j + 1) * n)
  const [r, z] = [float64(n), float64(n)]
  const h = new Float64Array(restart + 1)
  const y = new Float64Array(restart)
  const held = new Float64Array(restart) // part of y that x has already
  const none = new Float64Array(1)
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const least = new HessenbergLeastSquares(restart)
  let unit = 1 // of the true residual in the one that is minimised

  watch.present = function* () {
    const count = least.count
    least.solve(y)
    const step = y.slice(0, count).map((yj, j) => held[j]! - yj)
    held.set(y.subarray(0, count))
    if (step.every(change => change === 0)) return
    if (plain || side !== 'right') return yield* basisSubtract(k, Z.subarray(0, count * n), step, x, none)
    r.fill(0)
    yield* basisSubtract(k, V.subarray(0, count * n), step, r, none)
    yield* applyM(r, z)
    k.axpy(1, z, x)
  }

  yield* watch.start()
  for (let i = 0, j = 0; ; i++, j++) {
    if (j === restart) yield* watch.renew()
    const ended = yield* watch.ended(i)
    if (ended) return least.in(ended)
    if (watch.restart()) {
      j = 0
      held.fill(0)
      if (plain || side !== 'left') V.set(r)
      else yield* applyM(r, vector(V, 0))
      const beta = yield* orthonormalise(k, V, n, 0, h)
      if (!(beta > 0 && beta < Number.POSITIVE_INFINITY))
        return least.in(yield* watch.stop(beta === 0 ? 'breakdown' : 'not-finite', i))
      unit = watch.norm / beta
      least.begin(beta)
    }

    yield* expand(vector(V, j), vector(Z, j), vector(V, j + 1))
    const left = yield* orthonormalise(k, V, n, j + 1, h)
    if (!(left < Number.POSITIVE_INFINITY)) return least.in(yield* watch.stop('not-finite', i))
    if (!least.push(h)) return least.in(yield* watch.stop('breakdown', i + 1))

    const broken = yield* watch.after(i + 1, unit * least.residual)
    if (broken) return least.in(broken)
    if (left === 0) j = restart - 1 // the space is exhausted
  }

  /** w = A M^-1 v, or M^-1 A v; `kept` is M^-1 v where that is kept */
  function* expand(v: Float64Array, kept: Float64Array, w: Float64Array): Steps<void> {
    watch.operator++
    if (plain) return yield* multiply(k, A, v, w)
    if (side === 'left') {
      yield* multiply(k, A, v, z)
      return yield* applyM(z, w)
    }
    const preconditioned = side === 'flexible' ? kept : z
    yield* applyM(v, preconditioned)
    yield* multiply(k, A, preconditioned, w)
  }

  function* applyM(v: Float64Array, to: Float64Array): Steps<void> {
    watch.preconditioner++
    yield* precondition(k, M, v, to)
    yield tick
  }
}
