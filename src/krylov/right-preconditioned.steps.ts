import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
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

  constructor(k: Kernels, A: LinearOperator, M: AnyPreconditioner, n: number, watch: Watch) {
    this.plain = typeof M !== 'function' && M.kind === 'identity'
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
