import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { isDense } from '../dense/dense.ts'
import { ownDense } from '../dense/own.ts'
import { times } from '../dense/times.ts'
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
    const own = yield* ownDense(call, name, A)
    return {
      stored: own,
      rows: own.rows,
      columns: own.columns,
      norm: columnNorms(own.values, 1)[0]!,
      times: X => times(own, X),
      transposeTimes: Y => times(own, Y, 'A'),
    }
  }
  const own = Csr.from(A, call.name, name)
  yield* requireFinite(call.name, own)
  const { rows, columns } = own
  let across: Csr | undefined
  return {
    stored: own,
    rows,
    columns,
    norm: columnNorms(own.values, 1)[0]!,
    times: X => sparseTimes(own, X),
    *transposeTimes(Y) {
      across ??= yield* transposed(own)
      return yield* sparseTimes(across, Y)
    },
  }
}

/** A square one. */
export function requireSquare(method: string, { rows, columns }: { rows: number; columns: number }): void {
  if (rows !== columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${rows} x ${columns}`)
}
