import { KrylovError, refuse } from '../core/errors.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { flagOption } from '../dense/own.ts'
import { times } from '../dense/times.ts'
import { blockOf, excess, placeBlock, shiftedBy } from './blocks.ts'
import { combined } from './dense-steps.ts'
import { exponentials } from './general-exp.ts'
import { quasiLog } from './general-log.ts'
import { product } from './lyapunov.ts'
import { type Batch, checkFinite, stacked } from './matrices.ts'
import { blockStarts } from './quasi-triangular.steps.ts'
import { fromSchur, quasiRoot, quasiSylvester, type Schur, schurOf } from './schur.ts'
import type { GeneralKind, SchurState } from './state.ts'
import type { ComplexMatrixFunction, MatrixFunctionValue } from './value.ts'

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

interface Part {
  readonly real: Float64Array
  readonly imaginary?: Float64Array
  readonly residual: number
  /** Of the state. */
  readonly vectors?: Float64Array
  readonly triangle: Float64Array
}

/** f of general matrices, one after the other; complex where that is asked for. */
export function* ofGeneral(
  method: string,
  kind: GeneralKind,
  { n, count, values }: Batch,
  complex: boolean,
): Steps<MatrixFunctionValue | ComplexMatrixFunction> {
  if (kind === 'exponential') return yield* exponentialsOf(method, { n, count, values })
  const [real, imaginary] = [float64(values.length), float64(complex ? values.length : 0)]
  const residuals = float64(count)
  const [vectors, triangles] = [float64(values.length), float64(values.length)]
  for (let i = 0; i < count; i++) {
    const A = blockOf(values, n, i * n, 0, n, n)
    const part = yield* bySchur(method, kind, A, n, i, complex)
    real.set(part.real, i * n * n)
    if (complex && part.imaginary !== undefined) imaginary.set(part.imaginary, i * n * n)
    residuals[i] = part.residual
    if (part.vectors !== undefined) vectors.set(part.vectors, i * n * n)
    triangles.set(part.triangle, i * n * n)
  }
  checkFinite(method, 'the entry f(A)', real)
  const residual = largest(residuals)
  if (complex)
    return { value: { real: stacked(n, count, real), imaginary: stacked(n, count, imaginary) }, residual, residuals }
  const state: SchurState = { kind: 'schur', n, count, function: kind, vectors, triangles }
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

function* bySchur(
  method: string,
  kind: GeneralKind,
  A: Float64Array,
  n: number,
  i: number,
  complex: boolean,
): Steps<Part> {
  const schur = yield* schurOf(method, A, n, complex)
  const { T, Z, leading } = schur
  checkSpectrum(method, i, T, n, complex)
  if (leading > 0) return yield* withNegatives(method, kind, A, n, schur)
  const F = kind === 'root' ? yield* quasiRoot(T, n) : yield* quasiLog(method, T, n)
  const real = yield* fromSchur(Z, F, n)
  const again = kind === 'root' ? yield* product(real, real, n) : yield* fromSchur(Z, T, n)
  return { real, residual: apart(A, again), vectors: Z, triangle: kind === 'root' ? F : T }
}

/** ||A - B||_F / ||A||_F, in numbers scaled by the largest of A. */
function apart(A: Float64Array, B: Float64Array): number {
  const most = A.reduce((size, a) => Math.max(size, Math.abs(a)), 0)
  if (most === 0) return 0
  let [far, size] = [0, 0]
  for (let at = 0; at < A.length; at++) {
    far += ((A[at]! - B[at]!) / most) ** 2
    size += (A[at]! / most) ** 2
  }
  return Math.sqrt(far / size)
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

/**
 * T = [[N, C], [0, P]] with the negative eigenvalues in N: f(N) = i sqrt(-N), or log(-N) + i pi I, and with N Y - Y P = -C
 * f(T) = [[f(N), Y f(P) - f(N) Y], [0, f(P)]], real and imaginary parts of which need no complex arithmetic.
 */
function* withNegatives(method: string, kind: GeneralKind, A: Float64Array, n: number, schur: Schur): Steps<Part> {
  const { T, Z, leading: k } = schur
  const rest = n - k
  const minus = (X: Float64Array) => combined(-1, X, 0, X)
  const [N, C, P] = [blockOf(T, n, 0, 0, k, k), blockOf(T, n, 0, k, k, rest), blockOf(T, n, k, k, rest, rest)]
  const Y = yield* quasiSylvester(N, k, minus(P), rest, minus(C))
  const f = (X: Float64Array, order: number) => (kind === 'root' ? quasiRoot(X, order) : quasiLog(method, X, order))
  const [low, high] = [yield* f(minus(N), k), yield* f(P, rest)]
  const dense = (values: Float64Array, rows: number, columns: number): Dense => ({ rows, columns, values })
  const right = (yield* times(dense(Y, k, rest), dense(high, rest, rest))).values
  const left = (yield* times(dense(low, k, k), dense(Y, k, rest))).values
  const [real, imaginary] = [float64(n * n), float64(n * n)]
  placeBlock(real, n, k, k, high, rest)
  if (kind === 'root') {
    placeBlock(real, n, 0, k, right, rest)
    placeBlock(imaginary, n, 0, 0, low, k)
    placeBlock(imaginary, n, 0, k, left, rest, -1)
  } else {
    placeBlock(real, n, 0, 0, low, k)
    placeBlock(real, n, 0, k, combined(1, right, -1, left), rest)
    for (let r = 0; r < k; r++) imaginary[r * n + r] = Math.PI
    placeBlock(imaginary, n, 0, k, Y, rest, -Math.PI)
  }
  const [X, W] = [yield* fromSchur(Z, real, n), yield* fromSchur(Z, imaginary, n)]
  if (kind !== 'root') return { real: X, imaginary: W, residual: apart(A, yield* fromSchur(Z, T, n)), triangle: T }
  const square = combined(1, yield* product(X, X, n), -1, yield* product(W, W, n))
  const mixed = combined(1, yield* product(X, W, n), 1, yield* product(W, X, n))
  const residual = Math.hypot(apart(A, square), apart(A, combined(1, A, -1, mixed)))
  return { real: X, imaginary: W, residual, triangle: T }
}
