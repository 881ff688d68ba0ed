import { bindLapack, forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { choleskyOf } from '../dense/cholesky.ts'
import { gramOf } from '../dense/gram.ts'
import { flagOption, ownDense } from '../dense/own.ts'
import { type Qr, qrOf } from '../dense/qr.ts'
import { transposed } from '../dense/rows.ts'
import { svdOf } from '../dense/svd.ts'
import { times } from '../dense/times.ts'
import { solveTriangularRightIn } from '../dense/triangular.ts'
import { addSketch } from '../sketch/left.ts'
import { sparseStack } from '../sketch/operators.ts'
import { sketchedQrcpSteps } from './qrcp.steps.ts'

const sketchedQrcp = bindLapack('sketchedQrcp', sketchedQrcpSteps)

const SMALL = 64 // columns, below which LAPACK's pivoting is as fast
const TALL = 8 // rows for each column, from which the triangle of a sketch makes all columns nearly orthogonal
const BLOCK = 64
const MORE = 8 // rows of the sketch beyond the block
const FULL = 1e-12 // |r_nn| / |r_11| of the sketch, above which A has full rank for CholeskyQR
const FLAT = 8 // condition of the sketch's triangle, columns scaled, up to which CholeskyQR of A alone is orthogonal to 1e-14

/** Options of {@link qrcp}. */
export interface QrcpOptions {
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
  /** Columns that are pivoted at a time where A is not tall; default 64. */
  readonly blockSize?: number
  /** Without: q has no columns. Default true. */
  readonly vectors?: boolean
}

/** A[:, pivots] = q r. */
export interface Qrcp extends Qr {
  /** Diagonal entries of r above max(m, n) eps |r_11|. */
  readonly rank: number
  /** `'cqrrpt'`, `'bqrrp'`, or `'geqp3'` where A is small. */
  readonly method: 'cqrrpt' | 'bqrrp' | 'geqp3'
}

const { async, sync } = forms<[Dense, QrcpOptions?], Qrcp>(
  'qrcp',
  1,
  ['seed', 'blockSize', 'vectors'],
  function* (call, given, options = {}) {
    const seed = checkSeed(call.name, 'option seed', options.seed ?? 0)
    const b = integerOption(call.name, 'blockSize', options.blockSize ?? BLOCK, 1, 4096)
    const { vectors = true } = options
    flagOption(call.name, 'vectors', vectors)
    const A = yield* ownDense(call, 'A', given)
    const { rows: m, columns: n } = A
    if (m >= TALL * n && n > SMALL) {
      const tall = yield* bySketchedTriangle(A, seed, vectors)
      if (tall !== undefined) return ranked(tall, 'cqrrpt')
    }
    const k = Math.min(m, n)
    const F: Qr = {
      q: { rows: m, columns: vectors ? k : 0, values: float64(vectors ? m * k : 0) },
      r: { rows: k, columns: n, values: float64(k * n) },
      pivots: int32(n),
    }
    if (k <= SMALL && options.blockSize === undefined) {
      yield* run(qrOf, A.values, m, n, F.q.values, F.r.values, F.pivots)
      return ranked(F, 'geqp3')
    }
    const width = Math.max(1, Math.min(b, k))
    const S = sparseStack({ rows: width + MORE, columns: Math.max(m, 1), seed })
    const Y = float64(S.rows * n)
    if (m > 0 && n > 0) yield* addSketch(S, A, 0, Y)
    yield* run(sketchedQrcp, A.values, m, n, Y, width, F.q.values, F.r.values, F.pivots)
    return ranked(F, 'bqrrp')
  },
)

function ranked(F: Qr, method: Qrcp['method']): Qrcp {
  const { rows, columns: n, values } = F.r
  const least = Math.max(F.q.rows, n) * Number.EPSILON * Math.abs(values[0] ?? 0)
  let rank = 0
  for (let j = 0; j < rows; j++) if (Math.abs(values[j * n + j]!) > least) rank++
  return { ...F, rank, method }
}

/**
 * CQRRPT (Melnichenko and others 2023): pivots and R0 from pivoted QR of a sketch, A P R0^-1 is nearly orthogonal, CholeskyQR
 * finishes it. Undefined where A is, or nearly is, of lower rank. 3 m n^2 flops, all in products; 2 m n^2 where A P is
 * itself as good as A P R0^-1, and m n^2 there without Q.
 */
function* bySketchedTriangle(A: Dense, seed: number, vectors: boolean): Steps<Qr | undefined> {
  const { rows: m, columns: n } = A
  const S = sparseStack({ rows: 2 * n, columns: m, seed })
  const Y = float64(S.rows * n)
  yield* addSketch(S, A, 0, Y)
  const r0 = float64(n * n)
  const pivots = int32(n)
  yield* run(qrOf, Y, S.rows, n, float64(0), r0, pivots)
  if (!(Math.abs(r0[n * n - 1]!) > FULL * Math.abs(r0[0]!))) return undefined
  const flat = (yield* scaledCondition(r0, n)) <= FLAT
  const Q = float64(flat && !vectors ? 0 : m * n)
  if (!flat) yield* run(solveTriangularRightIn, r0, n, A.values, pivots, Q, false)
  const gram = float64(n * n)
  yield* run(gramOf, flat ? A.values : Q, n, gram)
  const G = { rows: n, columns: n, values: flat ? permuted(gram, n, pivots) : gram }
  const { lower, failed } = yield* choleskyOf(G, G.values)
  if (failed >= 0) return undefined
  const upper = { rows: n, columns: n, values: transposed(lower, n, n) }
  if (vectors)
    yield* run(solveTriangularRightIn, upper.values, n, flat ? A.values : Q, flat ? pivots : int32(0), Q, false)
  const q = vectors ? { rows: m, columns: n, values: Q } : { rows: m, columns: 0, values: float64(0) }
  return { q, r: flat ? upper : yield* times(upper, { rows: n, columns: n, values: r0 }), pivots }
}

/** The condition of R, n x n, with columns of length 1. */
function* scaledCondition(R: Float64Array, n: number): Steps<number> {
  const lengths = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) lengths[j]! += R[i * n + j]! ** 2
  const scaled = float64(n * n)
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) scaled[i * n + j] = R[i * n + j]! / Math.sqrt(lengths[j]!)
  const s = float64(n)
  yield* svdOf(scaled, n, n, float64(0), s, float64(0))
  return s[0]! / s[n - 1]!
}

/** P^T G P. */
function permuted(G: Float64Array, n: number, order: Int32Array): Float64Array {
  const values = float64(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) values[i * n + j] = G[order[i]! * n + order[j]!]!
  return values
}

/**
 * QR with column pivoting, A[:, pivots] = q r, where a sketch chooses the pivots: as good as LAPACK's dgeqp3 in revealing
 * the rank, at several times its speed, since all work on A is in products. The same bits for any number of threads.
 * `qrcpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const qrcp = async

/** {@link qrcp}, blocking. */
export const qrcpSync = sync
