import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { isOperator, type LinearOperator, multiplyDot } from '../sparse/operator.steps.ts'
import { diagonalCgSteps } from './diagonal-cg.steps.ts'
import { eisenstatCgSteps, relaxationOf } from './eisenstat-cg.steps.ts'
import { LanczosMatrix } from './lanczos-matrix.ts'
import { project } from './nullspace.steps.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { named, Watch } from './watch.ts'

/**
 * Solves A x = b, A symmetric positive (semi)definite, by preconditioned conjugate gradients: Hestenes and Stiefel
 * 1952; Golub and Van Loan, Algorithm 11.5.1. A step in a direction of numerically no curvature is a breakdown: its
 * Rayleigh quotient is compared with the largest one met.
 */
export function* cgSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  N: Float64Array,
  stopping: Stopping,
): Steps<Outcome> {
  const d = diagonalOf(M)
  if (d !== undefined && N.length === 0 && !isOperator(A)) return yield* diagonalCgSteps(k, A, b, x, d, stopping)
  if (N.length === 0 && !isOperator(A)) {
    const found = yield* relaxationOf(k, A, M)
    if (found !== undefined) return yield* eisenstatCgSteps(k, A, b, x, found.factor, found.omega, stopping)
  }
  const n = b.length
  const r = float64(n)
  const p = float64(n)
  const q = float64(n)
  const z = float64(n)
  const watch = new Watch(k, A, b, x, N, r, stopping)
  const lanczos = new LanczosMatrix()
  let rho = 0
  let steepest = 0

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return lanczos.in(ended)
    const restarted = watch.restart()

    let rz = yield* precondition(k, M, r, z)
    watch.preconditioner++
    if (N.length > 0) {
      project(k, N, z)
      rz = k.dot(r, z)
    }
    yield tick
    if (!(rz > 0 && rz < Number.POSITIVE_INFINITY))
      return lanczos.in(yield* watch.stop(named(rz, k.dot(r, r), k.dot(z, z), 'indefinite-preconditioner'), i))
    const beta = restarted ? 0 : rz / rho
    rho = rz
    k.axpby(1, z, beta, p)
    yield tick

    const curvature = yield* multiplyDot(k, A, p, q)
    watch.operator++
    steepest = Math.max(steepest, curvature / rho)
    if (!(curvature > Number.EPSILON * steepest * rho && curvature < Number.POSITIVE_INFINITY))
      return lanczos.in(yield* watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), 'indefinite-operator'), i))
    const alpha = rho / curvature
    const norm = Math.sqrt(k.advance(alpha, p, q, x, r))
    lanczos.step(alpha, beta, restarted)

    const broken = yield* watch.after(i + 1, norm)
    if (broken) return lanczos.in(broken)
  }
}

/** D where M is a diagonal, empty for the identity; undefined otherwise. */
function diagonalOf(M: AnyPreconditioner): Float64Array | undefined {
  if (typeof M === 'function') return undefined
  if (M.kind === 'identity') return new Float64Array(0)
  return M.kind === 'jacobi' ? M.inverseDiagonal : undefined
}
