import { KrylovError, refuse } from '../core/errors.ts'
import { type Call, run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { Csr } from '../sparse/csr.ts'
import { checkIndexArray, checkSize } from '../sparse/pattern.ts'
import { gathered } from '../sparse/transpose.ts'
import { transpositionOf } from '../sparse/transposed.ts'
import { rowMajorOrder } from '../sparse/triplets.ts'
import { sampledResidual } from './sampled-residual.ts'

/** Observed entries of a matrix: entry (rowIndices[e], columnIndices[e]) is values[e]. */
export interface Observed {
  readonly rows: number
  readonly columns: number
  readonly rowIndices: ArrayLike<number>
  readonly columnIndices: ArrayLike<number>
  readonly values: ArrayLike<number>
  /** What each counts, above 0; default 1. */
  readonly weights?: ArrayLike<number> | undefined
}

/** What is done where an entry is given twice. */
export type Duplicates = 'refuse' | 'average'

/** Observations of a matrix and the same of its transpose. */
export interface Observations {
  readonly byRow: Csr
  readonly byColumn: Csr
  /** In the order of either; empty where all are 1. */
  readonly rowWeights: Float64Array
  readonly columnWeights: Float64Array
}

const PER_TICK = 1 << 19

/** Checks observations and brings them into the order of rows. */
export function* ownObserved(
  call: Call,
  argument: string,
  given: Observed,
  duplicates: Duplicates = 'refuse',
): Steps<{ readonly A: Csr; readonly weights: Float64Array }> {
  const { name } = call
  if (typeof given !== 'object' || given === null)
    throw refuse('ERR_TYPE', name, argument, 'observed entries { rows, columns, rowIndices, .. }', given)
  const rows = checkSize(name, `${argument}.rows`, given.rows)
  const columns = checkSize(name, `${argument}.columns`, given.columns)
  const i = checkIndexArray(name, `${argument}.rowIndices`, given.rowIndices)
  const j = checkIndexArray(name, `${argument}.columnIndices`, given.columnIndices)
  const count = i.length
  if (j.length !== count) throw refuse('ERR_SHAPE', name, `${argument}.columnIndices`, `${count} long`, j.length)
  const own = (list: ArrayLike<number>) => (call.form === 'sync' ? list : Int32Array.from(list))
  const [rowIndices, columnIndices] = [own(i), own(j)]
  const numbers = (what: string, list: ArrayLike<number>) => {
    const vector = checkVector(name, `${argument}.${what}`, list, count)
    const copy = call.form === 'sync' ? vector : vector.slice()
    checkFinite(name, `${argument}.${what}`, copy)
    return copy
  }
  const values = numbers('values', given.values)
  const weights = given.weights === undefined ? undefined : numbers('weights', given.weights)
  const light = weights?.findIndex(w => !(w > 0)) ?? -1
  if (light >= 0) throw refuse('ERR_OPTION', name, `${argument}.weights[${light}]`, 'above 0', weights![light])
  let sorted = true
  for (let e = 0; e < count; e++) {
    const [row, column] = [rowIndices[e]!, columnIndices[e]!]
    if (row < 0 || row >= rows)
      throw refuse('ERR_INDEX', name, `${argument}.rowIndices[${e}]`, `from 0 to ${rows - 1}`, row)
    if (column < 0 || column >= columns)
      throw refuse('ERR_INDEX', name, `${argument}.columnIndices[${e}]`, `from 0 to ${columns - 1}`, column)
    if (e > 0) {
      const before = rowIndices[e - 1]!
      sorted &&= before < row || (before === row && columnIndices[e - 1]! < column)
    }
    if (e % PER_TICK === PER_TICK - 1) yield tick
  }
  const order = sorted ? undefined : yield* rowMajorOrder(rows, columns, rowIndices, columnIndices)
  return yield* compressed(
    name,
    argument,
    duplicates,
    { rows, columns, rowIndices, columnIndices, values, weights },
    order,
  )
}

/** Compressed rows of entries that `order` sorts. */
function* compressed(
  name: string,
  argument: string,
  duplicates: Duplicates,
  { rows, columns, rowIndices, columnIndices, values, weights }: Observed,
  order: Int32Array | undefined,
): Steps<{ readonly A: Csr; readonly weights: Float64Array }> {
  const count = values.length
  const [pointers, indices, sums] = [int32(rows + 1), int32(count), float64(count)]
  const mass = float64(weights === undefined && duplicates === 'refuse' ? 0 : count)
  let at = -1
  let [row, column] = [-1, -1]
  for (let k = 0; k < count; k++) {
    const e = order === undefined ? k : order[k]!
    const w = weights === undefined ? 1 : weights[e]!
    if (rowIndices[e] === row && columnIndices[e] === column) {
      if (duplicates === 'refuse')
        throw new KrylovError(
          'ERR_INDEX',
          `${name}: ${argument} must have each entry once, got entry (${row}, ${column}) again; { duplicates: 'average' } takes means`,
        )
    } else {
      at++
      row = rowIndices[e]!
      column = columnIndices[e]!
      indices[at] = column
      pointers[row + 1]!++
    }
    sums[at]! += w * values[e]!
    if (mass.length > 0) mass[at]! += w
    if (k % PER_TICK === PER_TICK - 1) yield tick
  }
  for (let i = 0; i < rows; i++) pointers[i + 1]! += pointers[i]!
  const kept = at + 1
  if (mass.length > 0) for (let k = 0; k < kept; k++) sums[k]! /= mass[k]!
  const A = Csr.fromArrays(rows, columns, pointers, indices.subarray(0, kept), sums.subarray(0, kept))
  return { A, weights: weights === undefined && kept === count ? float64(0) : mass.subarray(0, kept) }
}

/** The same by columns as well. */
export function* bothWays(A: Csr, weights: Float64Array): Steps<Observations> {
  const { pattern, order } = yield* transpositionOf(A.pattern)
  const byColumn = Csr.from({ pattern, values: yield* gathered(A.values, order) })
  const columnWeights = weights.length === 0 ? weights : yield* gathered(weights, order)
  return { byRow: A, byColumn, rowWeights: weights, columnWeights }
}

/** Those entries for which `keeps(e)` holds. */
export function* selected(
  A: Csr,
  weights: Float64Array,
  keeps: (e: number, row: number, column: number) => boolean,
): Steps<{ readonly A: Csr; readonly weights: Float64Array }> {
  const { rows, columns, rowPointers, columnIndices } = A.pattern
  const [pointers, indices, values] = [int32(rows + 1), int32(A.nonZeros), float64(A.nonZeros)]
  const mass = float64(weights.length)
  let at = 0
  for (let i = 0; i < rows; i++) {
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      if (e % PER_TICK === PER_TICK - 1) yield tick
      if (!keeps(e, i, columnIndices[e]!)) continue
      indices[at] = columnIndices[e]!
      values[at] = A.values[e]!
      if (mass.length > 0) mass[at] = weights[e]!
      at++
    }
    pointers[i + 1] = at
  }
  const kept = Csr.fromArrays(rows, columns, pointers, indices.subarray(0, at), values.subarray(0, at))
  return { A: kept, weights: mass.length > 0 ? mass.subarray(0, at) : mass }
}

/** Observations of each row. */
export function countsOf(A: Csr): Int32Array {
  const counts = int32(A.rows)
  for (let i = 0; i < A.rows; i++) counts[i] = A.pattern.rowPointers[i + 1]! - A.pattern.rowPointers[i]!
  return counts
}

/** What is left of observations beside offsets: an empty list of offsets is zeros. */
export function* beside(A: Csr, rowOffsets: Float64Array, columnOffsets: Float64Array): Steps<Csr> {
  const values = float64(A.nonZeros)
  const none = float64(0)
  yield* run(sampledResidual, A, none, rowOffsets, columnOffsets, none, none, 0, values)
  return A.withValues(values)
}
