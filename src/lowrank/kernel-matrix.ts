import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { sharedFloat64 } from '../core/shared.ts'
import { ask, type Steps, tick } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { checkDense } from '../dense/own.ts'
import { columnsAt, diagonalOf } from './gather.ts'
import { blockMatrix, requireSquare } from './matrix.ts'

/** A symmetric positive semidefinite matrix whose columns are computed where they are wanted, as those of kernels are. */
export interface KernelMatrix {
  readonly rows: number
  /** Its diagonal, `rows` long. */
  readonly diagonal: ArrayLike<number>
  /** These columns, rows x indices.length; in the asynchronous form perhaps a promise of them. */
  readonly columns: (indices: Int32Array) => Dense | Promise<Dense>
}

/** A matrix as its columns. */
export interface Columns {
  readonly rows: number
  readonly diagonal: Float64Array
  readonly columns: (indices: Int32Array) => Steps<Dense>
}

const isKernel = (A: unknown): A is KernelMatrix =>
  typeof A === 'object' && A !== null && typeof (A as KernelMatrix).columns === 'function'

/** A dense or sparse matrix argument, or one that computes its columns; finite entries. */
export function* columnsOfMatrix(call: Call, given: Dense | CsrData | KernelMatrix): Steps<Columns> {
  const { name } = call
  if (!isKernel(given)) {
    const A = yield* blockMatrix(call, 'A', given)
    requireSquare(name, A)
    const { stored } = A
    return {
      rows: A.rows,
      diagonal: diagonalOf(stored),
      *columns(indices) {
        yield tick
        return columnsAt(stored, indices)
      },
    }
  }
  const { rows } = given
  if (!Number.isInteger(rows) || rows < 0) throw refuse('ERR_SHAPE', name, 'A.rows', 'a non-negative integer', rows)
  const diagonal = checkVector(name, 'A.diagonal', given.diagonal, rows).slice()
  checkFinite(name, 'A.diagonal', diagonal)
  return {
    rows,
    diagonal,
    *columns(indices) {
      const { values, ...shape } = checkDense(
        name,
        'A.columns()',
        yield* ask('A.columns', () => given.columns(indices)),
      )
      if (shape.rows !== rows || shape.columns !== indices.length)
        throw refuse(
          'ERR_SHAPE',
          name,
          'A.columns()',
          `${rows} x ${indices.length}`,
          `${shape.rows} x ${shape.columns}`,
        )
      checkFinite(name, 'A.columns()', values)
      return { ...shape, values: sharedFloat64(values.slice()) }
    },
  }
}
