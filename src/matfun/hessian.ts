import { KrylovError } from '../core/errors.ts'
import { bindLapack, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { FAMILY } from './differences.ts'
import { spectralHessianSteps } from './hessian.steps.ts'
import type { SpectralState } from './state.ts'

const hessianIn = bindLapack('spectralHessian', spectralHessianSteps)

/** The derivative of A -> pullback(G) in the direction E, for every matrix of the state. Symmetric in G and E. */
export function* spectralHessian(
  method: string,
  state: SpectralState,
  G: Float64Array,
  E: Float64Array,
): Steps<Float64Array> {
  const { n, count, family, p, vectors, eigenvalues, values, slopes, seconds } = state
  if (family === FAMILY.table && seconds.length === 0 && n * count > 0)
    throw new KrylovError('ERR_UNSUPPORTED', `${method}: funm was given no second derivative`)
  if (eigenvalues.some(Number.isNaN))
    throw new KrylovError('ERR_UNSUPPORTED', `${method}: there is none where eigenvalues were left out`)
  const out = float64(G.length)
  yield* run(hessianIn, vectors, eigenvalues, values, slopes, seconds, n, count, family, p, G, E, out)
  return out
}
