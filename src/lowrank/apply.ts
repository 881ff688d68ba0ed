import { float64 } from '../core/shared.ts'
import { ask, type Steps } from '../core/steps.ts'
import type { Dense, Operator } from '../core/types.ts'
import { takeAnswer } from '../sparse/operator.steps.ts'

/** A X, column by column, where A is known by its action alone. */
export function* operatorTimes(A: Operator, { rows, columns, values }: Dense): Steps<Dense> {
  const Y = { rows: A.rows, columns, values: float64(A.rows * columns) }
  for (let c = 0; c < columns; c++) {
    const [x, y] = [new Float64Array(rows), new Float64Array(A.rows)]
    for (let i = 0; i < rows; i++) x[i] = values[i * columns + c]!
    takeAnswer('operator A', yield* ask<unknown>('operator', () => A.apply(x, y)), y)
    for (let i = 0; i < A.rows; i++) Y.values[i * columns + c] = y[i]!
  }
  return Y
}
