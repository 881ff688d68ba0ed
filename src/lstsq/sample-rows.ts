import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { checkSeed, uniformAt } from '../core/random.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { ownRows } from '../sketch/sketch.ts'
import { Csr } from '../sparse/csr.ts'
import { scoresOf } from './leverage.ts'
import { lewisOf } from './lewis.ts'

/** What rows are drawn by. */
export type RowScores = 'sensitivity' | 'root-leverage' | 'augmented'

/** Options of {@link sampleRows}. */
export interface SampleRowsOptions extends ControlOptions {
  /** The norm that is to be kept, 1 to 4 (below); default 2. */
  readonly p?: number
  /**
   * Default `'augmented'`: bounds of the l_p sensitivities and leverage scores together (Munteanu and Omlor 2024). `'sensitivity'`:
   * the bounds alone; `'root-leverage'`: leverage scores to the power p / 2, p up to 2 (Woodruff and Yasuda 2023).
   */
  readonly by?: RowScores
  /** Rows to expect; default: as many as `epsilon` asks for. */
  readonly rows?: number
  /** ||S A x||_p is to be within a factor 1 + epsilon of ||A x||_p for all x. Default 0.5. */
  readonly epsilon?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/** Some rows of a matrix: sum_k weights[k] |a_(indices[k]) x|^p is ||A x||_p^p in expectation. */
export interface RowSample {
  /** Ascending, without repetitions. */
  readonly indices: Int32Array
  /** One over the probability of each: scale row k, and its right-hand side, by weights[k]^(1 / p). */
  readonly weights: Float64Array
  /** Rows that were expected. */
  readonly expected: number
}

const { async, sync } = forms<[Dense | CsrData, SampleRowsOptions?], RowSample>(
  'sampleRows',
  1,
  ['p', 'by', 'rows', 'epsilon', 'seed'],
  function* (call, given, options = {}) {
    const { p = 2, by = 'augmented', rows, epsilon = 0.5, seed = 0 } = options
    if (typeof p !== 'number' || !(p >= 1 && p < 4))
      throw refuse('ERR_OPTION', call.name, 'option p', 'at least 1 and below 4', p)
    if (!['sensitivity', 'root-leverage', 'augmented'].includes(by))
      throw refuse('ERR_OPTION', call.name, 'option by', "'sensitivity', 'root-leverage' or 'augmented'", by)
    if (by === 'root-leverage' && p > 2)
      throw refuse('ERR_OPTION', call.name, 'option by', 'another where p is above 2', by)
    if (rows !== undefined && !(typeof rows === 'number' && rows > 0))
      throw refuse('ERR_OPTION', call.name, 'option rows', 'a positive number', rows)
    if (typeof epsilon !== 'number' || !(epsilon > 0 && epsilon <= 1))
      throw refuse('ERR_OPTION', call.name, 'option epsilon', 'above 0, at most 1', epsilon)
    checkSeed(call.name, 'option seed', seed)
    const A = yield* ownRows(call, 'A', given)
    return yield* sampleOf(call.name, A, { p, by, rows, epsilon, seed })
  },
)

/** What is wanted of a sample. */
export interface Sampling {
  readonly p: number
  readonly by: RowScores
  readonly rows: number | undefined
  readonly epsilon: number
  readonly seed: number
}

/** A sample of the rows of a checked matrix: each alone, with its own probability. */
export function* sampleOf(method: string, A: Dense | CsrData, wanted: Sampling): Steps<RowSample> {
  const scores = yield* scoresFor(method, A, wanted)
  const total = sum(scores)
  const expected = Math.min(scores.length, wanted.rows ?? predicted(total, wanted))
  const factor = factorFor(scores, expected)
  const chosen: number[] = []
  for (let i = 0; i < scores.length; i++)
    if (uniformAt(wanted.seed, 0, i) < Math.min(1, factor * scores[i]!)) chosen.push(i)
  const indices = int32(chosen.length)
  const weights = float64(chosen.length)
  for (const [k, i] of chosen.entries()) {
    indices[k] = i
    weights[k] = 1 / Math.min(1, factor * scores[i]!)
  }
  return { indices, weights, expected }
}

/** Upper bounds of the sensitivities sup_x |a_i x|^p / ||A x||_p^p, or what takes their place. */
function* scoresFor(method: string, A: Dense | CsrData, { p, by }: Sampling): Steps<Float64Array> {
  const leverage = yield* scoresOf(A, false, 0)
  if (by === 'root-leverage') return leverage.map(score => score ** (p / 2))
  const { rows: m, columns: n } = isDense(A) ? A : A.pattern
  const lewis = p === 2 ? leverage : yield* lewisOf(method, isDense(A) ? A : Csr.from(A).toDense(), p, 1e-4)
  // by Lewis weights, and by norms: |a_i x| <= tau_i^(1/2) ||A x||_2
  const [byWeight, byNorm] = [n ** Math.max(0, p / 2 - 1), m ** Math.max(0, p / 2 - 1)]
  const bounds = lewis.map((weight, i) => Math.min(1, byWeight * weight, byNorm * leverage[i]! ** (p / 2)))
  return by === 'sensitivity' ? bounds : bounds.map((bound, i) => bound + leverage[i]!)
}

const CONSTANT = 2 // found by trial: bounds come without one

/** Rows that keep all l_p norms to 1 + epsilon, by the total of the scores. */
function predicted(total: number, { p, by, epsilon }: Sampling): number {
  const power = by === 'sensitivity' ? (p < 2 ? 2 / p : 2 - 2 / p) : by === 'augmented' && p > 2 ? 2 - 2 / p : 1
  const count = total ** power
  return Math.ceil((CONSTANT * count * (1 + Math.log(Math.max(1, count)))) / epsilon ** 2)
}

/** c with sum min(1, c s_i) = rows, or as near as the scores allow. */
function factorFor(scores: Float64Array, rows: number): number {
  let factor = rows / sum(scores)
  for (let step = 0; step < 100; step++) {
    const [whole, rest] = [
      scores.filter(score => factor * score >= 1).length,
      sum(scores.filter(score => factor * score < 1)),
    ]
    if (!(rest > 0)) break
    const next = (rows - whole) / rest
    if (!(next > factor * (1 + 1e-12))) break
    factor = next
  }
  return Number.isFinite(factor) ? factor : 1
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/**
 * Draws few rows of a tall A such that sums of p-th powers survive: a least-p-th-powers problem on them is nearly the whole one.
 * Rows are drawn each for itself, by bounds of how much one alone can make of ||A x||_p.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const sampleRows = async

/** {@link sampleRows}, blocking. */
export const sampleRowsSync = sync
