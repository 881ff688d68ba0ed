import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { type Eigh, eighOf } from '../dense/eigh.ts'
import { times } from '../dense/times.ts'
import { normals } from '../sketch/normals.ts'
import { Basis } from './basis.ts'
import { type BlockMatrix, blockMatrix, inUnits, requireSquare } from './matrix.ts'

/** Options of {@link randomizedEigh}. */
export interface RandomizedEighOptions {
  /** How many eigenvalues, those of largest magnitude. */
  readonly rank: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
  /** ||A v_j - w_j v_j|| <= accuracy |w_j| is reached for all j; errors of w_j are near its square. Default 0.1. */
  readonly accuracy?: number
  /** Columns of a block; default about a quarter of the rank, 8 to 32. */
  readonly blockSize?: number
}

/** A is near vectors diag(values) vectors^T. */
export interface RandomizedEigh extends Eigh {
  /** Whether the accuracy was reached before the subspace was as large as it may be. */
  readonly converged: boolean
  /** max ||A v_j - w_j v_j|| / |w_j|. */
  readonly accuracy: number
  /** Products of A with a vector. */
  readonly products: number
}

const { async, sync } = forms<[Dense | CsrData, RandomizedEighOptions], RandomizedEigh>(
  'randomizedEigh',
  1,
  ['rank', 'seed', 'accuracy', 'blockSize'],
  function* (call, given, options) {
    const name = call.name
    const rank = integerOption(name, 'rank', options?.rank, 1, 2 ** 31 - 1)
    const { accuracy = 0.1, seed = 0 } = options
    if (typeof accuracy !== 'number' || !(accuracy > 0))
      throw refuse('ERR_OPTION', name, 'option accuracy', 'a number above 0', accuracy)
    checkSeed(name, 'option seed', seed)
    const { A, unit } = inUnits(yield* blockMatrix(call, 'A', given))
    requireSquare(name, A)
    const n = A.rows
    const k = Math.min(rank, n)
    const usual = Math.max(8, Math.min(32, Math.ceil(k / 32) * 8))
    const b = Math.min(integerOption(name, 'blockSize', options.blockSize ?? usual, 1, 4096), Math.max(n, 1))
    if (n === 0)
      return {
        values: float64(0),
        vectors: { rows: 0, columns: 0, values: float64(0) },
        converged: true,
        accuracy: 0,
        products: 0,
      }
    const found = yield* blockLanczos(name, A, k, b, seed, accuracy)
    return { ...found, values: found.values.map(x => x / unit) }
  },
)

/**
 * Randomized block Lanczos with all blocks kept (Golub and Underwood 1977): V^T A V = T is block tridiagonal, and
 * A v - w v = V_next R s_last. The largest |w| first to be wanted, returned ascending.
 */
function* blockLanczos(
  name: string,
  A: BlockMatrix,
  k: number,
  b: number,
  seed: number,
  wanted: number,
): Steps<RandomizedEigh> {
  const V = new Basis(A.rows)
  const floor = 4 * Number.EPSILON * A.norm
  const most = Math.min(A.rows, 6 * k + 8 * b)
  const blocks: { readonly at: number; readonly T: Dense; readonly R: Dense }[] = []
  let products = 0
  yield* V.extend(yield* normals(A.rows, b, seed, 0), 0)
  for (;;) {
    const last = V.blocks.at(-1)!
    const at = V.columns - last.columns
    const d = V.columns
    const W = yield* A.times(last)
    products += last.columns
    const T = yield* times(last, W, 'A')
    const { Q, R } = yield* V.extend(W, floor)
    blocks.push({ at, T, R })
    const ended = Q.columns === 0 || d >= most
    if (d < k && !ended) continue
    const S = symmetric(blocks, d)
    const w = float64(d)
    yield* eighOf(name, S, d, w, true)
    const order = Array.from(w, (_, j) => j).sort((i, j) => Math.abs(w[j]!) - Math.abs(w[i]!))
    const chosen = order.slice(0, k).sort((i, j) => i - j)
    const accuracy = Q.columns === 0 ? 0 : Math.max(...chosen.map(j => residual(S, d, j, R, at) / Math.abs(w[j]!)))
    if (!ended && !(accuracy <= wanted)) continue
    const picked = float64(d * chosen.length)
    for (let i = 0; i < d; i++) for (const [c, j] of chosen.entries()) picked[i * chosen.length + c] = S[i * d + j]!
    return {
      values: Float64Array.from(chosen, j => w[j]!),
      vectors: yield* V.times({ rows: d, columns: chosen.length, values: picked }),
      converged: accuracy <= wanted && chosen.length === k,
      accuracy,
      products,
    }
  }
}

/** T of order d from its blocks. */
function symmetric(
  blocks: readonly { readonly at: number; readonly T: Dense; readonly R: Dense }[],
  d: number,
): Float64Array {
  const S = float64(d * d)
  for (const { at, T, R } of blocks) {
    const b = T.columns
    for (let i = 0; i < b; i++)
      for (let j = 0; j < b; j++) S[(at + i) * d + at + j] = (T.values[i * b + j]! + T.values[j * b + i]!) / 2
    for (let i = 0; i < R.rows && at + b + i < d; i++)
      for (let j = 0; j < b; j++) S[(at + b + i) * d + at + j] = S[(at + j) * d + at + b + i] = R.values[i * b + j]!
  }
  return S
}

/** ||R s|| for the last part of column j of S. */
function residual(S: Float64Array, d: number, j: number, R: Dense, at: number): number {
  let sum = 0
  for (let i = 0; i < R.rows; i++) {
    let dot = 0
    for (let c = 0; c < R.columns; c++) dot += R.values[i * R.columns + c]! * S[(at + c) * d + j]!
    sum += dot * dot
  }
  return Math.sqrt(sum)
}

/**
 * The eigenvalues of largest magnitude of a dense or sparse symmetric matrix, and eigenvectors, by block Lanczos from random
 * vectors to a stated accuracy. Symmetry is taken for granted. `randomizedEighSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const randomizedEigh = async

/** {@link randomizedEigh}, blocking. */
export const randomizedEighSync = sync
