import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { transposed as across } from '../dense/rows.ts'
import { Csr } from '../sparse/csr.ts'
import { transposed } from '../sparse/transposed.ts'
import type { SketchOperator } from './kinds.ts'
import { sketchOf } from './left.ts'

const PANEL = 2 ** 17 // entries: two panels of 1 MB stay in a second cache

/** A S^T of a checked operator and matrix that fit: dense A by panels of rows. */
export function* sketchRows(S: SketchOperator, A: Dense | CsrData): Steps<Dense> {
  if (!isDense(A)) {
    const own = Csr.from(A)
    const { values } = yield* sketchOf(S, yield* transposed(own))
    return { rows: own.rows, columns: S.rows, values: across(values, S.rows, own.rows) }
  }
  const { rows, columns, values } = A
  const C = float64(rows * S.rows)
  const panel = Math.max(8, Math.floor(PANEL / Math.max(1, columns)))
  for (let i = 0; i < rows; i += panel) {
    const count = Math.min(panel, rows - i)
    const part = across(values.subarray(i * columns, (i + count) * columns), count, columns)
    const sketched = yield* sketchOf(S, { rows: columns, columns: count, values: part })
    C.set(across(sketched.values, S.rows, count), i * S.rows)
    yield tick
  }
  return { rows, columns: S.rows, values: C }
}
