import { refuse } from '../core/errors.ts'
import { isShared, sharedFloat64 } from '../core/shared.ts'

/**
 * What a function of matrices leaves for its derivatives: the eigenbasis it was computed in. Plain data, to be saved or
 * posted; `differentiate` takes it up again. Matrix i is V^T diag(w) V with V the n x n entries of `vectors` from i n^2 on.
 */
export interface SpectralState {
  readonly kind: 'spectral'
  readonly n: number
  readonly count: number
  /** 0: a table, 1: a power, 2: the logarithm, 3: the exponential. */
  readonly family: number
  readonly p: number
  /** By rows; rows are eigenvectors. */
  readonly vectors: Float64Array
  /** The eigenvalues f was computed at; NaN where they were left out. */
  readonly eigenvalues: Float64Array
  /** f at the eigenvalues. */
  readonly values: Float64Array
  /** f' and f'' there where f is a table, else empty; f'' also where it is not known. */
  readonly slopes: Float64Array
  readonly seconds: Float64Array
}

/** How the derivatives of a root are computed that no eigen-decomposition has made. */
export type Backward = 'eigh' | 'lyapunov'

/** What square roots leave that were not computed in an eigenbasis: themselves. */
export interface RootState {
  readonly kind: 'root'
  readonly n: number
  readonly count: number
  /** 0.5, or -0.5: of an inverse root. */
  readonly p: number
  /** The roots, n x n by rows, one after the other. */
  readonly value: Float64Array
  readonly backward: Backward
  /** Steps of the iterative Lyapunov solver; 0: until its residual is rounding. */
  readonly steps: number
}

/** Which function of general matrices. */
export type GeneralKind = 'root' | 'logarithm' | 'exponential'

/** What functions of general matrices leave. Plain data. */
export interface SchurState {
  readonly kind: 'schur'
  readonly n: number
  readonly count: number
  readonly function: GeneralKind
  /** Z of A = Z T Z^T, n x n by rows, one after the other; empty of the exponential. */
  readonly vectors: Float64Array
  /** Upper quasi-triangular: the root of T, or T of the logarithm; A itself of the exponential. */
  readonly triangles: Float64Array
}

/** What the derivatives of a function of matrices are computed from. Plain data. */
export type MatrixFunctionState = SpectralState | RootState | SchurState

function checkRoot(method: string, state: RootState): RootState {
  const { n, count, p, value, backward, steps } = state
  const whole = [n, count, steps].every(k => Number.isInteger(k) && k >= 0)
  if (!whole || (n === 0 && count > 1) || steps > 1000 || (p !== 0.5 && p !== -0.5))
    throw refuse('ERR_FORMAT', method, 'state', 'one with n, count, p and steps', state)
  if (backward !== 'eigh' && backward !== 'lyapunov')
    throw refuse('ERR_FORMAT', method, 'state.backward', "'eigh' or 'lyapunov'", backward)
  if (!(value instanceof Float64Array) || value.length !== count * n * n)
    throw refuse('ERR_FORMAT', method, 'state.value', `a Float64Array of ${count * n * n}`, value)
  return isShared(value) ? state : { ...state, value: sharedFloat64(value) }
}

function checkSchur(method: string, state: SchurState): SchurState {
  const { n, count, function: kind, vectors, triangles } = state
  const whole = [n, count].every(k => Number.isInteger(k) && k >= 0)
  if (!whole || (n === 0 && count > 1) || !['root', 'logarithm', 'exponential'].includes(kind))
    throw refuse('ERR_FORMAT', method, 'state', 'one with n, count and function', state)
  for (const [name, list, length] of [
    ['vectors', vectors, kind === 'exponential' ? 0 : count * n * n],
    ['triangles', triangles, count * n * n],
  ] as const)
    if (!(list instanceof Float64Array) || list.length !== length || !list.every(Number.isFinite))
      throw refuse('ERR_FORMAT', method, `state.${name}`, `a Float64Array of ${length} finite numbers`, list)
  if (kind !== 'exponential')
    for (let at = 0; at < triangles.length; at++) {
      const [r, c] = [Math.floor(at / n) % n, at % n]
      const below = c < r - 1 || (c === r - 1 && c > 0 && triangles[at - n - 1] !== 0)
      if (below && triangles[at] !== 0)
        throw refuse('ERR_FORMAT', method, 'state.triangles', 'upper quasi-triangular', triangles[at])
    }
  if (isShared(vectors) && isShared(triangles)) return state
  return { ...state, vectors: sharedFloat64(vectors), triangles: sharedFloat64(triangles) }
}

/** Checks a state that may have been loaded or made by hand. */
export function checkState(method: string, state: MatrixFunctionState): MatrixFunctionState {
  if (typeof state === 'object' && state !== null && state.kind === 'root') return checkRoot(method, state)
  if (typeof state === 'object' && state !== null && state.kind === 'schur') return checkSchur(method, state)
  if (typeof state !== 'object' || state === null || state.kind !== 'spectral')
    throw refuse('ERR_TYPE', method, 'state', 'that of a function of matrices', state)
  const { n, count, family, p } = state
  const whole = [n, count].every(k => Number.isInteger(k) && k >= 0)
  if (!whole || (n === 0 && count > 1) || ![0, 1, 2, 3].includes(family) || typeof p !== 'number' || Number.isNaN(p))
    throw refuse('ERR_FORMAT', method, 'state', 'one with n, count, family and p', state)
  const arrays = [
    ['vectors', count * n * n],
    ['eigenvalues', count * n],
    ['values', count * n],
    ['slopes', family === 0 ? count * n : 0],
  ] as const
  for (const [name, length] of arrays)
    if (!(state[name] instanceof Float64Array) || state[name].length !== length)
      throw refuse('ERR_FORMAT', method, `state.${name}`, `a Float64Array of ${length}`, state[name])
  const { seconds } = state
  if (!(seconds instanceof Float64Array) || (seconds.length !== 0 && seconds.length !== count * n))
    throw refuse('ERR_FORMAT', method, 'state.seconds', `a Float64Array of ${count * n}, or empty`, seconds)
  const { vectors, eigenvalues, values, slopes } = state
  if ([vectors, eigenvalues, values, slopes, seconds].every(isShared)) return state
  return {
    ...state,
    vectors: sharedFloat64(vectors),
    eigenvalues: sharedFloat64(eigenvalues),
    values: sharedFloat64(values),
    slopes: sharedFloat64(slopes),
    seconds: sharedFloat64(seconds),
  }
}
