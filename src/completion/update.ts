import { forms } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import type { Csr } from '../sparse/csr.ts'
import { transposed } from '../sparse/transposed.ts'
import type { CompletionModel } from './model.ts'
import { type Observed, ownObserved } from './observations.ts'
import { solveRow } from './solve-row.ts'
import { checkModel } from './use.ts'

const STEPS = 8 // of conjugate gradients: what a row with few new observations takes

/** One side of a model while it learns. */
interface Side {
  readonly factor: Dense
  readonly biases: Float64Array
  readonly counts: Int32Array
}

const { async, sync } = forms<[CompletionModel, Observed], CompletionModel>(
  'update',
  2,
  [],
  function* (call, model, observed) {
    const { left, right, mean, rowBiases, columnBiases } = checkModel(call.name, model)
    const { A } = yield* ownObserved(call, 'observed', observed, 'average')
    const rows = grown(left, rowBiases, model.rowCounts, A.rows)
    const columns = grown(right, columnBiases, model.columnCounts, A.columns)
    const across = yield* transposed(A)
    // rows learn from the columns, columns from the rows as they are then, and rows that were new from both
    yield* learn(model, mean, A, rows, columns, left.rows)
    yield* learn(model, mean, across, columns, rows, right.rows)
    count(rows.counts, A)
    count(columns.counts, across)
    return {
      ...model,
      left: rows.factor,
      right: columns.factor,
      ...(rowBiases.length > 0 ? { rowBiases: rows.biases, columnBiases: columns.biases } : {}),
      rowCounts: rows.counts,
      columnCounts: columns.counts,
    }
  },
)

/**
 * A model that knows further observations as well, of rows and columns that may be new: `observed` has as many rows and
 * columns as there are then. What the model has learnt from n_i observations of a row is kept as a quadratic about its
 * factor with the Hessian (n_i / columns) diag(right^T right) + ridge, which is what the old observations would add were
 * they spread evenly; rows and columns without new observations stay as they are. O(rank) work for each observation and each
 * row of the model. `updateSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_INDEX, ERR_NOT_FINITE, ERR_TYPE, ERR_OPTION
 */
export const update = async

/** {@link update}, blocking. */
export const updateSync = sync

/** A copy with room for `rows` rows. */
function grown({ rows, columns, values }: Dense, biases: Float64Array, counts: Int32Array, wanted: number): Side {
  const n = Math.max(rows, wanted)
  const side = {
    factor: { rows: n, columns, values: float64(n * columns) },
    biases: float64(biases.length > 0 ? n : 0),
    counts: int32(n),
  }
  side.factor.values.set(values)
  side.biases.set(biases)
  side.counts.set(counts.subarray(0, rows))
  return side
}

/** Moves the rows of `side` that have observations in A, `known` of which were there before. */
function* learn(
  { ridge, biasRidge, ridgeScaling, nonnegative }: CompletionModel,
  mean: number,
  { pattern, values }: Csr,
  side: Side,
  other: Side,
  known: number,
): Steps<void> {
  const r = side.factor.columns
  const biased = side.biases.length > 0
  const rank = r + (biased ? 1 : 0)
  const [F, G] = [side.factor.values, other.factor.values]
  const gram = Float64Array.from(columnNorms(G, r), norm => norm * norm)
  const [base, spread, x] = [new Float64Array(rank), new Float64Array(rank), new Float64Array(rank)]
  for (let i = 0, work = 0; i < pattern.rows; i++) {
    const [from, s] = [pattern.rowPointers[i]!, pattern.rowPointers[i + 1]! - pattern.rowPointers[i]!]
    if (s === 0) continue
    const n = side.counts[i]!
    const many = ridgeScaling === 'count' ? n + s : 1
    const [features, errors] = [new Float64Array(s * rank), new Float64Array(s)]
    for (let e = 0; e < s; e++) {
      const j = pattern.columnIndices[from + e]!
      let error = values[from + e]! - mean - (biased ? side.biases[i]! + other.biases[j]! : 0)
      for (let c = 0; c < r; c++) {
        const g = G[j * r + c]!
        features[e * rank + c] = g
        error -= F[i * r + c]! * g
      }
      if (biased) features[e * rank + r] = 1
      errors[e] = error
    }
    for (let c = 0; c < rank; c++) {
      const one = c < r ? gram[c]! / Math.max(1, other.factor.rows) : 1
      base[c] = n * one + many * (c < r ? ridge : biasRidge)
      spread[c] = s * one
    }
    x.fill(0)
    const isNew = i >= known || n === 0
    const settings = { rank, ridge: 0, scaled: false, steps: isNew ? 0 : STEPS, nonnegative: false }
    solveRow(
      { V: features, rows: s, at: undefined },
      errors,
      new Float64Array(0),
      x,
      spread,
      isNew && base.every(b => b === 0) ? new Float64Array(0) : base,
      settings,
    )
    for (let c = 0; c < r; c++) F[i * r + c] = nonnegative ? Math.max(0, F[i * r + c]! + x[c]!) : F[i * r + c]! + x[c]!
    if (biased) side.biases[i]! += x[r]!
    work += s * rank
    if (work < 1 << 18) continue
    work = 0
    yield tick
  }
}

function count(counts: Int32Array, { pattern: { rows, rowPointers } }: Csr): void {
  for (let i = 0; i < rows; i++) counts[i]! += rowPointers[i + 1]! - rowPointers[i]!
}
