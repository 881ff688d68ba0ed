import { type KrylovError, refuse } from '../core/errors.ts'
import { sharedInt32 } from '../core/shared.ts'
import type { Pattern } from '../core/types.ts'
import { isDetached } from '../core/vector.ts'

/** Where a sparse matrix may be non-zero; checked once, shared by all matrices with the same sparsity. */
export type SparsityPattern = Pattern

const trusted = new WeakSet<Pattern>()
const MAX_INDEX = 2 ** 31 - 1

/** Checks one dimension: a non-negative 32-bit integer. */
export function checkSize(method: string, argument: string, n: unknown): number {
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0 || n > MAX_INDEX)
    throw refuse('ERR_SHAPE', method, argument, `an integer from 0 to ${MAX_INDEX}`, n)
  return n
}

/** Checks that `indices` is an array of integers (any array-like) that 32 bits can hold. */
export function checkIndexArray(method: string, argument: string, indices: unknown): ArrayLike<number> {
  const isArray = Array.isArray(indices) || (ArrayBuffer.isView(indices) && !(indices instanceof DataView))
  if (!isArray || indices instanceof BigInt64Array || indices instanceof BigUint64Array)
    throw refuse('ERR_TYPE', method, argument, 'an array of integers', indices)
  if (ArrayBuffer.isView(indices) && isDetached(indices.buffer))
    throw refuse('ERR_TYPE', method, argument, 'attached', 'a detached buffer')
  const list = indices as ArrayLike<number>
  if (list.length > MAX_INDEX) throw refuse('ERR_SHAPE', method, argument, `at most ${MAX_INDEX} long`, list.length)
  if (!(indices instanceof Int32Array))
    for (let k = 0; k < list.length; k++)
      if ((list[k]! | 0) !== list[k])
        throw refuse('ERR_INDEX', method, `${argument}[${k}]`, 'a 32-bit integer', list[k])
  return list
}

/**
 * A pattern from compressed-row arrays. Arrays on shared memory are adopted, others copied.
 *
 * @throws KrylovError ERR_SHAPE, ERR_INDEX where the arrays do not describe a `rows` x `columns` pattern with
 * strictly ascending columns in each row
 */
export function sparsityPattern(
  rows: number,
  columns: number,
  rowPointers: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
  method = 'sparsityPattern',
): SparsityPattern {
  checkSize(method, 'rows', rows)
  checkSize(method, 'columns', columns)
  const pattern = {
    rows,
    columns,
    rowPointers: sharedInt32(checkIndexArray(method, 'rowPointers', rowPointers)),
    columnIndices: sharedInt32(checkIndexArray(method, 'columnIndices', columnIndices)),
  }
  checkPattern(method, pattern)
  return trust(pattern)
}

/** Freezes and remembers a pattern that this environment built, so that it is not checked again. */
export function trust(pattern: Pattern): SparsityPattern {
  trusted.add(Object.freeze(pattern))
  return pattern
}

/** Whether this environment has checked the pattern. */
export const isTrusted = (pattern: Pattern): boolean => trusted.has(pattern)

function checkPattern(method: string, { rows, columns, rowPointers, columnIndices }: Pattern): void {
  if (rowPointers.length !== rows + 1)
    throw refuse('ERR_SHAPE', method, 'rowPointers', `${rows + 1} long (rows + 1)`, rowPointers.length)
  if (rowPointers[0] !== 0) throw refuse('ERR_INDEX', method, 'rowPointers[0]', '0', rowPointers[0])
  if (rowPointers[rows] !== columnIndices.length)
    throw refuse(
      'ERR_SHAPE',
      method,
      `rowPointers[${rows}]`,
      `${columnIndices.length} (columnIndices.length)`,
      rowPointers[rows],
    )
  for (let i = 0; i < rows; i++) {
    const start = rowPointers[i]!
    const end = rowPointers[i + 1]!
    if (!(start <= end && end <= columnIndices.length))
      throw refuse('ERR_INDEX', method, `rowPointers[${i + 1}]`, `from ${start} to ${columnIndices.length}`, end)
    let last = -1
    for (let k = start; k < end; k++) {
      const j = columnIndices[k]!
      if (j <= last || j >= columns) throw badColumn(method, i, k, j, last, columns)
      last = j
    }
  }
}

function badColumn(method: string, i: number, k: number, j: number, last: number, columns: number): KrylovError {
  if (j < 0 || j >= columns) return refuse('ERR_INDEX', method, `columnIndices[${k}]`, `from 0 to ${columns - 1}`, j)
  const why = j === last ? 'a repeated column' : 'a descending column'
  return refuse('ERR_INDEX', method, `columnIndices[${k}]`, `above ${last} (row ${i} is sorted)`, `${why} ${j}`)
}
