import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type LinearOperator, multiply } from '../sparse/operator.steps.ts'

/** What the inside of a least-squares solver returns; x is filled in place. */
export interface LeastOutcome {
  readonly reason: 'converged' | 'max-iterations' | 'time-limit' | 'stagnated' | 'not-finite'
  readonly iterations: number
  /** Norm of b - A x, and of A^T (b - A x) - damp^2 x: true ones, recomputed. */
  readonly residualNorm: number
  readonly normalNorm: number
  /** Estimates of ||A|| (Frobenius) and of the condition number of [A; damp I]. */
  readonly matrixNorm: number
  readonly condition: number
  /** Products with A and with its transpose. */
  readonly products: number
}

/**
 * Golub and Kahan's bidiagonalization of A from the left vector b (Golub and Kahan 1965): A V = U B, U and V orthonormal, each
 * step one product with A and one with its transpose. Workspace: 2 (m + n).
 */
export class Bidiagonal {
  alpha = 0
  beta = 0
  products = 0
  readonly u: Float64Array
  readonly v: Float64Array
  readonly #k: Kernels
  readonly #A: LinearOperator
  readonly #At: LinearOperator
  readonly #mine: Float64Array
  readonly #other: Float64Array

  constructor(k: Kernels, A: LinearOperator, At: LinearOperator, m: number, n: number) {
    this.#k = k
    this.#A = A
    this.#At = At
    this.u = float64(m)
    this.v = float64(n)
    this.#mine = float64(m)
    this.#other = float64(n)
  }

  /** beta u = b, alpha v = A^T u */
  *start(b: Float64Array): Steps<void> {
    this.u.set(b)
    this.beta = this.#normalise(this.u)
    if (this.beta > 0) yield* multiply(this.#k, this.#At, this.u, this.v)
    this.products++
    this.alpha = this.#normalise(this.v)
  }

  /** beta u = A v - alpha u, alpha v = A^T u - beta v */
  *step(): Steps<void> {
    const k = this.#k
    yield* multiply(k, this.#A, this.v, this.#mine)
    k.axpby(1, this.#mine, -this.alpha, this.u)
    this.beta = this.#normalise(this.u)
    yield tick
    if (this.beta > 0) {
      yield* multiply(k, this.#At, this.u, this.#other)
      k.axpby(1, this.#other, -this.beta, this.v)
      this.alpha = this.#normalise(this.v)
    } else this.alpha = 0
    this.products += 2
    yield tick
  }

  #normalise(w: Float64Array): number {
    const size = Math.sqrt(this.#k.dot(w, w))
    if (size > 0 && size < Number.POSITIVE_INFINITY) this.#k.axpby(1 / size, w, 0, w)
    return size
  }
}
