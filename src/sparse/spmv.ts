import { makeControl } from '../core/control.ts'
import { runSync } from '../core/drive.ts'
import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { float64 } from '../core/shared.ts'
import type { CsrData, Dense, PlannedMatrix } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { Csr } from './csr.ts'
import { planned, planOf } from './storage-plan.ts'
import { type ProductForm, SMALLEST } from './storage-rule.ts'

/**
 * y = A x, synchronously. `x` has A.columns entries; `y` (A.rows entries, overwritten) is made where not given.
 * NaN and infinities pass through as arithmetic has them.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE
 */
export function spmv(A: CsrData, x: Float64Array, y?: Float64Array): Float64Array {
  const matrix = Csr.from(A, 'spmv')
  const from = checkVector('spmv', 'x', x, matrix.columns)
  const to = y === undefined ? float64(matrix.rows) : output('spmv', y, matrix.rows)
  if (to.buffer === from.buffer && overlap(from, to))
    throw refuse('ERR_OPTION', 'spmv', 'y', 'apart from x', 'an overlap')
  kernels.spmv(counted(matrix), from, to, 0, matrix.rows)
  return to
}

/**
 * Y = A X, synchronously, for a dense X (A.columns x s, row-major): A is read once for all columns.
 * `Y` (A.rows x s, overwritten) is made where not given.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE
 */
export function spmm(A: CsrData, X: Dense, Y?: Dense): Dense {
  const matrix = Csr.from(A, 'spmm')
  if (typeof X !== 'object' || X === null) throw refuse('ERR_TYPE', 'spmm', 'X', 'a dense matrix', X)
  if (Y !== undefined && (typeof Y !== 'object' || Y === null))
    throw refuse('ERR_TYPE', 'spmm', 'Y', 'a dense matrix', Y)
  const s = X.columns
  if (X.rows !== matrix.columns) throw refuse('ERR_SHAPE', 'spmm', 'X.rows', String(matrix.columns), X.rows)
  const from = checkVector('spmm', 'X.values', X.values, matrix.columns * s)
  if (Y !== undefined && (Y.rows !== matrix.rows || Y.columns !== s))
    throw refuse('ERR_SHAPE', 'spmm', 'Y', `${matrix.rows} x ${s}`, `${Y.rows} x ${Y.columns}`)
  const values = Y === undefined ? float64(matrix.rows * s) : output('spmm', Y.values, matrix.rows * s)
  if (values.buffer === from.buffer && overlap(from, values))
    throw refuse('ERR_OPTION', 'spmm', 'Y', 'apart from X', 'an overlap')
  if (s > 0) kernels.spmm(counted(matrix, 'block'), from, values, s, 0, matrix.rows)
  return Y ?? { rows: matrix.rows, columns: s, values }
}

const products = new WeakMap<Csr, number>()

/**
 * The matrix with the plan it has. Where it has none, one is made as soon as it would have paid for itself in the
 * products done so far: however many are to come, that costs at most twice what knowing their number would.
 */
function counted(A: Csr, form: ProductForm = 'vector'): PlannedMatrix {
  const known = planOf(A, form)
  if (known.plan !== undefined || A.values.length < SMALLEST) return known
  const count = (products.get(A) ?? 0) + 1
  products.set(A, count)
  // the counts of the rule cost less than this many products
  return count < 4 ? A : runSync(planned(A, count, form), control)
}

const control = makeControl('spmv', {})

/** An output has to be a Float64Array itself: a converted copy would be filled and lost. */
function output(method: string, y: Float64Array, n: number): Float64Array {
  if (!(y instanceof Float64Array)) throw refuse('ERR_TYPE', method, 'the output', 'a Float64Array', y)
  return checkVector(method, 'the output', y, n)
}

const overlap = (a: Float64Array, b: Float64Array): boolean =>
  a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
