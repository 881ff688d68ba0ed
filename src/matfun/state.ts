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

/** Checks a state that may have been loaded or made by hand. */
export function checkState(method: string, state: SpectralState): SpectralState {
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
