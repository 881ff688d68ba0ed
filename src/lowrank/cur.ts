import { refuse } from '../core/errors.ts'
import { forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { transposed } from '../dense/rows.ts'
import { times } from '../dense/times.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { normals } from '../sketch/normals.ts'
import { Csr } from '../sparse/csr.ts'
import { blockKrylov } from './block-krylov.ts'
import { columnsAt, rowsAt } from './gather.ts'
import { type BlockMatrix, blockMatrix, inUnits } from './matrix.ts'
import { pivotRows, sampleRowsByNorm } from './select.ts'
import { reduced } from './truncate.ts'

/** How columns and rows are chosen: see {@link cur}. */
export type CurSelection = 'deim' | 'lupp' | 'leverage'

/** Options of {@link cur}. */
export interface CurOptions {
  /** Columns and rows to be chosen. */
  readonly rank: number
  /** Default `'deim'`. */
  readonly select?: CurSelection
  /** A positive weight for each column, by which |A| is multiplied before the choice, as CURing does with activations. */
  readonly importance?: ArrayLike<number>
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/** A is near C U R. */
export interface Cur {
  /** Which columns of A are those of C. */
  readonly columnIndices: Int32Array
  /** Which rows of A are those of R. */
  readonly rowIndices: Int32Array
  /** m x k */
  readonly C: Dense
  /** k x k: C^+ A R^+, the best there is for these columns and rows. */
  readonly U: Dense
  /** k x n */
  readonly R: Dense
}

const selections: readonly CurSelection[] = ['deim', 'lupp', 'leverage']

const { async, sync } = forms<[Dense | CsrData, CurOptions], Cur>(
  'cur',
  1,
  ['rank', 'select', 'importance', 'seed'],
  function* (call, given, options) {
    const name = call.name
    const rank = integerOption(name, 'rank', options?.rank, 1, 2 ** 31 - 1)
    const { select = 'deim', importance } = options
    if (!selections.includes(select))
      throw refuse('ERR_OPTION', name, 'option select', `one of ${selections.join(', ')}`, select)
    const seed = checkSeed(name, 'option seed', options.seed ?? 0)
    const A = yield* blockMatrix(call, 'A', given)
    const k = Math.min(rank, A.rows, A.columns)
    const judged =
      importance === undefined ? A : yield* blockMatrix(call, 'A', weighted(name, A.stored, importance, A.columns))
    const [columnIndices, rowIndices] = yield* chosen(inUnits(judged).A, k, select, seed)
    const [C, R] = [columnsAt(A.stored, columnIndices), rowsAt(A.stored, rowIndices)]
    return { columnIndices, rowIndices, C, U: yield* middle(A, C, R), R }
  },
)

/** |A| diag(importance) */
function weighted(name: string, A: Dense | CsrData, importance: ArrayLike<number>, n: number): Dense | CsrData {
  const w = checkVector(name, 'option importance', importance, n)
  checkFinite(name, 'option importance', w)
  if (!w.every(x => x > 0)) throw refuse('ERR_OPTION', name, 'option importance', 'all positive', importance)
  if (isDense(A)) return { ...A, values: Float64Array.from(A.values, (a, at) => Math.abs(a) * w[at % n]!) }
  const { pattern, values } = Csr.from(A, name)
  return { pattern, values: values.map((a, e) => Math.abs(a) * w[pattern.columnIndices[e]!]!) }
}

function* chosen(A: BlockMatrix, k: number, select: CurSelection, seed: number): Steps<[Int32Array, Int32Array]> {
  if (k === 0) return [new Int32Array(0), new Int32Array(0)]
  if (select === 'lupp') {
    const Y = yield* A.transposeTimes(yield* normals(A.rows, k, seed, 0))
    const W = yield* A.times(yield* normals(A.columns, k, seed, 1))
    return [yield* pivotRows(Y), yield* pivotRows(W)]
  }
  const least = Math.min(A.rows, A.columns)
  const wanted = {
    count: (s: Float64Array) => (s.length < k ? undefined : k),
    accuracy: 0.3,
    most: Math.min(least, 6 * k + 64),
  }
  const { u, v } = yield* blockKrylov(A, Math.min(least, Math.max(8, k >> 2)), seed, wanted)
  if (select === 'deim') return [yield* pivotRows(v), yield* pivotRows(u)]
  return [sampleRowsByNorm(v, k, seed), sampleRowsByNorm(u, k, seed + 1)]
}

/** C^+ A R^+ by two QR factorizations: the inverse of A's cross would be cheaper, and unstable. */
function* middle(A: BlockMatrix, C: Dense, R: Dense): Steps<Dense> {
  const k = C.columns
  const left = yield* pseudoInverted(C)
  const right = yield* pseudoInverted({ rows: R.columns, columns: k, values: transposed(R.values, k, R.columns) })
  const core = yield* times(left.q, yield* A.times(right.q), 'A')
  yield* run(solveTriangularIn, left.r.values, k, core.values, k, false, false, false)
  const across = transposed(core.values, k, k)
  yield* run(solveTriangularIn, right.r.values, k, across, k, false, false, false)
  return { rows: k, columns: k, values: transposed(across, k, k) }
}

/** q r with the diagonal of r kept away from zero: columns that depend on others get nothing. */
function* pseudoInverted(C: Dense): Steps<{ q: Dense; r: Dense }> {
  const { q, r } = yield* reduced(C)
  const k = r.columns
  let largest = 0
  for (let j = 0; j < r.rows; j++) largest = Math.max(largest, Math.abs(r.values[j * k + j]!))
  for (let j = 0; j < r.rows; j++) {
    if (Math.abs(r.values[j * k + j]!) > 1e-14 * largest) continue
    for (let i = 0; i < q.rows; i++) q.values[i * q.columns + j] = 0
    r.values[j * k + j] = largest || 1
  }
  return { q, r }
}

/**
 * Columns and rows of A from which the rest can be put together, A near C U R. `'deim'`: by the discrete empirical
 * interpolation method on approximate singular vectors; `'lupp'`: pivots of an LU factorization of random
 * combinations of A's rows and columns, without singular vectors; `'leverage'`: drawn by leverage scores, which serves as the
 * baseline. U is best in the Frobenius norm. `curSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const cur = async

/** {@link cur}, blocking. */
export const curSync = sync
