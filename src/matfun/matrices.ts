import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { checkDense } from '../dense/own.ts'

/** One square matrix, n x n, or `count` of them one after the other: a dense matrix of count n rows, or its array. */
export type Matrices = Dense | ArrayLike<number>

/** Square matrices one after the other, by rows. */
export interface Batch {
  readonly n: number
  readonly count: number
  readonly values: Float64Array
}

const MOST = 2 ** 31 - 1

/** Matrices that were given; `count` undefined: one, dense. The array is borrowed in the synchronous form, else copied. */
export function ownBatch(call: Call, name: string, given: Matrices, count: unknown): Batch {
  const matrices = count === undefined ? 1 : integerOption(call.name, 'count', count, 0, MOST)
  const { n, values } = shaped(call.name, name, given, matrices, count === undefined)
  if (n === 0 && matrices > 1) throw refuse('ERR_SHAPE', call.name, name, `${matrices} n^2 long, n > 0`, given)
  if (call.form === 'sync') return { n, count: matrices, values }
  const copy = float64(values.length)
  copy.set(values)
  return { n, count: matrices, values: copy }
}

function shaped(method: string, name: string, given: Matrices, count: number, single: boolean) {
  if (isDense(given)) {
    const { rows, columns, values } = checkDense(method, name, given)
    if (rows !== count * columns)
      throw refuse('ERR_SHAPE', method, name, single ? 'square' : `${count} square matrices`, `${rows} x ${columns}`)
    return { n: columns, values }
  }
  if (single) throw refuse('ERR_TYPE', method, name, 'a dense matrix, or an array beside the option count', given)
  const length = (given as { length?: unknown } | null | undefined)?.length
  const n = typeof length === 'number' && count > 0 ? Math.round(Math.sqrt(length / count)) : 0
  const values = checkVector(method, name, given, Number.isFinite(n) ? count * n * n : 0)
  return { n, values }
}

/** A tangent or cotangent beside matrices, finite: of their shape, or an array of their length. */
export function ownBeside(call: Call, name: string, given: Matrices, n: number, count: number): Float64Array {
  const vector = ownShaped(call, name, given, n, count)
  checkFinite(call.name, name, vector)
  return vector
}

/** The same, whatever numbers it has. */
export function ownShaped(call: Call, name: string, given: Matrices, n: number, count: number): Float64Array {
  const values = isDense(given) ? sameShape(call.name, name, given, n, count) : given
  const vector = checkVector(call.name, name, values, count * n * n)
  if (call.form === 'sync') return vector
  const copy = float64(vector.length)
  copy.set(vector)
  return copy
}

function sameShape(method: string, name: string, given: Dense, n: number, count: number): Float64Array {
  const { rows, columns, values } = checkDense(method, name, given)
  if (rows !== count * n || columns !== n)
    throw refuse('ERR_SHAPE', method, name, `${count * n} x ${n}`, `${rows} x ${columns}`)
  return values
}

/** Matrices as they are given back. */
export const stacked = (n: number, count: number, values: Float64Array): Dense => ({
  rows: count * n,
  columns: n,
  values,
})
