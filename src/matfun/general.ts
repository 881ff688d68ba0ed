import { KrylovError, refuse } from '../core/errors.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { checkFinite } from '../core/vector.ts'
import { flagOption } from '../dense/own.ts'
import { excess, shiftedBy } from './blocks.ts'
import { exponentials } from './general-exp.ts'
import { quasiLog } from './general-log.ts'
import { type Batch, stacked } from './matrices.ts'
import { withNegatives } from './negative-eigenvalues.ts'
import { blockStarts } from './quasi-triangular.steps.ts'
import { quasiRoots, schurForms, schurValue } from './schur.ts'
import type { GeneralKind, SchurState } from './state.ts'
import type { ComplexValue, MatrixFunctionValue } from './value.ts'

/** What A is: symmetric matrices go through their eigenbases, general ones through Schur forms or products. */
export type Structure = 'symmetric' | 'general'

/** Checks the options that decide on general matrices. */
export function structureOption(method: string, structure: unknown, complex: unknown, eigenvalues: unknown): Structure {
  if (structure !== 'symmetric' && structure !== 'general')
    throw refuse('ERR_OPTION', method, 'option structure', "'symmetric' or 'general'", structure)
  flagOption(method, 'complex', complex)
  if (structure === 'symmetric' && complex === true)
    throw refuse('ERR_OPTION', method, 'option complex', "false where structure is not 'general'", true)
  if (structure === 'general' && eigenvalues !== undefined && eigenvalues !== 'error')
    throw refuse('ERR_OPTION', method, 'option eigenvalues', "'error' where structure is 'general'", eigenvalues)
  return structure
}

/** f of general matrices; complex where that is asked for. */
export function* ofGeneral(
  method: string,
  kind: GeneralKind,
  A: Batch,
  complex: boolean,
): Steps<MatrixFunctionValue | ComplexValue> {
  if (kind === 'exponential') return yield* exponentialsOf(method, A)
  const { n, count } = A
  const { T, Z, leading } = yield* schurForms(method, A, complex)
  const part = (list: Float64Array, i: number) => copied(list.subarray(i * n * n, (i + 1) * n * n))
  for (let i = 0; i < count; i++) checkSpectrum(method, i, T.subarray(i * n * n, (i + 1) * n * n), n, complex)
  // of matrices with negative eigenvalues F and what is made of it are replaced below
  let F = float64(T.length)
  if (kind === 'root') F = yield* quasiRoots(T, n, count)
  else for (let i = 0; i < count; i++) if (leading[i] === 0) F.set(yield* quasiLog(method, part(T, i), n), i * n * n)
  const { X: real, residuals } = yield* schurValue(A, Z, F, kind === 'root' ? undefined : T)
  const imaginary = float64(complex ? T.length : 0)
  for (let i = 0; i < count; i++) {
    if (leading[i] === 0) continue
    const schur = { T: part(T, i), Z: part(Z, i), leading: leading[i]! }
    const found = yield* withNegatives(method, kind, part(A.values, i), n, schur)
    real.set(found.real, i * n * n)
    imaginary.set(found.imaginary, i * n * n)
    residuals[i] = found.residual
  }
  checkFinite(method, 'the entry f(A)', real)
  const residual = largest(residuals)
  if (complex)
    return { value: { real: stacked(n, count, real), imaginary: stacked(n, count, imaginary) }, residual, residuals }
  const triangles = kind === 'root' ? F : T
  const state: SchurState = { kind: 'schur', n, count, function: kind, vectors: Z, triangles }
  return { value: stacked(n, count, real), residual, residuals, state }
}

const largest = (residuals: Float64Array) => residuals.reduce((most, r) => Math.max(most, r), 0)

function* exponentialsOf(method: string, A: Batch): Steps<MatrixFunctionValue> {
  const { n, count } = A
  const { value, residuals } = yield* exponentials(method, A)
  checkFinite(method, 'the entry f(A)', value)
  const state: SchurState = {
    kind: 'schur',
    n,
    count,
    function: 'exponential',
    vectors: float64(0),
    triangles: copied(A.values),
  }
  return { value: stacked(n, count, value), residual: largest(residuals), residuals, state }
}

/** Refuses zero eigenvalues, and negative ones of real functions. */
function checkSpectrum(method: string, i: number, given: Float64Array, n: number, complex: boolean): void {
  const e = excess(given)
  const T = e === 0 ? given : shiftedBy(given, -e)
  const starts = blockStarts(T, n)
  const sizes = starts.slice(1).map((next, b) => {
    const at = starts[b]! * (n + 1)
    if (next - starts[b]! === 1) return T[at]!
    return Math.sqrt(Math.abs(T[at]! * T[at + n + 1]! - T[at + 1]! * T[at + n]!))
  })
  const most = sizes.reduce((size, x) => Math.max(size, Math.abs(x)), 0)
  const least = n * Number.EPSILON * most
  for (const x of sizes) {
    if (!(Math.abs(x) > least))
      throw new KrylovError(
        'ERR_SINGULAR',
        `${method}: matrix ${i} must not be singular, but has an eigenvalue of ${Math.abs(x) / most || 0} of the largest, not above n eps`,
      )
    if (x < 0 && !complex)
      throw new KrylovError(
        'ERR_INDEFINITE',
        `${method}: matrix ${i} has the negative eigenvalue ${x * 2 ** e}, so that no real matrix is its principal ` +
          'value; the option complex gives the complex one',
      )
  }
}
