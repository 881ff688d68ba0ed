import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { ownDense } from '../dense/own.ts'
import { times } from '../dense/times.ts'
import { power } from './families.ts'
import { spectral, spectralDerivative } from './spectral.ts'
import { symmetrised } from './square.ts'
import type { SpectralState } from './state.ts'

/** Options of {@link zcaWhiten}. */
export interface ZcaOptions extends ControlOptions {
  /** Added to the diagonal of the covariance. Default 1e-5. */
  readonly epsilon?: number
}

/** Whitened samples, without what their derivative needs. */
interface Whitened {
  readonly value: Dense
  readonly mean: Float64Array
  readonly matrix: Dense
  readonly centred: Dense
  readonly state: SpectralState
}

/** What {@link zcaWhiten} gives. */
export interface ZcaWhitened {
  /** Whitened samples, N x d: their covariance is near I. */
  readonly value: Dense
  /** Of the samples, d long. */
  readonly mean: Float64Array
  /** W = (C + epsilon I)^(-1/2): (x - mean) W whitens further samples. */
  readonly matrix: Dense
  /** The gradient with respect to the samples of a number whose gradient with respect to `value` is `cotangent`. */
  readonly pullback: (cotangent: Dense, options?: ControlOptions) => Promise<Dense>
}

/** {@link ZcaWhitened} with a blocking derivative. */
export interface ZcaWhitenedSync extends Omit<ZcaWhitened, 'pullback'> {
  /** See {@link ZcaWhitened}. */
  readonly pullback: (cotangent: Dense, options?: ControlOptions) => Dense
}

function* whitened(call: Call, given: Dense, { epsilon = 1e-5 }: ZcaOptions = {}): Steps<Whitened> {
  if (typeof epsilon !== 'number' || !(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY))
    throw refuse('ERR_OPTION', call.name, 'option epsilon', 'a number >= 0', epsilon)
  const X = yield* ownDense(call, 'X', given)
  const { rows: N, columns: d } = X
  if (N < 1) throw refuse('ERR_SHAPE', call.name, 'X', 'at least one sample, one a row', `${N} x ${d}`)
  const centred = { rows: N, columns: d, values: float64(N * d) }
  const mean = centre(X, centred.values)
  const { values: C } = yield* times(centred, centred, 'A')
  for (let at = 0; at < d * d; at++) C[at] = C[at]! / N + (at % (d + 1) === 0 ? epsilon : 0)
  symmetrised(C, d, C)
  const { value, state } = yield* spectral(call.name, { n: d, count: 1, values: C }, power(-0.5), 'error')
  const matrix = { rows: d, columns: d, values: value }
  return { value: yield* times(centred, matrix), mean, matrix, centred, state }
}

/** Takes the mean of its rows out, into `out`. */
function centre({ rows, columns, values }: Dense, out: Float64Array): Float64Array {
  const mean = float64(columns)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += values[i * columns + j]! / rows
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[i * columns + j] = values[i * columns + j]! - mean[j]!
  return mean
}

const pullback = forms<[Whitened, Dense, ControlOptions?], Dense>(
  'pullback',
  2,
  [],
  function* (call, found, cotangent) {
    const { centred, matrix, state } = found
    const { rows: N, columns: d } = centred
    const G = yield* ownDense(call, 'cotangent', cotangent)
    if (G.rows !== N || G.columns !== d)
      throw refuse('ERR_SHAPE', call.name, 'cotangent', `${N} x ${d}`, `${G.rows} x ${G.columns}`)
    // value = X_c W and W = (X_c^T X_c / N + epsilon I)^(-1/2)
    const toW = yield* times(centred, G, 'A')
    const toC = yield* spectralDerivative(state, toW.values)
    const out = yield* times(G, matrix)
    const through = yield* times(centred, { rows: d, columns: d, values: toC })
    for (let at = 0; at < N * d; at++) out.values[at]! += (2 / N) * through.values[at]!
    centre(out, out.values)
    return out
  },
)

const both = forms<[Dense, ZcaOptions?], Whitened>('zcaWhiten', 1, ['epsilon'], whitened)

/**
 * Whitens samples, one a row, with the symmetric root of their covariance: of all whitenings that which changes them least. The
 * gradient goes through the root in the eigenbasis, right at equal eigenvalues too. `zcaWhitenSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_SINGULAR where epsilon is too small, ERR_OPTION
 */
export async function zcaWhiten(X: Dense, options?: ZcaOptions): Promise<ZcaWhitened> {
  const found = await both.async(X, options)
  const { value, mean, matrix } = found
  return { value, mean, matrix, pullback: (G, control) => pullback.async(found, G, control) }
}

/** {@link zcaWhiten}, blocking. */
export function zcaWhitenSync(X: Dense, options?: ZcaOptions): ZcaWhitenedSync {
  const found = both.sync(X, options)
  const { value, mean, matrix } = found
  return { value, mean, matrix, pullback: (G, control) => pullback.sync(found, G, control) }
}
