import { bindLapack, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type DenseOptions, flagOption, outDense, ownDense } from './own.ts'
import { svdSteps } from './svd.steps.ts'

const svdIn = bindLapack('svd', svdSteps)

/** U, s and V of A by rows: (A, m, n, U, s, V). Where LAPACK's iteration does not converge, Jacobi's does. */
export function* svdOf(...args: Parameters<typeof svdSteps> extends [Kernels, ...infer A] ? A : never): Steps<void> {
  if ((yield* run(svdIn, ...args)) === 0) return
  const k = (yield { kind: 'kernels' }) as Kernels
  yield* svdSteps(k, ...args)
}

/** Options of {@link svd}. */
export interface SvdOptions extends DenseOptions {
  /** `false`: only the singular values. Default true. */
  readonly vectors?: boolean
  /** Where u and v go; synchronous form only. */
  readonly out?: { readonly u: Dense; readonly v: Dense }
}

/** A = u diag(s) v^T. */
export interface Svd {
  /** m x min(m, n), orthonormal columns; m x 0 where it was not wanted. */
  readonly u: Dense
  /** Singular values, descending. */
  readonly s: Float64Array
  /** n x min(m, n), orthonormal columns; n x 0 where it was not wanted. */
  readonly v: Dense
}

const { async, sync } = forms<[Dense, SvdOptions?], Svd>(
  'svd',
  1,
  ['vectors', 'check', 'out'],
  function* (call, given, options = {}) {
    const { vectors = true, check = true, out } = options
    for (const [name, value] of Object.entries({ vectors, check })) flagOption(call.name, name, value)
    const { rows: m, columns: n, values } = yield* ownDense(call, 'A', given, check)
    const k = Math.min(m, n)
    const u = outDense(call, 'out.u', out?.u, m, vectors ? k : 0)
    const v = outDense(call, 'out.v', out?.v, n, vectors ? k : 0)
    const s = float64(k)
    yield* svdOf(values, m, n, u.values, s, v.values)
    return { u, s, v }
  },
)

/**
 * The reduced singular value decomposition of a dense matrix. About 6 m n^2 + 20 n^3 flops for m >= n. `svdSync` is the
 * same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const svd = async

/** {@link svd}, blocking. */
export const svdSync = sync
