import { float64 } from '../core/shared.ts'
import { iterate, type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { type LinearOperator, multiplyDot, residual } from '../sparse/operator.steps.ts'
import { project } from './nullspace.steps.ts'
import { CHECKPOINT, DIVERGED, type Outcome, patience, type Reason, type Stopping } from './stopping.ts'
import { Trace } from './trace.ts'

/**
 * Solves A x = b, A symmetric positive (semi)definite, by preconditioned conjugate gradients: Hestenes and Stiefel
 * 1952; Golub and Van Loan, Algorithm 11.5.1. On apparent convergence the true residual is computed; where it is not
 * met it replaces the recursive one and the iteration restarts from it (van der Vorst and Ye 2000).
 */
export function* cgSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  N: Float64Array,
  { rtol, atol, maxIterations, warm, history }: Stopping,
): Steps<Outcome> {
  const n = b.length
  const plain = typeof M !== 'function' && M.kind === 'identity' && N.length === 0
  const r = float64(n)
  const p = float64(n)
  const q = float64(n)
  const z = plain ? r : float64(n)
  const checkpoint = float64(n)
  const trace = new Trace(history)

  const size = Math.sqrt(k.dot(b, b))
  const target = Math.max(rtol * size, atol)
  let verified = true
  let norm = yield* trueResidual(warm)
  const limit = DIVERGED * Math.max(norm, size)
  let lastTruth = Number.POSITIVE_INFINITY
  let fresh = true
  let rho = 0
  let steepest = 0
  let best = norm
  let bestAt = 0
  checkpoint.set(x)
  trace.start(norm)

  for (let i = 0; ; i++) {
    if (norm <= target) {
      if (!verified) norm = yield* trueResidual(true)
      if (norm <= target) return trace.end('converged', i, norm)
      if (!(norm < lastTruth / 2)) return trace.end('stagnated', i, norm)
      lastTruth = norm
      fresh = true
    }
    if (i - bestAt > patience(n)) return yield* stop('stagnated', i)
    if (i === maxIterations) return yield* stop('max-iterations', i)

    if (!plain) {
      yield* precondition(k, M, r, z)
      trace.preconditioner++
      project(k, N, z)
      yield tick
    }
    const rz = plain ? norm * norm : k.dot(r, z)
    if (!(rz > 0 && rz < Number.POSITIVE_INFINITY))
      return yield* stop(named(rz, k.dot(r, r) * k.dot(z, z), 'indefinite-preconditioner'), i)
    const beta = fresh ? 0 : rz / rho
    rho = rz
    k.axpby(1, z, beta, p)
    yield tick

    const curvature = yield* multiplyDot(k, A, p, q)
    trace.operator++
    steepest = Math.max(steepest, curvature / rho)
    if (!(curvature > Number.EPSILON * steepest * rho && curvature < Number.POSITIVE_INFINITY))
      return yield* stop(named(curvature, k.dot(p, p) * k.dot(q, q), 'indefinite-operator'), i)
    const alpha = rho / curvature
    norm = Math.sqrt(k.advance(alpha, p, q, x, r))
    verified = false
    trace.step(norm, alpha, beta, fresh)
    fresh = false

    if (!(norm <= limit)) {
      x.set(checkpoint)
      return yield* stop(norm < Number.POSITIVE_INFINITY ? 'diverged' : 'not-finite', i + 1)
    }
    if (norm < best) {
      best = norm
      bestAt = i + 1
    }
    if ((i + 1) % CHECKPOINT === 0) checkpoint.set(x)
    if (yield* iterate(i + 1, norm)) return yield* stop('time-limit', i + 1)
  }

  function* trueResidual(product: boolean): Steps<number> {
    if (!product) {
      r.set(b)
      project(k, N, r)
      return size
    }
    trace.operator++
    verified = true
    const square = yield* residual(k, A, x, b, r)
    project(k, N, r)
    return Math.sqrt(square)
  }

  /** Ends with the true residual; an answer that meets the target is one, however the iteration ended. */
  function* stop(reason: Reason, iterations: number): Steps<Outcome> {
    const truth = verified ? norm : yield* trueResidual(true)
    if (truth < Number.POSITIVE_INFINITY) return trace.end(truth <= target ? 'converged' : reason, iterations, truth)
    x.set(checkpoint)
    return trace.end('not-finite', iterations, yield* trueResidual(true))
  }
}

/** A form v.w that should be positive and is not: beyond rounding the matrix is indefinite, else it broke down. */
function named(form: number, squares: number, indefinite: Reason): Reason {
  if (!(Math.abs(form) < Number.POSITIVE_INFINITY) || !(squares < Number.POSITIVE_INFINITY)) return 'not-finite'
  return form < 0 && form * form > Number.EPSILON * Number.EPSILON * squares ? indefinite : 'breakdown'
}
