import { float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type LinearOperator, multiply, residual } from '../sparse/operator.steps.ts'
import type { LeastOutcome } from './bidiagonal.steps.ts'
import type { Stopping } from './stopping.ts'

/** What a step of a least-squares solver knows of where it is; `residual` includes damp x. */
export interface LeastNorms {
  readonly residual: number
  readonly normal: number
  readonly matrix: number
  readonly condition: number
}

/**
 * Where the least-squares solvers end: at ||b - A x|| <= max(rtol ||b||, atol), or at ||A^T r|| <= rtol ||A|| ||r||, r the
 * residual of the damped problem. On apparent convergence both are recomputed from x; where they do not hold the solver goes
 * on, and has to claim that much more. Workspace: m + n.
 */
export class LeastWatch {
  /** How much more than asked for a claim has to be. */
  #share = 1
  #size = 0
  /** The true ones, when last computed. */
  #norms = { residual: 0, normal: 0, damped: 0 }
  readonly #r: Float64Array
  readonly #g: Float64Array

  readonly k: Kernels
  readonly A: LinearOperator
  readonly At: LinearOperator
  readonly b: Float64Array
  readonly x: Float64Array
  readonly damp: number
  readonly stopping: Stopping

  constructor(
    k: Kernels,
    A: LinearOperator,
    At: LinearOperator,
    b: Float64Array,
    x: Float64Array,
    damp: number,
    stopping: Stopping,
  ) {
    this.k = k
    this.A = A
    this.At = At
    this.b = b
    this.x = x
    this.damp = damp
    this.stopping = stopping
    this.#r = float64(b.length)
    this.#g = float64(x.length)
    this.#size = Math.sqrt(k.dot(b, b))
  }

  /** Before iteration i: whether it is over. */
  *ended(i: number, norms: LeastNorms, products: number): Steps<LeastOutcome | undefined> {
    const { rtol, atol, maxIterations } = this.stopping
    const target = Math.max(rtol * this.#size, atol)
    const claimed =
      norms.residual <= this.#share * target || norms.normal <= this.#share * rtol * norms.matrix * norms.residual
    const exhausted = norms.normal <= Number.EPSILON * norms.matrix * norms.residual
    if (claimed || exhausted) {
      const found = yield* this.#truth()
      const met = found.residual <= target || found.normal <= rtol * norms.matrix * found.damped
      if (met || exhausted || this.#share < 1e-6) return this.#end(met ? 'converged' : 'stagnated', i, norms, products)
      this.#share /= 4
    }
    if (i === maxIterations) return yield* this.stop('max-iterations', i, norms, products)
    if (i > 0 && (yield* iterate(i, norms.residual))) return yield* this.stop('time-limit', i, norms, products)
    return undefined
  }

  /** Ends for another reason, unless what was asked for holds. */
  *stop(reason: LeastOutcome['reason'], i: number, norms: LeastNorms, products: number): Steps<LeastOutcome> {
    yield* this.#truth()
    return this.#end(reason, i, norms, products)
  }

  *#truth(): Steps<{ residual: number; normal: number; damped: number }> {
    const { k, x, damp } = this
    const square = yield* residual(k, this.A, x, this.b, this.#r)
    yield* multiply(k, this.At, this.#r, this.#g)
    if (damp > 0) k.axpy(-damp * damp, x, this.#g)
    const normal = Math.sqrt(k.dot(this.#g, this.#g))
    this.#norms = { residual: Math.sqrt(square), normal, damped: Math.sqrt(square + damp * damp * k.dot(x, x)) }
    return this.#norms
  }

  #end(reason: LeastOutcome['reason'], iterations: number, norms: LeastNorms, products: number): LeastOutcome {
    const { residual: residualNorm, normal: normalNorm } = this.#norms
    const finite = residualNorm < Number.POSITIVE_INFINITY
    const { matrix: matrixNorm, condition } = norms
    return {
      reason: finite ? reason : 'not-finite',
      iterations,
      residualNorm,
      normalNorm,
      matrixNorm,
      condition,
      products,
    }
  }
}
