import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { transposedNorm } from '../precondition/diagonals.steps.ts'
import type { AnyPreconditioner, DiagonalFactor } from '../precondition/kinds.ts'
import { LanczosMatrix } from './lanczos-matrix.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { named, Watch } from './watch.ts'

const SAME = 1e-12 // relative difference of two ways to compute one number
const LOOK_EVERY = 8 // iterations between computed residual norms; those between are estimates
const NEAR = 2 // from this multiple of the target on, every norm is computed

const same = (a: number, b: number): boolean => Math.abs(a - b) <= SAME * Math.abs(b)

/** The relaxation with which M is the symmetric SOR of this very A, if it is: kept by its diagonals, in double precision. */
export function* relaxationOf(
  k: Kernels,
  { pattern: { rows, rowPointers, columnIndices }, values: entries }: CsrData,
  M: AnyPreconditioner,
): Steps<{ factor: DiagonalFactor; omega: number } | undefined> {
  if (typeof M === 'function' || M.kind !== 'diagonals' || M.method !== 'ssor') return undefined
  const { plan, values } = M.upper
  const { offsets } = plan
  if (values.length === 0 || plan.rows !== rows) return undefined
  let omega = 0
  let met = 0
  const block = Math.max(1, k.grain >> 3)
  for (let i = 0; i < rows; i++) {
    if (i % block === block - 1) yield tick
    let at = rowPointers[i]!
    const end = rowPointers[i + 1]!
    while (at < end && columnIndices[at]! < i) at++
    if (at === end || columnIndices[at] !== i) return undefined
    const d = entries[at++]!
    for (; at < end; at++) {
      const offset = columnIndices[at]! - i
      const at2 = offsets.indexOf(offset)
      if (offset !== 1 && at2 < 0) return undefined
      const u = values[offset === 1 ? offsets.length * rows + i + 1 : at2 * rows + i]!
      const a = entries[at]!
      if (u !== 0) met++
      if (omega === 0 && a !== 0) omega = (u * d) / a
      if (!same(u * d, omega * a)) return undefined
    }
    if (omega !== 0 && !same(M.inverseDiagonal[i]! * d, omega * (2 - omega))) return undefined
  }
  let stored = 0
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== 0) stored++
    if (at % k.grain === k.grain - 1) yield tick
  }
  return stored === met && omega > 0 && omega < 2 ? { factor: M, omega } : undefined
}

/**
 * Conjugate gradients with symmetric SOR in Eisenstat's form (Eisenstat 1981): with M = U^T E U, D = omega (2 - omega) E and
 * A = (U^T D + D U - (2 - omega) D) / omega, the iteration on U^-T A U^-1 needs the two solves that M does and no product
 * with A. y = U^-T r, t = U^-1 E^-1 q is the direction in x. The residual that ends it is |r| = |U^T y|: computed every
 * eighth iteration, estimated by its ratio to sqrt(y . E^-1 y) between, computed again near the target; Watch has the last
 * word with b - A x. Workspace: 7n here, 5n natively.
 */
export function* eisenstatCgSteps(
  k: Kernels,
  A: CsrData,
  b: Float64Array,
  x: Float64Array,
  { upper, inverseDiagonal }: DiagonalFactor,
  omega: number,
  stopping: Stopping,
): Steps<Outcome> {
  const n = b.length
  const share = 2 - omega
  const [r, y, q, t] = [float64(n), float64(n), float64(n), float64(n)]
  const [e, v] = [float64(n), float64(n)]
  const E = inverseDiagonal.map(d => 1 / d)
  const steps = Math.ceil(n / (upper.plan.period * upper.plan.group))
  const watch = new Watch(k, A, b, x, new Float64Array(0), r, stopping)
  const lanczos = new LanczosMatrix()
  let rho = 0
  let last = 0
  let steepest = 0
  let ratio = 0

  yield* watch.start()
  for (let i = 0, looked = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return lanczos.in(ended)
    const restarted = watch.restart()
    if (restarted) {
      k.diagonalForward(upper, r, y, 0, steps)
      rho = k.scale(inverseDiagonal, y, t)
      ratio = watch.norm / Math.sqrt(rho)
    }
    watch.preconditioner++
    if (!(rho > 0 && rho < Number.POSITIVE_INFINITY))
      return lanczos.in(yield* watch.stop(named(rho, k.dot(y, y), k.dot(y, y), 'indefinite-preconditioner'), i))
    const beta = restarted ? 0 : rho / last
    last = rho
    k.axpby(1, y, beta, q)
    t.set(q)
    yield tick
    k.diagonalBackward(upper, inverseDiagonal, t, 0, steps)
    yield tick
    k.scale(E, t, e)
    k.axpby(1, q, 0, r)
    k.axpy(-share, e, r)
    k.diagonalForward(upper, r, v, 0, steps)
    yield tick
    k.axpy(1, v, e) // e + v = w / share, w = U^-T A U^-1 E^-1 q
    k.scale(inverseDiagonal, q, r)
    const curvature = share * k.dot(r, e)
    steepest = Math.max(steepest, curvature / rho)
    if (!(curvature > Number.EPSILON * steepest * rho && curvature < Number.POSITIVE_INFINITY))
      return lanczos.in(yield* watch.stop(named(curvature, k.dot(q, q), k.dot(v, v), 'indefinite-operator'), i))
    const alpha = rho / curvature
    k.advance(alpha, t, e, x, r)
    k.axpy(-alpha * share, e, y)
    rho = k.scale(inverseDiagonal, y, r)
    lanczos.step(alpha, beta, restarted)
    yield tick

    let norm = ratio * Math.sqrt(rho)
    if (stopping.history || i + 1 - looked >= LOOK_EVERY || !(norm > NEAR * watch.target)) {
      looked = i + 1
      norm = transposedNorm(upper, y)
      ratio = norm / Math.sqrt(rho)
    }
    const broken = yield* watch.after(i + 1, norm)
    if (broken) return lanczos.in(broken)
  }
}
