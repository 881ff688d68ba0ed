import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { Bidiagonal, type LeastOutcome } from './bidiagonal.steps.ts'
import { LeastWatch } from './least-watch.ts'
import type { Stopping } from './stopping.ts'

/**
 * Minimises ||b - A x||^2 + damp^2 ||x||^2 by LSMR: Fong and Saunders 2011, the minimum residual method on the normal equations
 * without forming them, so that ||A^T r|| never grows. From x = 0 it finds the solution of least norm. Workspace: 3 m + 5 n.
 */
export function* lsmrSteps(
  k: Kernels,
  A: LinearOperator,
  At: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  damp: number,
  stopping: Stopping,
): Steps<LeastOutcome> {
  const [h, hBar] = [float64(x.length), float64(x.length)]
  const basis = new Bidiagonal(k, A, At, b.length, x.length)
  const watch = new LeastWatch(k, A, At, b, x, damp, stopping)
  yield* basis.start(b)
  h.set(basis.v)
  let [alphaBar, zetaBar] = [basis.alpha, basis.alpha * basis.beta]
  let [rho, rhoBar, cBar, sBar, zeta] = [1, 1, 1, 0, 0]
  // of the residual (Fong and Saunders, section 5.1)
  let [betaDD, betaD, rhoDOld, tauOld, thetaTilde, damped] = [basis.beta, 0, 1, 0, 0, 0]
  let [square, largest, smallest] = [basis.alpha ** 2, 0, Number.POSITIVE_INFINITY]
  let norms = { residual: basis.beta, normal: zetaBar, matrix: basis.alpha, condition: 1 }
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i, norms, basis.products)
    if (ended) return ended
    yield* basis.step()
    const { alpha, beta } = basis
    if (!Number.isFinite(alpha + beta)) return yield* watch.stop('not-finite', i, norms, basis.products)

    const alphaHat = Math.hypot(alphaBar, damp)
    const [cHat, sHat] = [alphaBar / alphaHat, damp / alphaHat]
    const rhoOld = rho
    rho = Math.hypot(alphaHat, beta)
    const [c, s] = [alphaHat / rho, beta / rho]
    const theta = s * alpha
    alphaBar = c * alpha
    const [rhoBarOld, zetaOld] = [rhoBar, zeta]
    const thetaBar = sBar * rho
    const rhoTemp = cBar * rho
    rhoBar = Math.hypot(rhoTemp, theta)
    cBar = rhoTemp / rhoBar
    sBar = theta / rhoBar
    zeta = cBar * zetaBar
    zetaBar *= -sBar
    k.axpby(1, h, (-thetaBar * rho) / (rhoOld * rhoBarOld), hBar)
    k.axpy(zeta / (rho * rhoBar), hBar, x)
    k.axpby(1, basis.v, -theta / rho, h)

    const betaAcute = cHat * betaDD
    const betaCheck = -sHat * betaDD
    const betaHat = c * betaAcute
    betaDD = -s * betaAcute
    const thetaTildeOld = thetaTilde
    const rhoTildeOld = Math.hypot(rhoDOld, thetaBar)
    const [cTilde, sTilde] = [rhoDOld / rhoTildeOld, thetaBar / rhoTildeOld]
    thetaTilde = sTilde * rhoBar
    rhoDOld = cTilde * rhoBar
    betaD = -sTilde * betaD + cTilde * betaHat
    tauOld = (zetaOld - thetaTildeOld * tauOld) / rhoTildeOld
    const tauD = (zeta - thetaTilde * tauOld) / rhoDOld
    damped += betaCheck ** 2
    square += beta ** 2
    const matrix = Math.sqrt(square)
    square += alpha ** 2
    largest = Math.max(largest, rhoBarOld)
    if (i > 0) smallest = Math.min(smallest, rhoBarOld)
    norms = {
      residual: Math.sqrt(damped + (betaD - tauD) ** 2 + betaDD ** 2),
      normal: Math.abs(zetaBar),
      matrix,
      condition: Math.max(largest, rhoTemp) / Math.min(smallest, rhoTemp),
    }
  }
}
