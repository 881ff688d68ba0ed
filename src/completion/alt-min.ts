import { run } from '../core/method.ts'
import { float32, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { eighOf } from '../dense/eigh.ts'
import { gramOf } from '../dense/gram.ts'
import { times } from '../dense/times.ts'
import type { Csr } from '../sparse/csr.ts'
import { factorRows } from './factor-rows.ts'
import type { Factors } from './model.ts'
import { offsetsOf, type Problem } from './problem.ts'

/** One side's half of a sweep. */
interface Side {
  readonly A: Csr
  readonly weights: Float64Array
  readonly offsets: Float64Array
  /** The factor that stays, and the one that is solved for. */
  readonly fixed: Float64Array
  readonly wanted: Float64Array
  readonly biases: Float64Array
}

/**
 * One sweep of alternating minimisation (Gu, Song, Yin and Zhang 2024 in its practical form): each factor in turn by a
 * ridge regression for each row, in `steps` steps of conjugate gradients from where the row was, or exactly with 0 steps.
 * Both factors are turned to the eigenbasis of the Gram matrix of the one that stays: there the preconditioner is diagonal,
 * and the objective is what it was. Returns the objective without its penalty. 4 |Omega| k (steps + 1) flops a half sweep,
 * or |Omega| k^2.
 */
export function* sweep(method: string, problem: Problem, factors: Factors, steps: number): Steps<number> {
  const { observed } = problem
  const { rowBiases, columnBiases } = factors
  const rows = {
    A: observed.byRow,
    weights: observed.rowWeights,
    offsets: offsetsOf(problem, columnBiases),
    fixed: factors.right,
    wanted: factors.left,
    biases: rowBiases,
  }
  const first = yield* half(method, problem, factors.rank, rows, steps)
  const columns = {
    A: observed.byColumn,
    weights: observed.columnWeights,
    offsets: offsetsOf(problem, rowBiases),
    fixed: first.wanted,
    wanted: first.fixed,
    biases: columnBiases,
  }
  const second = yield* half(method, problem, factors.rank, columns, steps)
  factors.left = second.fixed
  factors.right = second.wanted
  return second.square
}

/** The rows of one factor, and their biases, given the other. */
export function* half(
  method: string,
  problem: Problem,
  rank: number,
  { A, weights, offsets, fixed, wanted, biases }: Side,
  steps: number,
): Steps<{ readonly fixed: Float64Array; readonly wanted: Float64Array; readonly square: number }> {
  const { ridge, biasRidge, confidence, nonnegative, single } = problem
  // a bias is a further column: its features are `unit`, chosen so that one ridge serves all columns
  const unit = biases.length > 0 ? (ridge > 0 ? Math.sqrt(ridge / biasRidge) : 1) : 0
  const width = rank + (unit > 0 ? 1 : 0)
  let V: Dense = {
    rows: A.columns,
    columns: width,
    values: unit > 0 ? widened(fixed, A.columns, rank, () => unit) : fixed,
  }
  let X: Dense = {
    rows: A.rows,
    columns: width,
    values: unit > 0 ? widened(wanted, A.rows, rank, i => biases[i]! / unit) : wanted,
  }
  const turned = (steps > 0 || confidence !== undefined) && !nonnegative
  const spread = float64(turned ? width : 0)
  let Q: Dense | undefined
  if (turned) {
    Q = { rows: width, columns: width, values: float64(width * width) }
    yield* run(gramOf, V.values, width, Q.values)
    yield* eighOf(method, Q.values, width, spread, true)
    V = yield* times(V, Q)
    X = yield* times(X, Q)
  }
  const features = single ? float32(V.values.length) : V.values
  if (single) features.set(V.values)
  // a rank of no columns has a ridge for the bias alone
  const settings = {
    rank: width,
    ridge: rank === 0 ? biasRidge : ridge,
    scaled: problem.scaling === 'count',
    steps,
    nonnegative,
  }
  const base = confidence === undefined ? float64(0) : spread
  const square = yield* run(factorRows, A, weights, offsets, features, X.values, spread, base, settings)
  if (unit === 0) return { fixed: V.values, wanted: X.values, square }
  if (Q !== undefined) X = yield* times(X, Q, 'B')
  return { fixed, wanted: narrowed(X.values, rank, biases, unit), square }
}

/** A factor with a further column. */
function widened(factor: Float64Array, rows: number, rank: number, last: (i: number) => number): Float64Array {
  const wide = float64(rows * (rank + 1))
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < rank; c++) wide[i * (rank + 1) + c] = factor[i * rank + c]!
    wide[i * (rank + 1) + rank] = last(i)
  }
  return wide
}

/** The factor without that column, which becomes the biases. */
function narrowed(wide: Float64Array, rank: number, biases: Float64Array, unit: number): Float64Array {
  const factor = float64(biases.length * rank)
  for (let i = 0; i < biases.length; i++) {
    for (let c = 0; c < rank; c++) factor[i * rank + c] = wide[i * (rank + 1) + c]!
    biases[i] = wide[i * (rank + 1) + rank]! * unit
  }
  return factor
}
