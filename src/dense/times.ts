import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { gemmInto } from './gemm.ts'
import { transposed } from './rows.ts'

/** op(A) op(B), with A^T or B^T where `transpose` says so. */
export function* times(A: Dense, B: Dense, transpose: '' | 'A' | 'B' = ''): Steps<Dense> {
  const [m, k] = transpose === 'A' ? [A.columns, A.rows] : [A.rows, A.columns]
  const n = transpose === 'B' ? B.rows : B.columns
  const values = float64(m * n)
  yield* run(gemmInto, 1, A.values, transpose === 'A', B.values, transpose === 'B', 0, values, m, n, k)
  return { rows: m, columns: n, values }
}

/** C += alpha A B, in place. */
export function* addTimes(C: Dense, alpha: number, A: Dense, B: Dense): Steps<void> {
  yield* run(gemmInto, alpha, A.values, false, B.values, false, 1, C.values, C.rows, C.columns, A.columns)
}

/** Columns [from, to) of A. */
export function columnsOf(A: Dense, from: number, to: number): Dense {
  const columns = to - from
  const values = float64(A.rows * columns)
  for (let i = 0; i < A.rows; i++) values.set(A.values.subarray(i * A.columns + from, i * A.columns + to), i * columns)
  return { rows: A.rows, columns, values }
}

/** Rows [from, to) of A. */
export function rowsOf(A: Dense, from: number, to: number): Dense {
  const values = float64((to - from) * A.columns)
  values.set(A.values.subarray(from * A.columns, to * A.columns))
  return { rows: to - from, columns: A.columns, values }
}

/** Blocks with as many rows, side by side. */
export function beside(rows: number, blocks: readonly Dense[]): Dense {
  const columns = blocks.reduce((sum, block) => sum + block.columns, 0)
  const values = float64(rows * columns)
  let at = 0
  for (const block of blocks) {
    for (let i = 0; i < rows; i++)
      values.set(block.values.subarray(i * block.columns, (i + 1) * block.columns), i * columns + at)
    at += block.columns
  }
  return { rows, columns, values }
}

/** A^T, as a matrix of its own. */
export const across = ({ rows, columns, values }: Dense): Dense => ({
  rows: columns,
  columns: rows,
  values: transposed(values, rows, columns),
})
