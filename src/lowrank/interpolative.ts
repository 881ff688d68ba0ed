import { forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { float64, int32 } from '../core/shared.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { qrOf } from '../dense/qr.ts'
import { transposed } from '../dense/rows.ts'
import { rowsOf } from '../dense/times.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { normals } from '../sketch/normals.ts'
import { columnsAt } from './gather.ts'
import { blockMatrix } from './matrix.ts'

/** Options of {@link interpolative}. */
export interface InterpolativeOptions {
  /** Columns to be chosen. */
  readonly rank: number
  /** Rows of the sketch beyond the rank; default 10. */
  readonly oversampling?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/** A is near C Z. */
export interface Interpolative {
  /** Which columns of A are those of C. */
  readonly columnIndices: Int32Array
  /** m x k */
  readonly C: Dense
  /** k x n; the identity in the chosen columns. */
  readonly Z: Dense
}

const { async, sync } = forms<[Dense | CsrData, InterpolativeOptions], Interpolative>(
  'interpolative',
  1,
  ['rank', 'oversampling', 'seed'],
  function* (call, given, options) {
    const name = call.name
    const rank = integerOption(name, 'rank', options?.rank, 1, 2 ** 31 - 1)
    const more = integerOption(name, 'oversampling', options.oversampling ?? 10, 0, 2 ** 31 - 1)
    const seed = checkSeed(name, 'option seed', options.seed ?? 0)
    const A = yield* blockMatrix(call, 'A', given)
    const n = A.columns
    const l = Math.min(rank + more, A.rows)
    const Yt = yield* A.transposeTimes(yield* normals(A.rows, l, seed, 0))
    const r = float64(Math.min(l, n) * n)
    const pivots = int32(n)
    yield* run(qrOf, transposed(Yt.values, n, l), l, n, float64(0), r, pivots)
    let k = Math.min(rank, l, n)
    while (k > 0 && !(Math.abs(r[(k - 1) * n + k - 1]!) > 1e-15 * Math.abs(r[0]!))) k--
    // R11^-1 [R11 R12], in the order of the pivots
    const top = rowsOf({ rows: Math.min(l, n), columns: n, values: r }, 0, k)
    const triangle = float64(k * k)
    for (let i = 0; i < k; i++) triangle.set(top.values.subarray(i * n, i * n + k), i * k)
    yield* run(solveTriangularIn, triangle, k, top.values, n, false, false, false)
    const Z = float64(k * n)
    for (let i = 0; i < k; i++)
      for (let j = 0; j < n; j++) Z[i * n + pivots[j]!] = j < k ? Number(i === j) : top.values[i * n + j]!
    const columnIndices = pivots.slice(0, k)
    return { columnIndices, C: columnsAt(A.stored, columnIndices), Z: { rows: k, columns: n, values: Z } }
  },
)

/**
 * Columns of A of which the others are combinations with small coefficients, A near C Z: pivoted QR of a sketch of A's
 * rows (Halko, Martinsson and Tropp 2011, section 5.2). `interpolativeSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const interpolative = async

/** {@link interpolative}, blocking. */
export const interpolativeSync = sync
