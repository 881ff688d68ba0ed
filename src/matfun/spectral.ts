import { KrylovError, refuse } from '../core/errors.ts'
import { bindLapack, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { FAMILY } from './differences.ts'
import { type EigenvaluePolicy, policed } from './eigenvalues.ts'
import { type Scalar, tabulated } from './families.ts'
import type { Batch } from './matrices.ts'
import { eighBatchSteps, spectralDerivativeSteps, spectralValueSteps } from './spectral.steps.ts'
import type { SpectralState } from './state.ts'

const eighIn = bindLapack('eighBatch', eighBatchSteps)
const valueIn = bindLapack('spectralValue', spectralValueSteps)
const derivativeIn = bindLapack('spectralDerivative', spectralDerivativeSteps)

/** Symmetry is judged to this bound relative to max |a_ij|, as everywhere. */
const SYMMETRY_TOLERANCE = 1e-12

const ofGeneralToo = /^(sqrtm|logm|expm)(Sync)?$/
const hint = "; the option structure takes 'general' for any matrices"

/** Eigenvalues, and eigenvectors as rows, of a batch. */
export interface EigenBatch {
  readonly vectors: Float64Array
  readonly eigenvalues: Float64Array
}

/** Of symmetric matrices; refuses those that are not, or not finite. */
export function* eighBatch(method: string, { n, count, values }: Batch): Steps<EigenBatch> {
  const vectors = float64(count * n * n)
  const eigenvalues = float64(count * n)
  const facts = float64(3 * count)
  yield* run(eighIn, values, n, count, vectors, eigenvalues, facts)
  for (let i = 0; i < count; i++) {
    checkFacts(method, { n, count, values }, facts, i)
    const failed = facts[3 * i + 2]!
    if (failed !== 0)
      throw new KrylovError('ERR_UNSUPPORTED', `${method}: ${failed} eigenvalues of matrix ${i} did not converge`)
  }
  return { vectors, eigenvalues }
}

/** Refuses matrix i where facts[3 at ..] say that it is not finite, or not symmetric. */
export function checkFacts(method: string, { n, values }: Batch, facts: Float64Array, at: number, i = at): void {
  const [asymmetry, largest] = [facts[3 * at]!, facts[3 * at + 1]!]
  if (Number.isNaN(largest)) throw notFinite(method, 'A.values', values, n * n * i)
  if (!(asymmetry <= SYMMETRY_TOLERANCE * largest))
    throw new KrylovError(
      'ERR_NOT_SYMMETRIC',
      `${method}: matrix ${i} must be symmetric to ${SYMMETRY_TOLERANCE} of its largest entry, ` +
        `got max |A - A^T| = ${asymmetry} against ${largest}${ofGeneralToo.test(method) ? hint : ''}`,
    )
}

function notFinite(method: string, name: string, values: Float64Array, from: number): KrylovError {
  let at = from
  while (Number.isFinite(values[at])) at++
  return refuse('ERR_NOT_FINITE', method, `${name}[${at}]`, 'finite', values[at])
}

/** f(A) for a batch, and what its derivatives need. */
export interface Spectral {
  readonly value: Float64Array
  readonly residuals: Float64Array
  readonly state: SpectralState
}

/** f(A_i) in the eigenbasis of A_i. */
export function* spectral(method: string, A: Batch, f: Scalar, policy: EigenvaluePolicy): Steps<Spectral> {
  const { vectors, eigenvalues } = yield* eighBatch(method, A)
  const { n, count } = A
  const kept = f.positive ? policed(method, eigenvalues, n, policy) : eigenvalues
  const values = tabulated(f.value, kept)
  checkValues(method, kept, values)
  const value = float64(count * n * n)
  const residuals = float64(count)
  const square = f.family === FAMILY.power && f.p === 0.5
  yield* run(valueIn, A.values, vectors, eigenvalues, values, n, count, square, value, residuals)
  const slopes = f.slope === undefined ? float64(0) : tabulated(f.slope, kept)
  const seconds = f.second === undefined ? float64(0) : tabulated(f.second, kept)
  for (const list of [slopes, seconds]) checkValues(method, kept, list)
  const { family, p } = f
  return {
    value,
    residuals,
    state: { kind: 'spectral', n, count, family, p, vectors, eigenvalues: kept, values, slopes, seconds },
  }
}

function checkValues(method: string, w: Float64Array, values: Float64Array): void {
  const at = values.findIndex(f => !Number.isFinite(f))
  if (at < 0) return
  throw refuse('ERR_NOT_FINITE', method, `f at the eigenvalue ${w[at]}`, 'a finite number', values[at])
}

/** What somebody gave, and to whom. */
export interface Given {
  readonly method: string
  readonly name: string
}

/**
 * The derivative in the direction of a tangent, or of its adjoint for a cotangent: the same. What was `given` is refused where it
 * is not finite.
 */
export function* spectralDerivative(state: SpectralState, G: Float64Array, given?: Given): Steps<Float64Array> {
  const { n, count, family, p, vectors, eigenvalues, values, slopes } = state
  const [out, sizes] = [float64(G.length), float64(count)]
  yield* run(derivativeIn, vectors, eigenvalues, values, slopes, n, count, family, p, G, out, sizes)
  const bad = given === undefined ? -1 : sizes.findIndex(Number.isNaN)
  if (given !== undefined && bad >= 0) throw notFinite(given.method, given.name, G, n * n * bad)
  return out
}
