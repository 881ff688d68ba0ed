import { refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { eachBlock, isStream } from '../core/stream.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { transposed } from '../dense/rows.ts'
import type { Svd } from '../dense/svd.ts'
import { times } from '../dense/times.ts'
import { normals } from '../sketch/normals.ts'
import type { RowBlocks } from '../sketch/sketch.ts'
import { blockMatrix } from './matrix.ts'
import { skeleton } from './skeleton.ts'
import { truncated } from './truncate.ts'

/** Options of {@link generalizedNystrom}. */
export interface GeneralizedNystromOptions {
  readonly rank: number
  /** Columns of X beyond the rank; default max(5, rank / 2). Y has half as many rows again as X columns. */
  readonly oversampling?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

const { async, sync } = forms<[Dense | CsrData | RowBlocks, GeneralizedNystromOptions], Svd>(
  'generalizedNystrom',
  1,
  ['rank', 'oversampling', 'seed'],
  function* (call, given, options) {
    const name = call.name
    const rank = integerOption(name, 'rank', options?.rank, 1, 2 ** 31 - 1)
    const more = integerOption(name, 'oversampling', options.oversampling ?? Math.max(5, rank >> 1), 0, 2 ** 31 - 1)
    const seed = checkSeed(name, 'option seed', options.seed ?? 0)
    const sketches = new Sketches(rank + more, seed)
    if (isStream<Dense | CsrData>(given)) yield* eachBlock(call, given, block => sketches.add(call, block))
    else yield* sketches.add(call, given)
    return yield* truncated(yield* sketches.skeleton(), rank)
  },
)

/** A X and Y A of rows that come in pieces. */
class Sketches {
  readonly r: number
  readonly seed: number
  rows = 0
  X: Dense | undefined
  YA: Dense | undefined
  readonly AX: Dense[] = []

  constructor(r: number, seed: number) {
    this.r = r
    this.seed = seed
  }

  *add(call: Call, given: Dense | CsrData): Steps<void> {
    const A = yield* blockMatrix(call, this.rows === 0 ? 'A' : 'a block of A', given)
    const { r, seed } = this
    const wide = Math.ceil(1.5 * r)
    this.X ??= yield* normals(A.columns, r, seed, 0)
    this.YA ??= { rows: A.columns, columns: wide, values: float64(A.columns * wide) }
    if (A.columns !== this.X.rows)
      throw refuse('ERR_SHAPE', call.name, 'a block of A', `${this.X.rows} columns, as the first`, A.columns)
    const Y = yield* normals(A.rows, wide, seed, 1, this.rows * wide)
    this.AX.push(yield* A.times(this.X))
    const part = yield* A.transposeTimes(Y)
    for (let at = 0; at < part.values.length; at++) this.YA.values[at]! += part.values[at]!
    this.rows += A.rows
  }

  *skeleton() {
    const { r } = this
    const n = this.X?.rows ?? 0
    const AX = { rows: this.rows, columns: r, values: float64(this.rows * r) }
    let at = 0
    for (const { values } of this.AX) {
      AX.values.set(values, at)
      at += values.length
    }
    const AtYt = this.YA ?? { rows: 0, columns: Math.ceil(1.5 * r), values: float64(0) }
    const X = this.X ?? { rows: 0, columns: r, values: float64(0) }
    const YA = { rows: AtYt.columns, columns: n, values: transposed(AtYt.values, n, AtYt.columns) }
    return yield* skeleton(AX, yield* times(YA, X), YA)
  }
}

/**
 * An approximation u diag(s) v^T of low rank from one pass over A: (A X) (Y A X)^+ (Y A) with X and Y of normals, truncated to
 * the rank (Nakatsukasa 2020; Tropp, Yurtsever, Udell and Cevher 2017). A is dense, sparse, or (asynchronous form) an iterable of
 * its rows in pieces. `generalizedNystromSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, also where a stream changes width; ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const generalizedNystrom = async

/** {@link generalizedNystrom}, blocking. */
export const generalizedNystromSync = sync as (A: Dense | CsrData, options: GeneralizedNystromOptions) => Svd
