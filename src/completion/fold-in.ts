import { refuse } from '../core/errors.ts'
import { checkOptions } from '../core/method.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { checkIndexArray } from '../sparse/pattern.ts'
import type { CompletionModel } from './model.ts'
import { numberOption } from './options.ts'
import { type Features, solveRow } from './solve-row.ts'
import { type CheckedModel, checkId, checkModel } from './use.ts'

/** Observations of one row, or with `rowIndices` of one column, that the model does not have. */
export interface RowObservations {
  readonly columnIndices?: ArrayLike<number>
  readonly rowIndices?: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly weights?: ArrayLike<number>
}

/** Options of {@link foldIn}. */
export interface FoldInOptions {
  /** Default: the model's. */
  readonly ridge?: number
}

/** Where a row or column stands among those of a model. */
export interface Folded {
  readonly factor: Float64Array
  /** 0 where the model has no biases. */
  readonly bias: number
}

const keys: ReadonlySet<string> = new Set(['ridge'])

/**
 * The factor and bias of a new row, by ridge regression on the factors of the columns that it has observations of; of a new
 * column where `rowIndices` are given. The model stays as it is; see `update`. Synchronous: about s rank^2 flops for s
 * observations.
 *
 * @throws KrylovError ERR_INDEX for a column that the model does not have; ERR_TYPE, ERR_SHAPE, ERR_NOT_FINITE, ERR_OPTION;
 * ERR_UNSUPPORTED of implicit feedback, whose every row is fitted to all columns
 */
export function foldIn(model: CompletionModel, observations: RowObservations, options: FoldInOptions = {}): Folded {
  const name = 'foldIn'
  checkOptions(name, options, keys)
  const checked = checkModel(name, model)
  if (model.confidence !== undefined)
    throw refuse('ERR_UNSUPPORTED', name, 'model', 'one of explicit observations', 'one of implicit feedback')
  if (typeof observations !== 'object' || observations === null)
    throw refuse('ERR_TYPE', name, 'observations', '{ columnIndices, values }', observations)
  const ofColumn = observations.rowIndices !== undefined
  const what = ofColumn ? 'rowIndices' : 'columnIndices'
  const side = ofColumn ? checked.left : checked.right
  const at = checkIndexArray(name, `observations.${what}`, observations[what])
  const s = at.length
  const values = checkVector(name, 'observations.values', observations.values, s)
  checkFinite(name, 'observations.values', values)
  const given = observations.weights
  const weights = given === undefined ? new Float64Array(0) : checkVector(name, 'observations.weights', given, s)
  const columns = new Int32Array(at)
  for (let e = 0; e < s; e++) {
    // names are only made where they are told: they cost more than the row
    if (!(columns[e]! >= 0 && columns[e]! < side.rows)) checkId(name, `observations.${what}[${e}]`, at[e], side.rows)
    if (weights.length > 0 && !(weights[e]! > 0))
      throw refuse('ERR_OPTION', name, `observations.weights[${e}]`, 'above 0', weights[e])
  }
  const ridge = numberOption(name, 'ridge', options.ridge ?? model.ridge)
  const features = featuresOf(model, checked, side, columns, ridge)
  const { rank, unit } = features
  const offsets = ofColumn ? checked.rowBiases : checked.columnBiases
  const targets = new Float64Array(s)
  for (let e = 0; e < s; e++) targets[e] = values[e]! - checked.mean - (offsets.length > 0 ? offsets[columns[e]!]! : 0)
  const x = new Float64Array(rank)
  const scaled = model.ridgeScaling === 'count'
  const settings = { rank, ridge, scaled, steps: 0, nonnegative: model.nonnegative === true }
  solveRow(features, targets, weights, x, none, none, settings)
  return unit === 0 ? { factor: x, bias: 0 } : { factor: x.slice(0, rank - 1), bias: x[rank - 1]! * unit }
}

const none = new Float64Array(0)

interface FoldedFeatures extends Features {
  readonly rank: number
  /** What stands in the bias's column; 0: no biases. */
  readonly unit: number
}

/** The factors of the other side as they are, or of these columns with that of a bias. */
function featuresOf(
  model: CompletionModel,
  { rank: r, rowBiases }: CheckedModel,
  { rows, values }: Dense,
  at: Int32Array,
  ridge: number,
): FoldedFeatures {
  if (rowBiases.length === 0) return { V: values, rows, at, rank: r, unit: 0 }
  const biasRidge = model.biasRidge ?? ridge
  const unit = ridge > 0 && biasRidge > 0 ? Math.sqrt(ridge / biasRidge) : 1
  const rank = r + 1
  const V = new Float64Array(at.length * rank)
  for (let e = 0, to = 0; e < at.length; e++) {
    for (let c = 0, from = at[e]! * r; c < r; c++) V[to++] = values[from++]!
    V[to++] = unit
  }
  return { V, rows: at.length, at: undefined, rank, unit }
}
