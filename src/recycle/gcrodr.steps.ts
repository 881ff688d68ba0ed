import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { orthonormalise } from '../krylov/arnoldi.steps.ts'
import { basisSubtract } from '../krylov/basis.steps.ts'
import { HessenbergLeastSquares } from '../krylov/hessenberg.ts'
import { RightPreconditioned } from '../krylov/right-preconditioned.steps.ts'
import type { Outcome, Stopping } from '../krylov/stopping.ts'
import { Watch } from '../krylov/watch.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { Recycled } from './recycled.steps.ts'

const FIRST = 4 // vectors that show whether a space is of another problem

/**
 * Where a renewal put less than this share of C in place of another, the space stays as it is for so many cycles, an even
 * number: residuals of restarted cycles alternate (Baker, Jessup and Manteuffel 2005), and every second one shows the same half
 * of what is missing. Products are as many, and two thirds of the vectors' work at the end of cycles go.
 */
const SETTLED = 0.05
const REST = 2
const SLOW = 0.9 // of the residual left by a cycle: not with this space

/** An outcome with the subspace that is left: A M^-1 U = C, C orthonormal, vectors one after the other. */
export interface RecyclingOutcome extends Outcome {
  readonly U: Float64Array
  readonly C: Float64Array
  /** Mean sine of the angles between the images of the space that was given, then and now; NaN where none was. */
  readonly drift: number
  /** The same for its first vectors; beyond `strange` the others were left alone, and the space was not used. */
  readonly early: number
  /** Vectors that were read or written besides products and M, and those of the last renewal, which serves what comes next. */
  readonly moved: number
  readonly renewal: number
}

/**
 * GCRO-DR (Parks, de Sturler, Mackey, Johnson and Maiti 2006), preconditioned on the right, so that U lies in the
 * preconditioned space: x += M^-1 (U t + V y). A cycle is `restart` - k steps of Arnoldi's process with I - C C^T, where
 * A M^-1 [U V] = [C V+] G; it ends with U spanning the `recycle` harmonic Ritz vectors of smallest absolute value. A given
 * space is only taken for a guess: its images are computed anew. A drift of its first
 * vectors beyond `strange` shows that it is of another problem: it is dropped. Where nothing is to `keep`, the last cycle ends without that,
 * and U and C are empty. Workspace: (restart + recycle + 4) n.
 */
export function* gcrodrSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  restart: number,
  recycle: number,
  given: Float64Array,
  images: Float64Array,
  keep: boolean,
  strange: number,
): Steps<RecyclingOutcome> {
  const n = b.length
  const r = float64(n)
  const space = new Recycled(k, n, restart, recycle)
  const { W, U } = space
  const h = new Float64Array(restart + 1)
  const t = new Float64Array(restart) // coefficients of U, then of V
  const held = new Float64Array(restart) // part of them that x has already
  const none = new Float64Array(1)
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const AM = new RightPreconditioned(k, A, M, n, watch)
  const least = new HessenbergLeastSquares(restart)
  let [drift, early] = [Number.NaN, Number.NaN]
  let spent = false
  let [before, exhausted] = [0, false]
  let rest = 0 // cycles until the space is renewed

  watch.present = function* () {
    const c = space.count
    space.moved += c + least.count + 4
    least.solve(t.subarray(c))
    space.coefficients(t, least.count)
    const step = t.slice(0, c + least.count).map((ti, i) => held[i]! - ti)
    held.set(t.subarray(0, step.length))
    if (step.every(change => change === 0)) return
    r.fill(0)
    yield* basisSubtract(k, U.subarray(0, c * n), step.subarray(0, c), r, none)
    yield* basisSubtract(k, W.subarray(c * n, step.length * n), step.subarray(c), r, none)
    yield* AM.correct(r, x)
  }
  const end = function* (outcome: Outcome): Steps<RecyclingOutcome> {
    const { operator, preconditioner } = watch
    const { moved } = space
    if (keep) yield* space.renew(least.count)
    const left = keep ? space.count * n : 0
    const found = { U: U.slice(0, left), C: W.slice(0, left), drift, early, moved, renewal: space.moved - moved }
    return { ...least.in(outcome), operator, preconditioner, ...found }
  }

  yield* watch.start()
  for (let i = 0, j = 0; ; i++, j++) {
    if (j === restart - space.count) {
      yield* watch.renew()
      // all directions were searched, in vain
      if (exhausted && !(watch.norm < before / 2)) return yield* end(yield* watch.stop('stagnated', i))
    }
    const ended = yield* watch.ended(i)
    if (ended) return yield* end(ended)
    if (watch.restart()) {
      if (!(watch.norm < SLOW * before)) rest = 0
      before = watch.norm
      if (i === 0 && space.count === 0) {
        for (let at = 0; at < given.length && !(early > strange); at += n) {
          yield* space.append(given.subarray(at, at + n), AM)
          if (at === Math.min(FIRST * n, given.length) - n) early = yield* space.drift(images)
        }
        drift = yield* space.drift(images)
        if (early > strange) space.count = 0
      }
      if (rest > 0) rest--
      else if (least.count > 0) {
        yield* space.renew(least.count)
        rest = space.changed < SETTLED ? REST : 0
      }
      j = 0
      held.fill(0)
      k.axpby(1, r, 0, space.next(0))
      const beta = yield* orthonormalise(k, W, n, space.count, h)
      if (!(beta < Number.POSITIVE_INFINITY)) return yield* end(yield* watch.stop('not-finite', i))
      space.begin(h)
      least.begin(beta)
      if (beta === 0) {
        // r lies in the space, or so it seems: once
        if (spent) return yield* end(yield* watch.stop('breakdown', i))
        spent = true
        yield* watch.renew()
        i--
        continue
      }
      spent = false
    }

    yield* AM.image(space.next(j), space.next(j + 1))
    const left = yield* orthonormalise(k, W, n, space.count + j + 1, h)
    if (!(left < Number.POSITIVE_INFINITY)) return yield* end(yield* watch.stop('not-finite', i))
    if (!least.push(h.subarray(space.count))) return yield* end(yield* watch.stop('breakdown', i + 1))
    space.push(h, j)

    const broken = yield* watch.after(i + 1, least.residual)
    if (broken) return yield* end(broken)
    exhausted = left === 0 || space.count + j + 1 === n
    if (exhausted) j = restart - space.count - 1
  }
}
