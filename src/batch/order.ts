import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { checkSeed } from '../core/random.ts'
import { copied } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { largestOf, unitOf } from '../krylov/units.ts'
import { type OrderMethod, orderSteps } from './order.steps.ts'

export type { OrderMethod } from './order.steps.ts'

/** Options of {@link orderBySimilarity}. */
export interface OrderOptions {
  /**
   * `'greedy'`: from the first field to the nearest that is left, and so on; N^2 work. `'grouped'`: the same within groups of
   * 512 that a Hilbert curve makes, from group to group in a chain. `'hilbert'`: along that curve; N d work. Default: greedy
   * for up to 2048 fields, grouped for up to 20 000, hilbert for more.
   */
  readonly method?: OrderMethod
  /** Of the sample that the directions of the Hilbert curve come from. Default 0. */
  readonly seed?: number
  /** Aborts the asynchronous form. */
  readonly signal?: AbortSignal
}

export const orderMethods: readonly OrderMethod[] = ['greedy', 'grouped', 'hilbert']

/**
 * An order of fields, an Int32Array of their indices, in which neighbours are alike in Euclidean (Frobenius) distance, so that
 * solves in that order have most to recycle. `fields`: N of equal length d, or the rows of a dense N x d matrix, which are not to be
 * written to meanwhile. `orderBySimilaritySync` is the same, blocking.
 *
 * Wang et al., "Accelerating Data Generation for Neural Operators via Krylov Subspace Recycling" (2024).
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const { async: orderBySimilarity, sync: orderBySimilaritySync } = forms<
  [fields: readonly ArrayLike<number>[] | Dense, options?: OrderOptions],
  Int32Array
>('orderBySimilarity', 1, ['method', 'seed'], function* (call, given, options = {}) {
  const fields = yield* checkFields(call.name, given)
  const { method = methodFor(fields.length), seed = 0 } = options
  if (!orderMethods.includes(method))
    throw refuse('ERR_OPTION', call.name, 'option method', "'greedy', 'grouped' or 'hilbert'", method)
  return yield* orderSteps(fields, method, checkSeed(call.name, 'option seed', seed))
})

const MOST = 2 ** 24 // fields, or entries of one
const methodFor = (N: number): OrderMethod => (N <= 2048 ? 'greedy' : N <= 20_000 ? 'grouped' : 'hilbert')

/** Checks fields, and brings them to units in which their squares are doubles. */
function* checkFields(name: string, given: unknown): Steps<readonly Float64Array[]> {
  const fields: Float64Array[] = []
  let largest = 0
  for (const [i, field] of rowsOf(name, given).entries()) {
    const vector = checkVector(name, `fields[${i}]`, field, fields[0]?.length ?? lengthOf(field))
    checkFinite(name, `fields[${i}]`, vector)
    largest = Math.max(largest, largestOf(vector))
    fields.push(vector)
    yield tick
  }
  const unit = unitOf(largest)
  return unit === 1 ? fields : fields.map(field => copied(field, unit))
}

function rowsOf(name: string, given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given
  if (!isDense(given)) throw refuse('ERR_TYPE', name, 'fields', 'an array of fields, or a dense matrix of rows', given)
  const { rows, columns } = given
  for (const [key, n] of Object.entries({ rows, columns }))
    if (!Number.isInteger(n) || n < 0 || n > MOST)
      throw refuse('ERR_SHAPE', name, `fields.${key}`, `an integer from 0 to ${MOST}`, n)
  const values = checkVector(name, 'fields.values', given.values, rows * columns)
  return Array.from({ length: rows }, (_, i) => values.subarray(i * columns, (i + 1) * columns))
}

function lengthOf(field: unknown): number {
  const length = (field as { length?: unknown } | null | undefined)?.length
  return typeof length === 'number' ? length : 0
}
