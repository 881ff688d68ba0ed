import { KrylovError } from '../core/errors.ts'
import { bindLapack, run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { checkFinite } from '../core/vector.ts'
import { excess, shiftedBy, turned } from './blocks.ts'
import { product } from './lyapunov.ts'
import type { Batch } from './matrices.ts'
import { quasiRootSteps, quasiSylvesterSteps } from './quasi-triangular.steps.ts'
import { schurSteps, schurValueSteps } from './schur.steps.ts'

const schurIn = bindLapack('schur', schurSteps)
const valueIn = bindLapack('schurValue', schurValueSteps)
const rootIn = bindLapack('quasiRoot', quasiRootSteps)
const sylvesterIn = bindLapack('quasiSylvester', quasiSylvesterSteps)

/** A_i = Z_i T_i Z_i^T of a batch; the first leading[i] eigenvalues are negative, if that was asked for. */
export interface SchurForms {
  readonly T: Float64Array
  readonly Z: Float64Array
  readonly leading: Int32Array
}

/** The real Schur forms; refuses what is not finite. */
export function* schurForms(method: string, A: Batch, negativeFirst: boolean): Steps<SchurForms> {
  const { n, count, values } = A
  checkFinite(method, 'A.values', values)
  const { near, exponents } = moderate(values, n, count)
  const [T, Z, leading] = [float64(values.length), float64(values.length), int32(count)]
  yield* run(schurIn, near, n, count, negativeFirst, T, Z, leading)
  if (leading.some(k => k < 0)) throw new KrylovError('ERR_UNSUPPORTED', `${method}: the QR iteration did not converge`)
  return { T: restored(T, n, exponents, 1), Z, leading }
}

/** X_i = Z_i F_i Z_i^T and residuals of them: of roots, or with T of functions of what the Schur forms make. */
export function* schurValue(A: Batch, Z: Float64Array, F: Float64Array, T: Float64Array | undefined) {
  const { n, count, values } = A
  const [X, residuals] = [float64(values.length), float64(count)]
  yield* run(valueIn, values, Z, F, T ?? float64(0), n, count, X, residuals)
  return { X, residuals }
}

/** Matrices, where their size is not moderate divided by powers of two, whose exponents are given then. */
function moderate(X: Float64Array, n: number, count: number): { near: Float64Array; exponents?: readonly number[] } {
  const part = (i: number) => X.subarray(i * n * n, (i + 1) * n * n)
  const exponents = Array.from({ length: count }, (_, i) => excess(part(i)))
  if (exponents.every(e => e === 0)) return { near: X }
  const near = float64(X.length)
  for (const [i, e] of exponents.entries()) near.set(shiftedBy(part(i), -e), i * n * n)
  return { near, exponents }
}

/** Matrices times 2^(share e) of their exponents. */
function restored(X: Float64Array, n: number, exponents: readonly number[] | undefined, share: number): Float64Array {
  for (const [i, e] of (exponents ?? []).entries())
    X.set(shiftedBy(X.subarray(i * n * n, (i + 1) * n * n), share * e), i * n * n)
  return X
}

/** Z F Z^T. */
export function* fromSchur(Z: Float64Array, F: Float64Array, n: number): Steps<Float64Array> {
  return yield* product(yield* product(Z, F, n), turned(Z, n), n)
}

/** The principal roots of quasi-triangular T_i. */
export function* quasiRoots(T: Float64Array, n: number, count: number): Steps<Float64Array> {
  const { near, exponents } = moderate(T, n, count)
  const R = float64(T.length)
  yield* run(rootIn, near, n, count, R)
  return restored(R, n, exponents, 1 / 2)
}

/** That of one. */
export const quasiRoot = (T: Float64Array, n: number): Steps<Float64Array> => quasiRoots(T, n, 1)

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
