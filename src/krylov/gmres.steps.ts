import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { orthonormalise } from './arnoldi.steps.ts'
import { basisSubtract } from './basis.steps.ts'
import { HessenbergLeastSquares } from './hessenberg.ts'
import { RightPreconditioned } from './right-preconditioned.steps.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { Watch } from './watch.ts'

/**
 * Where the preconditioner stands; `split`: half of a factorization on either side; `flexible` is on the right, every M^-1 v_j
 * kept, since M may change.
 */
export type Side = 'right' | 'left' | 'split' | 'flexible'

/**
 * Solves A x = b, A square, by the generalised minimum residual method, restarted: Saad and Schultz 1986; Saad 1993 where
 * flexible. With M on the right the residual that is minimised is the true one; on the left it is M^-1 r, where M = M1 M2
 * is split M1^-1 r, and the true one is taken to fall in proportion until it is computed. Workspace: (restart + 4) n, split
 * n more, flexible (2 restart + 4) n.
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
  const V = float64((restart + 1) * n)
  const vector = (block: Float64Array, j: number) => block.subarray(j * n, (j + 1) * n)
  const r = float64(n)
  const h = new Float64Array(restart + 1)
  const y = new Float64Array(restart)
  const held = new Float64Array(restart) // part of y that x has already
  const none = new Float64Array(1)
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const AM = new RightPreconditioned(k, A, M, n, watch)
  const flexible = side === 'flexible' && !AM.plain
  const split = side === 'split' && !AM.plain
  const Z = flexible ? float64(restart * n) : V // what x is made of
  const least = new HessenbergLeastSquares(restart)
  let unit = 1 // of the true residual in the one that is minimised

  watch.present = function* () {
    const count = least.count
    least.solve(y)
    const step = y.slice(0, count).map((yj, j) => held[j]! - yj)
    held.set(y.subarray(0, count))
    if (step.every(change => change === 0)) return
    if (AM.plain || flexible || side === 'left') return yield* basisSubtract(k, Z.subarray(0, count * n), step, x, none)
    r.fill(0)
    yield* basisSubtract(k, V.subarray(0, count * n), step, r, none)
    yield* split ? AM.leave(r, x) : AM.correct(r, x)
  }

  yield* watch.start()
  for (let i = 0, j = 0; ; i++, j++) {
    if (j === restart) yield* watch.renew()
    const ended = yield* watch.ended(i)
    if (ended) return least.in(ended)
    if (watch.restart()) {
      j = 0
      held.fill(0)
      if (split) yield* AM.enter(r, vector(V, 0))
      else if (side === 'left' && !AM.plain) yield* AM.apply(r, vector(V, 0))
      else V.set(r)
      const beta = yield* orthonormalise(k, V, n, 0, h)
      if (!(beta > 0 && beta < Number.POSITIVE_INFINITY))
        return least.in(yield* watch.stop(beta === 0 ? 'breakdown' : 'not-finite', i))
      unit = watch.norm / beta
      least.begin(beta)
    }

    if (split) yield* AM.between(vector(V, j), vector(V, j + 1))
    else if (side === 'left') yield* AM.fromLeft(vector(V, j), vector(V, j + 1))
    else yield* AM.image(vector(V, j), vector(V, j + 1), flexible ? vector(Z, j) : undefined)
    const left = yield* orthonormalise(k, V, n, j + 1, h)
    if (!(left < Number.POSITIVE_INFINITY)) return least.in(yield* watch.stop('not-finite', i))
    if (!least.push(h)) return least.in(yield* watch.stop('breakdown', i + 1))

    const broken = yield* watch.after(i + 1, unit * least.residual)
    if (broken) return least.in(broken)
    if (left === 0) j = restart - 1 // the space is exhausted
  }
}
