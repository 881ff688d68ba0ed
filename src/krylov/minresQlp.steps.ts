import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiply, multiplyDot } from '../sparse/operator.steps.ts'
import { basisCombine } from './basis.steps.ts'
import { project } from './nullspace.steps.ts'
import { Qlp } from './qlp.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { named, Watch } from './watch.ts'

/** An outcome with || A M^-1 (b - A x) ||, recomputed: zero at a least-squares solution. */
export interface QlpOutcome extends Outcome {
  readonly normalNorm: number
}

/** || A r || / (|| A || || r ||) at which r is split: its part outside the null space is lost beyond the root of eps. */
const BLURRED = 1e-7

/** How much smaller than rtol it is made in the end, since x may be that much worse. */
const BETTER = 1e-5

/** Diagonal entry of L, as a share of A's norm, that makes the last coefficient there one of the null space. */
const SINGULAR = 1e-10

/** What cannot be had. */
const LEAST = 1e-14

/**
 * Solves A x = b, or minimises || b - A x ||, A symmetric and perhaps singular, M positive definite, by MINRES-QLP: Choi, Paige
 * and Saunders 2011. Without M the x of least norm is found: what it has along the residual, which then lies in the null space,
 * is taken out (Liu, Milzarek and Roosta 2023). As the residual cannot be told from its part in the null space beyond the root
 * of eps, its other part c is found from A c = A r, and x is corrected by A dx = c: both are consistent. The vectors x_(k-2),
 * w_(k-2), w_(k-1), v_k stand one after the other, so that a step is one product with a 4 x 3 matrix. Workspace: 9n.
 */
export function* minresQlpSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  N: Float64Array,
  stopping: Stopping,
): Steps<QlpOutcome> {
  const n = b.length
  const plain = typeof M !== 'function' && M.kind === 'identity' && N.length === 0
  const [r, q] = [float64(n), float64(n)]
  let [v, vOld] = [float64(n), float64(n)]
  const W = float64(4 * n)
  const [W3, z] = [W.subarray(0, 3 * n), W.subarray(3 * n)]
  const watch = new Watch(k, A, b, x, N, r, stopping)
  const qlp = new Qlp()
  const aim = Math.max(BETTER * stopping.rtol, LEAST)
  let [gamma, gammaOld] = [0, 1]
  let stale = false // whether x is to be made from W
  let splitting = false // whether A c = A r is being solved
  let rest = 0 // || r - c ||, the part of the residual that stays, in the norm of M^-1
  let [stays, unit] = [0, 0] // in the 2-norm, that and the rest's unit; 0 where r itself is kept
  let total = 0 // || r ||, when it was split
  let normalNorm = Number.POSITIVE_INFINITY

  watch.present = function* () {
    if (stale) yield* present(x)
    stale = false
  }
  W.set(x)
  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = splitting ? undefined : yield* watch.ended(i)
    if (ended) return yield* finish(ended)
    if (watch.restart()) {
      v.set(r)
      rest = unit = 0
      const square = yield* begin(x)
      if (!(square > 0 && square < Number.POSITIVE_INFINITY)) return yield* refuse(square, i)
    }

    k.axpby(1 / gamma, q, 0, z)
    const alpha = yield* multiplyDot(k, A, z, q)
    watch.operator++
    if (!(Math.abs(alpha) < Number.POSITIVE_INFINITY)) return yield* finish(yield* watch.stop('not-finite', i))
    k.axpby(-alpha / gamma, v, -gamma / gammaOld, vOld)
    k.axpy(1, q, vOld)
    ;[v, vOld] = [vOld, v]
    const square = yield* applyM(v)
    const scale = Math.abs(alpha) + gamma
    if (!(square > -Number.EPSILON * scale * scale && square < Number.POSITIVE_INFINITY))
      return yield* refuse(square, i)
    gammaOld = gamma
    gamma = Math.sqrt(Math.max(square, 0))
    qlp.push(alpha, gamma)
    if (splitting) k.axpby(1 / gammaOld, vOld, 0, z)
    yield* basisCombine(k, W, qlp.step, 0, W3, n)
    stale = !splitting
    const broken = yield* watch.after(i + 1, splitting ? watch.norm : residualNorm())
    if (broken) return yield* finish(broken)
    if (splitting) {
      const enough = qlp.phi <= aim * qlp.size * total || qlp.singular || i + 1 >= stopping.maxIterations
      if (enough) yield* solve()
    } else if (qlp.singular || qlp.normal <= share() * qlp.size * Math.hypot(qlp.phi, rest)) {
      const before = normalNorm
      qlp.drop(SINGULAR)
      stale = true
      yield* watch.renew()
      if (yield* shorten()) yield* watch.renew()
      normalNorm = yield* normal()
      if (isLeast(aim) || !(normalNorm < before / 2)) return yield* finish(yield* watch.stop('stagnated', i + 1))
      if (i + 1 < stopping.maxIterations) yield* split()
    }
  }

  /** || b - A x ||_2, as far as it is known. */
  function residualNorm(): number {
    if (plain) return Math.hypot(qlp.phi, rest)
    if (unit > 0) return Math.hypot(unit * qlp.phi, stays)
    k.axpby(gamma > 0 ? (-qlp.c * qlp.phi) / gamma : 0, v, qlp.s ** 2, r)
    return Math.sqrt(k.dot(r, r))
  }

  /** What ends this part of the iteration. */
  function share(): number {
    return rest > 0 ? aim : Math.max(aim, BLURRED)
  }

  /** A c = A r: z holds the right-hand side. */
  function* split(): Steps<void> {
    watch.restart()
    splitting = true
    total = Math.sqrt(k.dot(r, q))
    v.set(z)
    yield* begin()
  }

  /** A dx = c */
  function* solve(): Steps<void> {
    yield* present(v)
    k.axpy(-1, v, r)
    rest = Math.sqrt(Math.max(0, yield* applyM(r)))
    stays = Math.sqrt(k.dot(r, r))
    splitting = false
    unit = Math.sqrt(k.dot(v, v)) / Math.sqrt(yield* begin(x))
  }

  /** Starts from v, and from x; returns v . M^-1 v. */
  function* begin(x?: Float64Array): Steps<number> {
    W.fill(0)
    if (x !== undefined) W.set(x)
    vOld.fill(0)
    const square = yield* applyM(v)
    gamma = Math.sqrt(square)
    gammaOld = 1
    stale = false
    qlp.begin(gamma)
    return square
  }

  /** x = W u */
  function* present(x: Float64Array): Steps<void> {
    yield* basisCombine(k, W3, Float64Array.of(1, qlp.ul, qlp.u), 0, x, n)
  }

  /** q = M^-1 v; returns v . q */
  function* applyM(v: Float64Array): Steps<number> {
    const dot = yield* precondition(k, M, v, q)
    watch.preconditioner++
    yield tick
    if (N.length === 0) return dot
    project(k, N, q)
    return k.dot(v, q)
  }

  /** z = A M^-1 r; returns its norm. */
  function* normal(): Steps<number> {
    yield* applyM(r)
    watch.operator++
    yield* multiply(k, A, q, z)
    return Math.sqrt(k.dot(z, z))
  }

  /** Takes out what x has along r, where that belongs to the null space: whether it did. */
  function* shorten(): Steps<boolean> {
    if (N.length > 0) return false
    const size = yield* normal()
    const along = k.dot(x, r) / k.dot(r, q)
    if (!(Math.abs(along) * size <= (rest === 0 ? 10 : 0.1) * watch.norm)) return false
    k.axpy(-along, q, x)
    W.set(x)
    qlp.ul = qlp.u = 0
    return true
  }

  function isLeast(share: number): boolean {
    return normalNorm <= share * qlp.size * watch.norm
  }

  function* refuse(square: number, i: number): Steps<QlpOutcome> {
    const reason = named(square, k.dot(v, v), k.dot(q, q), 'indefinite-preconditioner')
    return yield* finish(yield* watch.stop(reason, i))
  }

  /** With what is known of A. */
  function* finish(outcome: Outcome): Steps<QlpOutcome> {
    normalNorm = outcome.reason === 'not-finite' ? Number.NaN : yield* normal()
    const reason = outcome.reason === 'stagnated' && isLeast(stopping.rtol) ? 'least-squares' : outcome.reason
    const { operator, preconditioner } = watch
    const counted = { ...outcome, reason, operator, preconditioner, normalNorm }
    if (!(qlp.size > 0)) return counted
    return { ...counted, diagonal: Float64Array.of(qlp.smallest, qlp.size), offDiagonal: new Float64Array(1) }
  }
}
