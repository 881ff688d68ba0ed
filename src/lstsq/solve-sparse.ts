import { KrylovError } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { copied } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { unitOf } from '../krylov/units.ts'
import { Csr } from '../sparse/csr.ts'
import { requireFinite } from '../sparse/examine.ts'
import { planned } from '../sparse/storage-plan.ts'
import { transposed } from '../sparse/transposed.ts'
import { climb } from './ladder.ts'
import { Problem } from './problem.ts'
import { finished, type Sides, type Solved, type Wanted } from './sides.ts'
import { SparseMatrix } from './sparse-matrix.ts'

/** Columns of a sparse matrix, of which a full triangle is kept: 512 MB. */
const MOST_COLUMNS = 8192

const PRODUCTS = 100 // which storage plans are to pay for

/** Whether a sparse matrix of this shape is served. */
export const isServed = (m: number, n: number): boolean => n <= MOST_COLUMNS && m >= n

/** A sparse problem: a sketch is its preconditioner. */
export function* solveSparse(call: Call, given: CsrData, sides: Sides, wanted: Wanted): Steps<Solved> {
  const A = Csr.from(given, call.name)
  const { rows: m, columns: n } = A
  if (n > MOST_COLUMNS || (m < n && wanted.ridge === 0))
    throw new KrylovError(
      'ERR_UNSUPPORTED',
      `${call.name}: a sparse A must have at most ${MOST_COLUMNS} columns and at least as many rows, got ${m} x ${n}: use lsqr or lsmr`,
    )
  const unit = unitOf((yield* requireFinite(call.name, A)).largest)
  const scaled = unit === 1 ? A : A.withValues(copied(A.values, unit))
  const k = (yield { kind: 'kernels' }) as Kernels
  const matrix = new SparseMatrix(
    k,
    yield* planned(scaled, PRODUCTS),
    yield* planned(yield* transposed(scaled), PRODUCTS),
  )
  const ridge = wanted.ridge > 0 ? wanted.ridge * unit * unit : 0
  const problem = new Problem(matrix, sides.B, sides.s, ridge, wanted.seed)
  const units = unit === 1 ? undefined : new Float64Array(n).fill(unit)
  return finished(yield* climb(problem, wanted.method), sides, units, matrix.reads)
}
