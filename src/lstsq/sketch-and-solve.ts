import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import type { SketchOperator } from '../sketch/kinds.ts'
import { sketchOf } from '../sketch/left.ts'
import { ownRows } from '../sketch/sketch.ts'
import { checkSketch } from '../sketch/validate.ts'
import { DenseMatrix } from './dense-matrix.ts'
import { climb } from './ladder.ts'
import { Problem } from './problem.ts'
import { sidesOf } from './sides.ts'

const { async, sync } = forms<
  [SketchOperator, Dense | CsrData, ArrayLike<number> | Dense, object?],
  Float64Array | Dense
>('sketchAndSolve', 3, [], function* (call, operator, given, rhs) {
  const S = checkSketch(call.name, operator)
  const A = yield* ownRows(call, 'A', given)
  const { rows: m, columns: n } = isDense(A) ? A : A.pattern
  if (m !== S.columns) throw refuse('ERR_SHAPE', call.name, 'A', `${S.columns} rows, operator.columns`, m)
  if (S.rows < n)
    throw refuse('ERR_SHAPE', call.name, 'operator', `at least ${n} rows, as A has columns`, `one of ${S.rows}`)
  const { B, s, block, unit } = yield* sidesOf(call, rhs, m)
  const SA = yield* sketchOf(S, A)
  const SB = yield* sketchOf(S, { rows: m, columns: s, values: B })
  const { X } = yield* climb(new Problem(new DenseMatrix(SA), SB.values, s, 0, 0), 'auto')
  const values = unit === 1 ? X : X.map(value => value / unit)
  return block ? { rows: n, columns: s, values } : values
})

/**
 * The x that minimises ||S A x - S b||: an estimate of the least-squares solution x*, in one reading of A, and no more than that.
 * With d rows in the operator and n columns, ||b - A x|| is near sqrt(1 + n / (d - n)) ||b - A x*||, half as much again at d = 2 n, 5% at
 * d = 10 n, for all operators that keep the geometry of A (Sarlos 2006); it has no small backward error, for which see {@link lstsq}.
 *
 * Each coordinate is near too, |x_i - x*_i| <= (e / sqrt n) ||b - A x*|| ||A^+|| at d of the order of e^-2 n log^3 n, but for dense operators
 * alone, `gaussian` and `srht` (Song, Ye, Yin and Zhang 2023): a sparse one can put the whole error into one coordinate.
 *
 * @throws KrylovError ERR_SHAPE, also where the operator has fewer rows than A columns; ERR_TYPE, ERR_NOT_FINITE
 */
export const sketchAndSolve = async as {
  (operator: SketchOperator, A: Dense | CsrData, b: Dense, options?: object): Promise<Dense>
  (operator: SketchOperator, A: Dense | CsrData, b: ArrayLike<number>, options?: object): Promise<Float64Array>
}

/** {@link sketchAndSolve}, blocking. */
export const sketchAndSolveSync = sync as {
  (operator: SketchOperator, A: Dense | CsrData, b: Dense, options?: object): Dense
  (operator: SketchOperator, A: Dense | CsrData, b: ArrayLike<number>, options?: object): Float64Array
}
