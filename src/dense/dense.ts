import { refuse } from '../core/errors.ts'
import { sharedFloat64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'

export type { Dense } from '../core/types.ts'

/**
 * A dense matrix, row-major: entry (i, j) is `values[i * columns + j]`. A plain record; an array on shared memory is
 * adopted, any other copied.
 *
 * @throws KrylovError ERR_SHAPE where `values` is not rows x columns long
 */
export function dense(rows: number, columns: number, values: ArrayLike<number>): Dense {
  for (const [name, n] of [
    ['rows', rows],
    ['columns', columns],
  ] as const)
    if (!Number.isInteger(n) || n < 0) throw refuse('ERR_SHAPE', 'dense', name, 'a non-negative integer', n)
  return { rows, columns, values: sharedFloat64(checkVector('dense', 'values', values, rows * columns)) }
}

/** Whether a value is a dense matrix record. */
export const isDense = (value: unknown): value is Dense =>
  typeof value === 'object' &&
  value !== null &&
  'values' in value &&
  'columns' in value &&
  !('pattern' in value) &&
  typeof (value as Dense).rows === 'number'
