import { refuse } from '../core/errors.ts'
import { bindLapack, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { checkFinite } from '../core/vector.ts'
import { MOST_NORM, matrixExponentialSteps } from './exponential.steps.ts'
import type { Batch } from './matrices.ts'

const exponentialIn = bindLapack('matrixExponential', matrixExponentialSteps)

const NONE = float64(0)

/** e^A_i of general matrices, with residuals. */
export function* exponentials(method: string, A: Batch) {
  return yield* computed(method, A, NONE, false)
}

/** The derivatives of e^A at A_i along E_i, or at A_i^T. */
export function* exponentialsAlong(method: string, A: Batch, E: Float64Array, adjoint: boolean): Steps<Float64Array> {
  return (yield* computed(method, A, E, adjoint)).value
}

function* computed(method: string, { n, count, values }: Batch, E: Float64Array, adjoint: boolean) {
  const [value, residuals, norms] = [float64(values.length), float64(count), float64(count)]
  yield* run(exponentialIn, values, E, n, count, adjoint, value, residuals, norms)
  for (let i = 0; i < count; i++) {
    if (norms[i]! < MOST_NORM) continue
    checkFinite(method, 'A.values', values)
    throw refuse('ERR_NOT_FINITE', method, '||A||_1', `below ${MOST_NORM}`, norms[i])
  }
  return { value, residuals }
}
