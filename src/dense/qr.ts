import { bindLapack, forms, run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { type DenseOptions, flagOption, outDense, ownDense } from './own.ts'
import { qrSteps } from './qr.steps.ts'

/** Q and R of A by rows: (A, m, n, Q, R, pivots). */
export const qrOf = bindLapack('qr', qrSteps)

/** Options of {@link qr}. */
export interface QrOptions extends DenseOptions {
  /** Column pivoting: A[:, pivots] = q r with |r_jj| not ascending. Default false. */
  readonly pivot?: boolean
  /** `false`: only `r`. Default true. */
  readonly vectors?: boolean
  /** Where q and r go; synchronous form only. */
  readonly out?: { readonly q: Dense; readonly r: Dense }
}

/** A = q r, or A[:, pivots] = q r. */
export interface Qr {
  /** m x min(m, n), orthonormal columns; m x 0 where it was not wanted. */
  readonly q: Dense
  /** min(m, n) x n, upper triangular. */
  readonly r: Dense
  /** Column j of q r is column pivots[j] of A; 0, 1, .. without pivoting. */
  readonly pivots: Int32Array
}

const { async, sync } = forms<[Dense, QrOptions?], Qr>(
  'qr',
  1,
  ['pivot', 'vectors', 'check', 'out'],
  function* (call, given, options = {}) {
    const { pivot = false, vectors = true, check = true, out } = options
    for (const [name, value] of Object.entries({ pivot, vectors, check })) flagOption(call.name, name, value)
    const { rows: m, columns: n, values } = yield* ownDense(call, 'A', given, check)
    const k = Math.min(m, n)
    const q = outDense(call, 'out.q', vectors ? out?.q : undefined, m, vectors ? k : 0)
    const r = outDense(call, 'out.r', out?.r, k, n)
    const pivots = int32(pivot ? n : 0)
    yield* run(qrOf, values, m, n, vectors ? q.values : float64(0), r.values, pivots)
    return { q, r, pivots: pivot ? pivots : Int32Array.from({ length: n }, (_, j) => j) }
  },
)

/**
 * The reduced QR factorization of a dense matrix by Householder reflections; R's diagonal may be negative. 4 m n^2 flops.
 * `qrSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const qr = async

/** {@link qr}, blocking. */
export const qrSync = sync
