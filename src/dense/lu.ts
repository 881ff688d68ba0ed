import { refuse } from '../core/errors.ts'
import { bindLapack, forms, run } from '../core/method.ts'
import { float64, int32, sharedFloat64, sharedInt32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { denseLuSolveSteps, denseLuSteps } from './lu.steps.ts'
import { type DenseOptions, flagOption, outDense, ownDense } from './own.ts'

const factorize = bindLapack('denseLu', denseLuSteps)
const apply = bindLapack('denseLuSolve', denseLuSolveSteps)

/** P A = L U of a dense square A, rows x rows: what `lu` gives for it. A plain record. */
export interface DenseLu {
  readonly kind: 'dense-lu'
  readonly rows: number
  /** A itself, from which `solveWith` computes true residuals. */
  readonly matrix: Dense
  /** U, and L below its diagonal, without L's ones; row-major. */
  readonly factor: Float64Array
  /** Row j was exchanged with row pivots[j], one after the other. */
  readonly pivots: Int32Array
  /** The first row whose pivot was zero: A is singular and nothing can be solved; -1: none. */
  readonly failed: number
}

/** L and U, in `factor` where it is given. */
export function* denseLuOf(matrix: Dense, factor = float64(matrix.values.length)): Steps<DenseLu> {
  const { rows, values } = matrix
  const pivots = int32(rows)
  const failed = yield* run(factorize, values, rows, factor, pivots)
  return { kind: 'dense-lu', rows, matrix, factor, pivots, failed }
}

/** X = A^-1 X in place, X rows x s, row-major. */
export function* applyDenseLu({ rows, factor, pivots }: DenseLu, x: Float64Array, s: number): Steps<void> {
  yield* run(apply, factor, rows, pivots, x, s)
}

/** Checks a record that may have been loaded or made by hand. */
export const isDenseLu = ({ rows, factor, pivots, failed }: DenseLu): boolean =>
  Number.isInteger(rows) &&
  Number.isInteger(failed) &&
  factor instanceof Float64Array &&
  factor.length === rows * rows &&
  pivots instanceof Int32Array &&
  pivots.length === rows &&
  pivots.every((p, j) => p >= j && p < rows)

/** The record with its arrays on shared memory. */
export const ownDenseLu = (F: DenseLu): DenseLu => ({
  ...F,
  factor: sharedFloat64(F.factor),
  pivots: sharedInt32(F.pivots),
})

/** Options of `lu` for a dense matrix. */
export interface DenseLuOptions extends DenseOptions {
  /** Where the factors go, rows x rows, apart from A; synchronous form only. */
  readonly out?: Dense
}

/** Both forms of `lu` for a dense matrix. */
export const denseLu = forms<[Dense, DenseLuOptions?], DenseLu>(
  'lu',
  1,
  ['check', 'out'],
  function* (call, given, options) {
    const check = flagOption(call.name, 'check', options?.check ?? true)
    const A = yield* ownDense(call, 'A', given, check)
    if (A.rows !== A.columns) throw refuse('ERR_SHAPE', call.name, 'A', 'square', `${A.rows} x ${A.columns}`)
    const { values } = outDense(call, 'out', options?.out, A.rows, A.rows)
    if (values.buffer === A.values.buffer)
      throw refuse('ERR_OPTION', call.name, 'option out', 'on memory apart from A', 'an array on the same memory')
    return yield* denseLuOf(A, values)
  },
)
