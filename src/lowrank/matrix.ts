import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { sharedFloat64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkFinite } from '../core/vector.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { isDense } from '../dense/dense.ts'
import { ownDense } from '../dense/own.ts'
import { times } from '../dense/times.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { unitOf } from '../krylov/units.ts'
import { Csr } from '../sparse/csr.ts'
import { requireFinite } from '../sparse/examine.ts'
import { sparseTimes } from '../sparse/times.ts'
import { transposed } from '../sparse/transposed.ts'

/** A matrix as low-rank approximation sees it: by its products with blocks of vectors. */
export interface BlockMatrix {
  readonly rows: number
  readonly columns: number
  /** The matrix itself, on memory that stays. */
  readonly stored: Dense | CsrData
  /** ||A||_F */
  readonly norm: number
  /** A X */
  readonly times: (X: Dense) => Steps<Dense>
  /** A^T Y */
  readonly transposeTimes: (Y: Dense) => Steps<Dense>
}

/** A dense or sparse matrix argument with finite entries. */
export function* blockMatrix(call: Call, name: string, A: Dense | CsrData): Steps<BlockMatrix> {
  if (isDense(A)) {
    const copied = call.form === 'async'
    const own = yield* ownDense(call, name, A, copied)
    const norm = yield* frobenius(own.values)
    if (!copied && !Number.isFinite(norm)) checkFinite(call.name, `${name}.values`, own.values)
    return ofDense(own, norm)
  }
  const own = Csr.from(A, call.name, name)
  yield* requireFinite(call.name, own)
  return ofSparse(own, yield* frobenius(own.values))
}

const CHUNK = 1 << 21 // entries: a few ms

/** The norm of all entries: by the sum of their squares where that stays in the range of doubles. */
function* frobenius(values: Float64Array): Steps<number> {
  const k = (yield { kind: 'kernels' }) as Kernels
  let square = 0
  for (let from = 0; from < values.length; from += CHUNK) {
    if (from > 0) yield tick
    const part = values.subarray(from, from + CHUNK)
    square += k.dot(part, part)
  }
  return square > TINY && square < Number.POSITIVE_INFINITY ? Math.sqrt(square) : columnNorms(values, 1)[0]!
}

const TINY = 1e-280 // squares of what matters beside it are normal numbers

function ofDense(own: Dense, norm: number): BlockMatrix {
  return {
    stored: own,
    rows: own.rows,
    columns: own.columns,
    norm,
    times: X => times(own, X),
    transposeTimes: Y => times(own, Y, 'A'),
  }
}

function ofSparse(own: Csr, norm: number): BlockMatrix {
  const { rows, columns } = own
  let across: Csr | undefined
  return {
    stored: own,
    rows,
    columns,
    norm,
    times: X => sparseTimes(own, X),
    *transposeTimes(Y) {
      across ??= yield* transposed(own)
      return yield* sparseTimes(across, Y)
    },
  }
}

/** The same matrix times a power of two, `unit`, so that squares of its entries stay in the range of doubles. */
export function inUnits(A: BlockMatrix): { readonly A: BlockMatrix; readonly unit: number } {
  const unit = unitOf(A.norm)
  if (unit === 1) return { A, unit }
  const values = sharedFloat64(A.stored.values.map(x => x * unit))
  const norm = columnNorms(values, 1)[0]!
  const scaled = isDense(A.stored)
    ? ofDense({ ...A.stored, values }, norm)
    : ofSparse(Csr.from(A.stored).withValues(values), norm)
  return { A: scaled, unit }
}

/** A square one. */
export function requireSquare(method: string, { rows, columns }: { rows: number; columns: number }): void {
  if (rows !== columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${rows} x ${columns}`)
}
