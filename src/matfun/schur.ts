import { KrylovError, refuse } from '../core/errors.ts'
import { bindLapack, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { excess, shiftedBy, turned } from './blocks.ts'
import { product } from './lyapunov.ts'
import { quasiRootSteps, quasiSylvesterSteps } from './quasi-triangular.steps.ts'
import { schurSteps } from './schur.steps.ts'

const schurIn = bindLapack('schur', schurSteps)
const rootIn = bindLapack('quasiRoot', quasiRootSteps)
const sylvesterIn = bindLapack('quasiSylvester', quasiSylvesterSteps)

/** A = Z T Z^T, n x n by rows; the first `leading` eigenvalues are negative, if that was asked for. */
export interface Schur {
  readonly T: Float64Array
  readonly Z: Float64Array
  readonly leading: number
}

/** The real Schur form; refuses what is not finite. */
export function* schurOf(method: string, A: Float64Array, n: number, negativeFirst: boolean): Steps<Schur> {
  const at = A.findIndex(a => !Number.isFinite(a))
  if (at >= 0) throw refuse('ERR_NOT_FINITE', method, `A.values[${at}]`, 'finite', A[at])
  const e = excess(A)
  if (e !== 0) {
    const found = yield* schurOf(method, shiftedBy(A, -e), n, negativeFirst)
    return { ...found, T: shiftedBy(found.T, e) }
  }
  const [T, Z] = [float64(n * n), float64(n * n)]
  const leading = yield* run(schurIn, A, n, negativeFirst, T, Z)
  if (leading < 0) throw new KrylovError('ERR_UNSUPPORTED', `${method}: the QR iteration did not converge`)
  return { T, Z, leading }
}

/** Z F Z^T. */
export function* fromSchur(Z: Float64Array, F: Float64Array, n: number): Steps<Float64Array> {
  return yield* product(yield* product(Z, F, n), turned(Z, n), n)
}

/** The principal root of a quasi-triangular T. */
export function* quasiRoot(T: Float64Array, n: number): Steps<Float64Array> {
  const e = excess(T)
  if (e !== 0) return shiftedBy(yield* quasiRoot(shiftedBy(T, -e), n), e / 2)
  const R = float64(n * n)
  yield* run(rootIn, T, n, R)
  return R
}

/** X with R X + X S = C, of quasi-triangular R, m x m, and S, n x n. */
export function* quasiSylvester(
  R: Float64Array,
  m: number,
  S: Float64Array,
  n: number,
  C: Float64Array,
): Steps<Float64Array> {
  const X = float64(m * n)
  X.set(C)
  yield* run(sylvesterIn, R, m, S, n, X)
  return X
}
