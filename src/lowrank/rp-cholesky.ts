import { KrylovError } from '../core/errors.ts'
import { forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed, uniformAt } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { choleskyOf } from '../dense/cholesky.ts'
import type { Eigh } from '../dense/eigh.ts'
import { svdOf } from '../dense/svd.ts'
import { across, addTimes, beside, times } from '../dense/times.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { rowsAt } from './gather.ts'
import { type Columns, columnsOfMatrix, type KernelMatrix } from './kernel-matrix.ts'
import { reduced } from './truncate.ts'

/** Options of {@link rpCholesky}. */
export interface RpCholeskyOptions {
  /** Columns that are looked at, at most. */
  readonly rank: number
  /** Columns at a time; default a tenth of the rank. */
  readonly blockSize?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/** A near vectors diag(values) vectors^T. */
export interface RpCholesky extends Eigh {
  /** The columns of A that it was made of, in the order in which they were drawn. */
  readonly pivots: Int32Array
  /** The trace of what is left of A, which is the error in the nuclear norm. */
  readonly residualTrace: number
}

const { async, sync } = forms<[Dense | CsrData | KernelMatrix, RpCholeskyOptions], RpCholesky>(
  'rpCholesky',
  1,
  ['rank', 'blockSize', 'seed'],
  function* (call, given, options) {
    const name = call.name
    const rank = integerOption(name, 'rank', options?.rank, 1, 2 ** 31 - 1)
    const b = integerOption(name, 'blockSize', options.blockSize ?? Math.ceil(rank / 10), 1, 4096)
    const seed = checkSeed(name, 'option seed', options.seed ?? 0)
    const A = yield* columnsOfMatrix(call, given)
    if (A.diagonal.some(d => d < 0)) throw notSemidefinite(name)
    return yield* factor(name, A, Math.min(rank, A.rows), b, seed)
  },
)

const notSemidefinite = (name: string) =>
  new KrylovError('ERR_UNSUPPORTED', `${name}: A is not positive semidefinite: use randomizedEigh`)

/**
 * A near F F^T (Chen, Epperly, Tropp and Webber 2023, Algorithm 2.2, by blocks): pivots S are drawn by the diagonal d of what is
 * left, G = A[:, S] - F F[S]^T, and F takes in G C^-T with C C^T = G[S]. 2 n k^2 flops, and n k entries of A.
 */
function* factor(name: string, A: Columns, k: number, b: number, seed: number): Steps<RpCholesky> {
  const { rows: n } = A
  const d = A.diagonal
  const trace = sum(d)
  const largest = d.reduce((a, b) => Math.max(a, b), 0)
  const parts: Dense[] = []
  const pivots: number[] = []
  for (let drawn = 0; pivots.length < k && sum(d) > n * Number.EPSILON * trace; drawn += b) {
    const S = draw(d, Math.min(b, k - pivots.length), seed, drawn)
    const G = yield* A.columns(S)
    for (const F of parts) yield* addTimes(G, -1, F, across(rowsAt(F, S)))
    const lower = yield* shiftedFactor(name, rowsAt(G, S), Number.EPSILON * largest)
    const F = across(G)
    yield* run(solveTriangularIn, lower, S.length, F.values, n, true, false, false)
    parts.push(across(F))
    pivots.push(...S)
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < S.length; c++) d[i]! -= F.values[c * n + i]! ** 2
      d[i] = Math.max(0, d[i]!)
    }
    for (const i of S) d[i] = 0
  }
  const F = beside(n, parts)
  const { q, r } = yield* reduced(F)
  const c = r.columns
  const [u, s, v] = [float64(r.rows * c), float64(Math.min(r.rows, c)), float64(c * c)]
  yield* svdOf(r.values, r.rows, c, u, s, v)
  const vectors = yield* times(q, { rows: r.rows, columns: s.length, values: u })
  return { values: s.map(x => x * x), vectors, pivots: Int32Array.from(pivots), residualTrace: sum(d) }
}

const SHIFTS = 8 // tenfold increases of the shift before A counts as not semidefinite

/** C C^T = H + shift I with the least shift, of rounding size, for which there is one. */
function* shiftedFactor(name: string, H: Dense, unit: number): Steps<Float64Array> {
  const { rows: b, values } = H
  for (let attempt = 0, shift = unit; attempt < SHIFTS; attempt++, shift *= 10) {
    const C = float64(b * b)
    for (let at = 0; at < C.length; at++) C[at] = values[at]! + (at % (b + 1) === 0 ? shift : 0)
    const { lower, failed } = yield* choleskyOf(H, C)
    if (failed < 0) return lower
  }
  throw notSemidefinite(name)
}

const sum = (x: ArrayLike<number>): number => Array.prototype.reduce.call(x, (a, b) => (a as number) + b, 0) as number

/** Distinct indices, ascending, drawn by the weights d: at most `count` of them. */
function draw(d: Float64Array, count: number, seed: number, first: number): Int32Array {
  const running = new Float64Array(d.length)
  let total = 0
  for (let i = 0; i < d.length; i++) running[i] = total += d[i]!
  const chosen = new Set<number>()
  for (let c = 0; c < count; c++) {
    const u = uniformAt(seed, 0, first + c) * total
    let [low, high] = [0, d.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (running[middle]! > u) high = middle
      else low = middle + 1
    }
    if (d[low]! > 0) chosen.add(low)
  }
  return Int32Array.from(chosen).sort()
}

/**
 * An approximation of a symmetric positive semidefinite matrix from a few of its columns, drawn by what the ones before have
 * left: randomly pivoted Cholesky. A is dense, sparse, or a kernel that computes columns where they are asked for, so that n k of
 * the n^2 entries are ever looked at. `values`, descending, and `vectors` make a preconditioner by {@link nystromPreconditioner}.
 * `rpCholeskySync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION; ERR_UNSUPPORTED where A is seen not to be semidefinite
 */
export const rpCholesky = async

/** {@link rpCholesky}, blocking. */
export const rpCholeskySync = sync
