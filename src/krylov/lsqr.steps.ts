import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { Bidiagonal, type LeastOutcome } from './bidiagonal.steps.ts'
import { LeastWatch } from './least-watch.ts'
import type { Stopping } from './stopping.ts'

/**
 * Minimises ||b - A x||^2 + damp^2 ||x||^2 by LSQR: Paige and Saunders 1982, conjugate gradients on the normal equations without
 * forming them. From x = 0 it finds the solution of least norm. Workspace: 3 m + 4 n.
 */
export function* lsqrSteps(
  k: Kernels,
  A: LinearOperator,
  At: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  damp: number,
  stopping: Stopping,
): Steps<LeastOutcome> {
  const w = float64(x.length)
  const basis = new Bidiagonal(k, A, At, b.length, x.length)
  const watch = new LeastWatch(k, A, At, b, x, damp, stopping)
  yield* basis.start(b)
  w.set(basis.v)
  let [rhoBar, phiBar] = [basis.alpha, basis.beta]
  let [square, damped, inverse] = [0, 0, 0] // ||A||^2, what damping leaves of the residual, ||A^+||^2
  let norms = { residual: phiBar, normal: basis.alpha * basis.beta, matrix: basis.alpha, condition: 0 }
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i, norms, basis.products)
    if (ended) return ended
    square += basis.alpha ** 2
    yield* basis.step()
    const { alpha, beta } = basis
    if (!Number.isFinite(alpha + beta)) return yield* watch.stop('not-finite', i, norms, basis.products)
    square += beta ** 2 + damp ** 2

    const rho1 = Math.hypot(rhoBar, damp)
    damped += (damp === 0 ? 0 : (damp / rho1) * phiBar) ** 2
    phiBar *= rhoBar / rho1
    const rho = Math.hypot(rho1, beta)
    const [c, s] = [rho1 / rho, beta / rho]
    const phi = c * phiBar
    phiBar *= s
    k.axpy(phi / rho, w, x)
    inverse += k.dot(w, w) / rho ** 2
    k.axpby(1, basis.v, (-s * alpha) / rho, w)
    rhoBar = -c * alpha
    const matrix = Math.sqrt(square)
    norms = {
      residual: Math.sqrt(phiBar ** 2 + damped),
      normal: alpha * Math.abs(s * phi),
      matrix,
      condition: matrix * Math.sqrt(inverse),
    }
  }
}
