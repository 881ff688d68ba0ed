import { KrylovError, refuse } from '../core/errors.ts'
import { bind, type Call, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { eachBlock, isStream } from '../core/stream.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import { type ColumnSketch, factorOf, sketchAdjointSteps } from './apply.steps.ts'
import type { SketchOperator } from './kinds.ts'
import { addSketch, isMixing, scale, shapeOf, sketchOf } from './left.ts'
import { mixingAdjointSteps } from './mixing.steps.ts'
import { sketchRows } from './right.ts'
import { checkSketch } from './validate.ts'

const sketchAdjointOf = bind('sketchAdjointOf', sketchAdjointSteps)
const mixingAdjoint = bind('mixingAdjoint', mixingAdjointSteps)

/** Rows of a matrix in pieces, from the first on: each with as many columns as the others. */
export type RowBlocks = AsyncIterable<Dense | CsrData>

/** Options of {@link sketch}. */
export interface SketchSideOptions {
  /** `'left'`, the default: S A. `'right'`: A S^T, where A has `operator.columns` columns. */
  readonly side?: 'left' | 'right'
}

const { async, sync } = forms<[SketchOperator, Dense | CsrData | RowBlocks, SketchSideOptions?], Dense>(
  'sketch',
  2,
  ['side'],
  function* (call, operator, A, { side = 'left' } = {}) {
    const S = checkSketch(call.name, operator)
    if (side !== 'left' && side !== 'right')
      throw refuse('ERR_OPTION', call.name, 'option side', "'left' or 'right'", side)
    if (isStream<Dense | CsrData>(A)) return yield* side === 'left' ? ofBlocks(call, S, A) : rowsOfBlocks(call, S, A)
    const matrix = yield* ownRows(call, 'A', A)
    const { rows, columns } = shapeOf(matrix)
    if (side === 'right') {
      requireColumns(call, 'A', S, columns)
      return yield* sketchRows(S, matrix)
    }
    if (rows !== S.columns) throw refuse('ERR_SHAPE', call.name, 'A', `${S.columns} rows, operator.columns`, rows)
    return yield* sketchOf(S, matrix)
  },
)

function requireColumns(call: Call, name: string, S: SketchOperator, columns: number): void {
  if (columns !== S.columns)
    throw refuse('ERR_SHAPE', call.name, name, `${S.columns} columns, operator.columns`, columns)
}

/** A S^T of rows that come in pieces. */
function* rowsOfBlocks(call: Call, S: SketchOperator, blocks: RowBlocks): Steps<Dense> {
  const parts: Float64Array[] = []
  yield* eachBlock(call, blocks, function* (given) {
    const block = yield* ownRows(call, 'a block of A', given)
    requireColumns(call, 'a block of A', S, shapeOf(block).columns)
    parts.push((yield* sketchRows(S, block)).values)
  })
  const values = float64(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part, at)
    at += part.length
  }
  return { rows: values.length / S.rows, columns: S.rows, values }
}

/** The same of rows that come in pieces: the same bits as of all at once. */
function* ofBlocks(call: Call, S: SketchOperator, blocks: RowBlocks): Steps<Dense> {
  if (isMixing(S))
    throw new KrylovError(
      'ERR_UNSUPPORTED',
      `${call.name}: ${S.kind} mixes all rows of A: it cannot take them in pieces`,
    )
  let [first, columns] = [0, 0]
  let C = float64(0)
  yield* eachBlock(call, blocks, function* (given) {
    const block = yield* ownRows(call, 'a block of A', given)
    const shape = shapeOf(block)
    if (first === 0) {
      columns = shape.columns
      C = float64(S.rows * columns)
    }
    if (shape.columns !== columns)
      throw refuse('ERR_SHAPE', call.name, 'a block of A', `${columns} columns, as the first`, shape.columns)
    if (first + shape.rows > S.columns)
      throw refuse('ERR_SHAPE', call.name, 'A', `${S.columns} rows, operator.columns`, `${first + shape.rows} or more`)
    yield* addSketch(S, block, first, C)
    first += shape.rows
  })
  if (first !== S.columns)
    throw refuse(
      'ERR_SHAPE',
      call.name,
      'A',
      `${S.columns} rows, operator.columns`,
      `a stream that ended after ${first}`,
    )
  scale(C, factorOf(S))
  return { rows: S.rows, columns, values: C }
}

const adjoint = forms<[SketchOperator, Dense, object?], Dense>('sketchAdjoint', 2, [], function* (call, operator, Y) {
  const S = checkSketch(call.name, operator)
  const given = yield* ownRows(call, 'Y', Y)
  if (!isDense(given)) throw refuse('ERR_TYPE', call.name, 'Y', 'a dense matrix', Y)
  if (given.rows !== S.rows) throw refuse('ERR_SHAPE', call.name, 'Y', `${S.rows} rows, operator.rows`, given.rows)
  const Z = float64(S.columns * given.columns)
  if (isMixing(S)) yield* run(mixingAdjoint, S, given.values, given.columns, Z)
  else yield* run(sketchAdjointOf, S as ColumnSketch, given.values, given.columns, Z)
  return { rows: S.columns, columns: given.columns, values: Z }
})

/** A dense or sparse matrix, checked, on memory that stays. */
export function* ownRows(call: Call, name: string, A: Dense | CsrData): Steps<Dense | CsrData> {
  if (!isDense(A)) return Csr.from(A, call.name, name)
  const { rows, columns } = A
  for (const n of [rows, columns])
    if (!Number.isInteger(n) || n < 0)
      throw refuse('ERR_SHAPE', call.name, `${name}'s shape`, 'non-negative integers', n)
  return { rows, columns, values: yield* ownVector(call, `${name}.values`, A.values, rows * columns) }
}

/**
 * S A: `operator.columns` rows become `operator.rows`; or, with `side: 'right'`, A S^T: columns do. A is dense, sparse, or
 * (asynchronous form) an iterable of its rows in pieces, which need not fit in memory together; the bits do not depend on the
 * pieces. `srht` and `fastJL` mix all rows and take no pieces from the left.
 *
 * @throws KrylovError ERR_SHAPE where A has another number of rows, also where a stream ends early or changes width;
 * ERR_TYPE, ERR_NOT_FINITE, ERR_UNSUPPORTED
 */
export const sketch = async

/** {@link sketch}, blocking. */
export const sketchSync = sync as (operator: SketchOperator, A: Dense | CsrData, options?: SketchSideOptions) => Dense

/**
 * S^T Y, Y dense with `operator.rows` rows.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE
 */
export const sketchAdjoint = adjoint.async

/** {@link sketchAdjoint}, blocking. */
export const sketchAdjointSync = adjoint.sync
