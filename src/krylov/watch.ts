import { float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type LinearOperator, residual } from '../sparse/operator.steps.ts'
import { project } from './nullspace.steps.ts'
import { CHECKPOINT, DIVERGED, type Outcome, patience, type Reason, SLOW, STALLED, type Stopping } from './stopping.ts'

/**
 * Where every solver of A x = b ends, and how it is named. The solver keeps `norm`, the norm of its own residual r;
 * on apparent convergence the true one is computed, and where the target is not met it replaces r, from which the
 * solver restarts (van der Vorst and Ye 2000). Workspace: 1n.
 */
export class Watch {
  /** Norm of the solver's residual r. */
  norm = 0
  /** Products with A, applications of the preconditioner: counted by the solver. */
  operator = 0
  preconditioner = 0
  /** Brings x up to date, where the solver keeps it in another numbering, or in pieces. */
  present: () => Steps<void> = function* () {}
  readonly #k: Kernels
  readonly #A: LinearOperator
  readonly #b: Float64Array
  readonly #x: Float64Array
  readonly #N: Float64Array
  readonly #r: Float64Array
  readonly #stopping: Stopping
  readonly #checkpoint: Float64Array
  readonly #history: number[] = []
  readonly #size: number
  readonly target: number
  readonly #lowest: number
  #verified = true
  #fresh = true
  #reachable = true
  #lastTruth = Number.POSITIVE_INFINITY
  #limit = 0
  #best = 0
  #before = 0 // the norm SLOW iterations ago
  #bestAt = 0
  #kept = Number.POSITIVE_INFINITY // norm of the residual of an x that was kept

  constructor(
    k: Kernels,
    A: LinearOperator,
    b: Float64Array,
    x: Float64Array,
    N: Float64Array,
    r: Float64Array,
    stopping: Stopping,
  ) {
    this.#k = k
    this.#A = A
    this.#b = b
    this.#x = x
    this.#N = N
    this.#r = r
    this.#stopping = stopping
    this.#checkpoint = float64(b.length)
    this.#size = Math.sqrt(k.dot(b, b))
    this.target = Math.max(stopping.rtol * this.#size, stopping.atol)
    this.#lowest = Math.max(this.target, Number.EPSILON * this.#size)
  }

  /** r = b - A x for the first guess. */
  *start(): Steps<void> {
    if (this.#stopping.warm) yield* this.#trueResidual()
    else {
      this.#r.set(this.#b)
      this.norm = this.#size
      this.#project()
    }
    this.#limit = DIVERGED * Math.max(this.norm, this.#size)
    this.#best = this.norm
    this.#before = this.norm
    this.#checkpoint.set(this.#x)
    if (this.#stopping.history) this.#history.push(this.norm)
  }

  /**
   * Before iteration i: whether the solution is there, or nothing more will come. Where the target is below the rounding
   * of b, the solver's own residual goes on falling after the true one has stopped: from there on it proves nothing.
   */
  *ended(i: number): Steps<Outcome | undefined> {
    if (this.norm <= this.#lowest || !this.#reachable) {
      if (!this.#verified) yield* this.#trueResidual()
      if (this.norm <= this.target) return this.#end('converged', i)
      if (!(this.norm < this.#lastTruth / 2 && this.#reachable)) return this.#end('stagnated', i)
      this.#lastTruth = this.norm
      this.#best = this.norm
      this.#bestAt = i
      this.#fresh = true
    }
    if (i - this.#bestAt > patience(this.#x.length)) return yield* this.stop('stagnated', i)
    if (i === this.#stopping.maxIterations) return yield* this.stop('max-iterations', i)
    return undefined
  }

  /** Whether the solver has to (re)start from r: at the beginning, and after the true residual replaced it. */
  restart(): boolean {
    const fresh = this.#fresh
    this.#fresh = false
    return fresh
  }

  /** r = b - A x: the solver restarts from it. */
  *renew(): Steps<void> {
    yield* this.#trueResidual()
    this.#fresh = true
  }

  /** After iteration i (from 1), which left `norm`: what cannot go on ends here. */
  *after(i: number, norm: number): Steps<Outcome | undefined> {
    this.norm = norm
    this.#verified = false
    if (this.#stopping.history) this.#history.push(norm)
    if (!(norm <= this.#limit)) {
      yield* this.present()
      this.#x.set(this.#checkpoint)
      return yield* this.stop(norm < Number.POSITIVE_INFINITY ? 'diverged' : 'not-finite', i)
    }
    if (norm < STALLED * this.#best) {
      this.#best = norm
      this.#bestAt = i
    }
    if (i % CHECKPOINT === 0 && this.#kept === Number.POSITIVE_INFINITY) {
      yield* this.present()
      this.#checkpoint.set(this.#x)
    }
    if (this.#stopping.slow > 0 && i % SLOW === 0) {
      if (norm > this.#stopping.slow * this.#before && norm > this.#lowest) return yield* this.stop('stagnated', i)
      this.#before = norm
    }
    return (yield* iterate(i, norm)) ? yield* this.stop('time-limit', i) : undefined
  }

  /** Keeps x, the first time it is told to: where what follows makes the residual no smaller, it may only spoil x. */
  keep(): void {
    if (this.#kept < Number.POSITIVE_INFINITY) return
    this.#checkpoint.set(this.#x)
    this.#kept = this.norm
  }

  /** Ends with the true residual; an answer that meets the target is one, however the iteration ended. */
  *stop(reason: Reason, iterations: number): Steps<Outcome> {
    if (!this.#verified) yield* this.#trueResidual()
    const finite = this.norm < Number.POSITIVE_INFINITY
    if (!finite || this.norm > STALLED * this.#kept) {
      this.#x.set(this.#checkpoint)
      yield* this.#trueResidual()
    }
    if (!finite) return this.#end('not-finite', iterations)
    return this.#end(this.norm <= this.target ? 'converged' : reason, iterations)
  }

  *#trueResidual(): Steps<void> {
    yield* this.present()
    this.operator++
    this.#verified = true
    this.norm = Math.sqrt(yield* residual(this.#k, this.#A, this.#x, this.#b, this.#r))
    this.#project()
  }

  /** Takes the null space out of r; where that was nearly all of it, what is left can never meet the target. */
  #project(): void {
    if (this.#N.length === 0) return
    project(this.#k, this.#N, this.#r)
    const rest = Math.sqrt(this.#k.dot(this.#r, this.#r))
    this.#reachable = !(rest <= this.#lowest && Math.sqrt(this.norm ** 2 - rest ** 2) > this.#lowest)
  }

  #end(reason: Reason, iterations: number): Outcome {
    return {
      reason,
      iterations,
      residualNorm: this.norm,
      operator: this.operator,
      preconditioner: this.preconditioner,
      history: Float64Array.from(this.#history),
      diagonal: new Float64Array(0),
      offDiagonal: new Float64Array(0),
    }
  }
}

/**
 * A form v.w that should be positive and is not, given v.v and w.w: beyond rounding the matrix is indefinite, else it
 * broke down.
 */
export function named(form: number, vv: number, ww: number, indefinite: Reason): Reason {
  const rounding = Number.EPSILON * Math.sqrt(vv) * Math.sqrt(ww)
  if (!(Math.abs(form) < Number.POSITIVE_INFINITY && rounding < Number.POSITIVE_INFINITY)) return 'not-finite'
  return form < -rounding ? indefinite : 'breakdown'
}
