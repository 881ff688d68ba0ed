import { KrylovError } from '../core/errors.ts'
import { bindLapack, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { eighSteps } from './eigh.steps.ts'
import { type DenseOptions, flagOption, outDense } from './own.ts'
import { checkSquareDense, symmetricCopy } from './symmetric.ts'

const eighIn = bindLapack('eigh', eighSteps)

/** A = V diag(w) V^T by rows, w ascending: V takes A's place. Without `vectors` A is workspace. */
export function* eighOf(method: string, A: Float64Array, n: number, w: Float64Array, vectors: boolean): Steps<void> {
  const failed = yield* run(eighIn, A, n, w, vectors)
  if (failed !== 0) throw new KrylovError('ERR_UNSUPPORTED', `${method}: ${failed} eigenvalues of A did not converge`)
}

/** Options of {@link eigh}. */
export interface EighOptions extends DenseOptions {
  /** `false`: only the eigenvalues. Default true. */
  readonly vectors?: boolean
  /** Where the eigenvectors go, n x n; synchronous form only. It may be A itself. */
  readonly out?: Dense
}

/** A = vectors diag(values) vectors^T. */
export interface Eigh {
  /** Eigenvalues, ascending. */
  readonly values: Float64Array
  /** n x n, an eigenvector a column; n x 0 where they were not wanted. */
  readonly vectors: Dense
}

const { async, sync } = forms<[Dense, EighOptions?], Eigh>(
  'eigh',
  1,
  ['vectors', 'check', 'out'],
  function* (call, A, options = {}) {
    const { vectors = true, check = true, out } = options
    for (const [name, value] of Object.entries({ vectors, check })) flagOption(call.name, name, value)
    const given = checkSquareDense(call.name, A)
    const n = A.rows
    const V = outDense(call, 'out', out, n, n)
    if (check) yield* symmetricCopy(call.name, A, V.values)
    else if (V.values !== given) V.values.set(given)
    const values = float64(n)
    yield* eighOf(call.name, V.values, n, values, vectors)
    return { values, vectors: vectors ? V : { rows: n, columns: 0, values: float64(0) } }
  },
)

/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix. About 9 n^3 flops. `eighSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION
 */
export const eigh = async

/** {@link eigh}, blocking. */
export const eighSync = sync
