import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { CsrData, Dense } from '../core/types.ts'
import type { Svd } from '../dense/svd.ts'
import { blockKrylov, type Wanted } from './block-krylov.ts'
import { blockMatrix, inUnits } from './matrix.ts'
import { type RankOptions, rankOf } from './rank.ts'
import { subspaceIteration } from './subspace-iteration.ts'

/** Options of {@link randomizedSvd}: one of `rank` and `tolerance` is wanted. */
export interface RandomizedSvdOptions extends RankOptions {
  /** `'block-krylov'`, the default, or `'power'`: subspace iteration with a fixed number of powers. */
  readonly method?: 'block-krylov' | 'power'
  /** Of block-krylov: ||A^T u_j - s_j v_j|| <= accuracy s_j is reached for all j; errors of s_j are near its square. Default 0.1. */
  readonly accuracy?: number
  /** Columns of a block; default about a quarter of the rank, 8 to 32; of `'power'` with a rank, rank + 10. */
  readonly blockSize?: number
  /** Of `'power'`: powers of A A^T, default 2. */
  readonly powers?: number
}

/** A is near u diag(s) v^T. */
export interface RandomizedSvd extends Svd {
  /** Whether the accuracy, or the tolerance, was reached before the subspace was as large as it may be. */
  readonly converged: boolean
  /** max ||A^T u_j - s_j v_j|| / s_j as estimated; NaN of `'power'`. */
  readonly accuracy: number
  /** Products of A or A^T with a vector. */
  readonly products: number
}

const { async, sync } = forms<[Dense | CsrData, RandomizedSvdOptions], RandomizedSvd>(
  'randomizedSvd',
  1,
  ['rank', 'tolerance', 'seed', 'method', 'accuracy', 'blockSize', 'powers'],
  function* (call, given, options) {
    const name = call.name
    const { rank, tolerance } = rankOf(name, options)
    const { method = 'block-krylov', accuracy = 0.1, powers = 2, seed = 0 } = options
    if (method !== 'block-krylov' && method !== 'power')
      throw refuse('ERR_OPTION', name, 'option method', "'block-krylov' or 'power'", method)
    if (typeof accuracy !== 'number' || !(accuracy > 0))
      throw refuse('ERR_OPTION', name, 'option accuracy', 'a number above 0', accuracy)
    integerOption(name, 'powers', powers, 0, 100)
    checkSeed(name, 'option seed', seed)
    const { A, unit } = inUnits(yield* blockMatrix(call, 'A', given))
    const least = Math.min(A.rows, A.columns)
    const k = rank === undefined ? undefined : Math.min(rank, least)
    if (least === 0 || k === 0) return empty(A.rows, A.columns)
    const usual =
      method === 'power' && k !== undefined ? k + 10 : Math.max(8, Math.min(32, Math.ceil((k ?? 64) / 32) * 8))
    const b = Math.min(integerOption(name, 'blockSize', options.blockSize ?? usual, 1, 4096), least)
    const most = k === undefined ? least : Math.min(least, method === 'power' ? k : 6 * k + 8 * b)
    const wanted: Wanted = {
      count: k === undefined ? s => withinTolerance(s, A.norm, tolerance!) : s => (s.length < k ? undefined : k),
      accuracy,
      most,
    }
    const found =
      method === 'power' ? yield* subspaceIteration(A, b, powers, seed, wanted) : yield* blockKrylov(A, b, seed, wanted)
    const { complete, ...triplets } = found
    const enough = complete || wanted.count(found.s) !== undefined
    return { ...triplets, s: found.s.map(x => x / unit), converged: enough && !(found.accuracy > accuracy) }
  },
)

const empty = (rows: number, columns: number): RandomizedSvd => ({
  u: { rows, columns: 0, values: float64(0) },
  s: float64(0),
  v: { rows: columns, columns: 0, values: float64(0) },
  converged: true,
  accuracy: 0,
  products: 0,
})

/** The least number of values that leave at most `tolerance` of ||A||_F. */
function withinTolerance(s: Float64Array, norm: number, tolerance: number): number | undefined {
  let left = 1
  const enough = Math.max(tolerance, 1e-8) ** 2
  if (norm === 0 || left <= enough) return 0
  for (let j = 0; j < s.length; j++) {
    left -= (s[j]! / norm) ** 2
    if (left <= enough) return j + 1
  }
  return undefined
}

/**
 * The leading singular triplets of a dense or sparse matrix, by a subspace that starts from random vectors. With `rank` it
 * is block Krylov to a stated accuracy: ||A - u s v^T||_2 is within a few percent of the best, and the values within 1%.
 * With `tolerance` the rank is the least found for which ||A - u s v^T||_F <= tolerance ||A||_F (from 1e-8 on). The same
 * bits for any number of threads. `randomizedSvdSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const randomizedSvd = async

/** {@link randomizedSvd}, blocking. */
export const randomizedSvdSync = sync
