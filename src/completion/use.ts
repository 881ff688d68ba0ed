import { refuse } from '../core/errors.ts'
import { checkOptions, quickly } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64, int32 } from '../core/shared.ts'
import { atOnce } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { checkDense } from '../dense/own.ts'
import { reference } from '../kernels/reference.ts'
import { checkIndexArray } from '../sparse/pattern.ts'
import type { CompletionModel } from './model.ts'
import { rangeOption } from './options.ts'
import { topRows } from './top-rows.ts'

/** What a model is made of, checked in its shapes. */
export interface CheckedModel {
  readonly left: Dense
  readonly right: Dense
  readonly rank: number
  readonly mean: number
  /** Empty where there are none. */
  readonly rowBiases: Float64Array
  readonly columnBiases: Float64Array
  readonly range: readonly [number, number] | undefined
}

const none = float64(0)

/** Checks what a model is to have the shape of. */
export function checkModel(method: string, model: CompletionModel): CheckedModel {
  if (typeof model !== 'object' || model === null) throw refuse('ERR_TYPE', method, 'model', 'a completion', model)
  const left = checkDense(method, 'model.left', model.left)
  const right = checkDense(method, 'model.right', model.right)
  if (left.columns !== right.columns)
    throw refuse('ERR_SHAPE', method, 'model.right.columns', String(left.columns), right.columns)
  const biases = (name: 'rowBiases' | 'columnBiases', n: number) =>
    model[name] === undefined ? none : checkVector(method, `model.${name}`, model[name], n)
  const { mean = 0 } = model
  if (typeof mean !== 'number' || !Number.isFinite(mean))
    throw refuse('ERR_TYPE', method, 'model.mean', 'a finite number', mean)
  return {
    left,
    right,
    rank: left.columns,
    mean,
    rowBiases: biases('rowBiases', left.rows),
    columnBiases: biases('columnBiases', right.rows),
    range: rangeOption(method, model.range),
  }
}

/** A value within a model's range. */
export const within = (range: readonly [number, number] | undefined, value: number): number =>
  range === undefined ? value : Math.min(range[1], Math.max(range[0], value))

/**
 * Predictions for entries (rowIndices[e], columnIndices[e]) of a completed matrix. A row or column that had no observations
 * is predicted from the mean and the other's bias. 2 rank flops each.
 *
 * @throws KrylovError ERR_INDEX for a row or column that the model does not have; ERR_TYPE, ERR_SHAPE
 */
export function predict(
  model: CompletionModel,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
): Float64Array {
  const { left, right, rank, mean, rowBiases, columnBiases, range } = checkModel('predict', model)
  const rows = checkIndexArray('predict', 'rowIndices', rowIndices)
  const columns = checkIndexArray('predict', 'columnIndices', columnIndices)
  if (columns.length !== rows.length)
    throw refuse('ERR_SHAPE', 'predict', 'columnIndices', `${rows.length} long`, columns.length)
  const found = float64(rows.length)
  for (let e = 0; e < found.length; e++) {
    const i = checkId('predict', `rowIndices[${e}]`, rows[e]!, left.rows)
    const j = checkId('predict', `columnIndices[${e}]`, columns[e]!, right.rows)
    let value = mean + (rowBiases[i] ?? 0) + (columnBiases[j] ?? 0)
    for (let c = 0; c < rank; c++) value += left.values[i * rank + c]! * right.values[j * rank + c]!
    found[e] = within(range, value)
  }
  return found
}

/** Checks the index of a row or column. */
export function checkId(method: string, name: string, id: unknown, n: number): number {
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= n)
    throw refuse(
      'ERR_INDEX',
      method,
      name,
      n === 0 ? 'nothing: the model is empty' : `an integer from 0 to ${n - 1}`,
      id,
    )
  return id
}

/** Options of {@link topN}. */
export interface TopOptions {
  /** Columns that are left out, such as those that were observed. */
  readonly exclude?: ArrayLike<number>
}

/** Columns of a row, best first. */
export interface Top {
  readonly columns: Int32Array
  readonly scores: Float64Array
}

/**
 * The n columns with the largest predictions of a row, best first, of equal ones the first; fewer where there are no more.
 * `row`: an index, or a factor that `foldIn` gave. The completed matrix is not formed: one pass over the right factor, on
 * all threads.
 *
 * @throws KrylovError ERR_INDEX for a row that the model does not have; ERR_TYPE, ERR_SHAPE, ERR_OPTION
 */
export function topN(
  model: CompletionModel,
  row: number | { readonly factor: Float64Array; readonly bias: number },
  n: number,
  options: TopOptions = {},
): Top {
  checkOptions('topN', options, topKeys)
  const { left, right, rank, mean, rowBiases, columnBiases, range } = checkModel('topN', model)
  integerOption('topN', 'n', n, 0, 2 ** 31 - 1)
  let x: Float64Array
  let offset = mean
  if (typeof row === 'object' && row !== null) {
    x = checkVector('topN', 'row.factor', row.factor, rank)
    offset += Number.isFinite(row.bias) ? row.bias : 0
  } else {
    const i = checkId('topN', 'row', row, left.rows)
    x = left.values.subarray(i * rank, (i + 1) * rank)
    offset += rowBiases[i] ?? 0
  }
  const excluded = excludedOf(options.exclude)
  const direct = quickly(topRows)
  const args = [right.values, x, columnBiases, excluded, right.rows, n] as const
  const found = direct === undefined ? atOnce(referenceTop(args)) : pair(direct(...args))
  const scores = found.scores.map(score => within(range, offset + score))
  return { columns: found.rows, scores }
}

const topKeys: ReadonlySet<string> = new Set(['exclude'])
type Args = readonly [Float64Array, Float64Array, Float64Array, Int32Array, number, number]
type Found = { readonly rows: Int32Array; readonly scores: Float64Array }

function referenceTop(args: Args) {
  return topRows.steps(reference, ...args)
}

/** What comes back from a direct call is a list of leaves. */
function pair(leaves: unknown): Found {
  const [rows, scores] = leaves as [Int32Array | undefined, Float64Array | undefined]
  return { rows: rows ?? int32(0), scores: scores ?? none }
}

function excludedOf(given: ArrayLike<number> | undefined): Int32Array {
  if (given === undefined) return int32(0)
  const list = checkIndexArray('topN', 'option exclude', given)
  const excluded = int32(list.length)
  excluded.set(list)
  return excluded.sort()
}
