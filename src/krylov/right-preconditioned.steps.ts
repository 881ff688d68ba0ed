import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { backward, forward, isIdentity, precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiply } from '../sparse/operator.steps.ts'
import type { Watch } from './watch.ts'

/** A M^-1, for the solvers that work in the space M maps from; `watch` counts. Workspace: n. */
export class RightPreconditioned {
  /** Whether M is the identity. */
  readonly plain: boolean
  readonly #k: Kernels
  readonly #A: LinearOperator
  readonly #M: AnyPreconditioner
  readonly #watch: Watch
  readonly #z: Float64Array
  #y: Float64Array | undefined

  constructor(k: Kernels, A: LinearOperator, M: AnyPreconditioner, n: number, watch: Watch) {
    this.plain = isIdentity(M)
    this.#k = k
    this.#A = A
    this.#M = M
    this.#watch = watch
    this.#z = float64(n)
  }

  /** w = A M^-1 v; `kept` gets M^-1 v, unless M is the identity. */
  *image(v: Float64Array, w: Float64Array, kept = this.#z): Steps<void> {
    if (!this.plain) yield* this.apply(v, kept)
    yield* this.product(this.plain ? v : kept, w)
  }

  /** x += M^-1 s */
  *correct(s: Float64Array, x: Float64Array): Steps<void> {
    if (!this.plain) yield* this.apply(s, this.#z)
    this.#k.axpy(1, this.plain ? s : this.#z, x)
  }

  /** w = M^-1 A v */
  *fromLeft(v: Float64Array, w: Float64Array): Steps<void> {
    yield* this.product(v, this.plain ? w : this.#z)
    if (!this.plain) yield* this.apply(this.#z, w)
  }

  /** w = M1^-1 A M2^-1 v, M = M1 M2 a factorization. Workspace: n more. */
  *between(v: Float64Array, w: Float64Array): Steps<void> {
    this.#y ??= float64(v.length)
    this.#watch.preconditioner++
    yield* backward(this.#k, this.#M, v, this.#z)
    yield* this.product(this.#z, this.#y)
    yield* forward(this.#k, this.#M, this.#y, w)
    yield tick
  }

  /** w = M1^-1 r */
  *enter(r: Float64Array, w: Float64Array): Steps<void> {
    yield* forward(this.#k, this.#M, r, w)
  }

  /** x += M2^-1 s */
  *leave(s: Float64Array, x: Float64Array): Steps<void> {
    yield* backward(this.#k, this.#M, s, this.#z)
    this.#k.axpy(1, this.#z, x)
  }

  /** w = A v */
  *product(v: Float64Array, w: Float64Array): Steps<void> {
    this.#watch.operator++
    yield* multiply(this.#k, this.#A, v, w)
  }

  /** z = M^-1 v */
  *apply(v: Float64Array, z: Float64Array): Steps<void> {
    this.#watch.preconditioner++
    yield* precondition(this.#k, this.#M, v, z)
    yield tick
  }
}
