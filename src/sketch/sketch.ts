import { KrylovError, refuse } from '../core/errors.ts'
import { bind, type Call, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { eachBlock, isStream } from '../core/stream.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import { type ColumnSketch, factorOf, sketchAdjointSteps, sketchDenseSteps, sketchSparseSteps } from './apply.steps.ts'
import type { SketchOperator } from './kinds.ts'
import { type MixingSketch, mixingAdjointSteps, sketchMixingSteps } from './mixing.steps.ts'
import { checkSketch } from './validate.ts'

const sketchDense = bind('sketchDense', sketchDenseSteps)
const sketchSparse = bind('sketchSparse', sketchSparseSteps)
const sketchMixing = bind('sketchMixing', sketchMixingSteps)
const sketchAdjointOf = bind('sketchAdjointOf', sketchAdjointSteps)
const mixingAdjoint = bind('mixingAdjoint', mixingAdjointSteps)

/** Rows of a matrix in pieces, from the first on: each with as many columns as the others. */
export type RowBlocks = AsyncIterable<Dense | CsrData>

const isMixing = (S: SketchOperator): S is MixingSketch => S.kind === 'srht' || S.kind === 'fast-jl'

const { async, sync } = forms<[SketchOperator, Dense | CsrData | RowBlocks, object?], Dense>(
  'sketch',
  2,
  [],
  function* (call, operator, A) {
    const S = checkSketch(call.name, operator)
    if (isStream<Dense | CsrData>(A)) return yield* ofBlocks(call, S, A)
    const matrix = yield* ownRows(call, 'A', A)
    const { rows } = shapeOf(matrix)
    if (rows !== S.columns) throw refuse('ERR_SHAPE', call.name, 'A', `${S.columns} rows, operator.columns`, rows)
    return yield* sketchOf(S, matrix)
  },
)

/** S A of a checked operator and matrix that fit. */
export function* sketchOf(S: SketchOperator, A: Dense | CsrData): Steps<Dense> {
  const { columns } = shapeOf(A)
  const C = float64(S.rows * columns)
  if (isMixing(S)) yield* run(sketchMixing, S, (isDense(A) ? A : Csr.from(A).toDense()).values, columns, C)
  else {
    yield* addSketch(S, A, 0, C)
    scale(C, factorOf(S))
  }
  return { rows: S.rows, columns, values: C }
}

/** C += S A without the factor of S, where A's rows are `first` on of all. */
export const addSketch = (S: ColumnSketch, A: Dense | CsrData, first: number, C: Float64Array): Steps<void> =>
  isDense(A) ? run(sketchDense, S, A.values, A.columns, first, C) : run(sketchSparse, S, A, first, C)

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

const scale = (C: Float64Array, factor: number): void => {
  for (let at = 0; at < C.length; at++) C[at]! *= factor
}

const shapeOf = (A: Dense | CsrData) => ('pattern' in A ? A.pattern : A)

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
 * S A: `operator.columns` rows become `operator.rows`. A is dense, sparse, or (asynchronous form) an iterable of its rows in
 * pieces, which need not fit in memory together; the bits do not depend on the pieces. `srht` and `fastJL` mix all rows and
 * take no pieces.
 *
 * @throws KrylovError ERR_SHAPE where A has another number of rows, also where a stream ends early or changes width;
 * ERR_TYPE, ERR_NOT_FINITE, ERR_UNSUPPORTED
 */
export const sketch = async

/** {@link sketch}, blocking. */
export const sketchSync = sync as (operator: SketchOperator, A: Dense | CsrData, options?: object) => Dense

/**
 * S^T Y, Y dense with `operator.rows` rows.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE
 */
export const sketchAdjoint = adjoint.async

/** {@link sketchAdjoint}, blocking. */
export const sketchAdjointSync = adjoint.sync
