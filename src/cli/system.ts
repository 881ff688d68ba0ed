import { KrylovError } from '../core/errors.ts'
import { float64 } from '../core/shared.ts'
import { readMatrixMarket } from '../io/matrix-market.ts'
import { Csr } from '../sparse/csr.ts'
import { spmv } from '../sparse/spmv.ts'

/** The matrix in a file; a dense one becomes sparse. */
export async function readMatrix(path: string): Promise<Csr> {
  const A = await readMatrixMarket(path)
  return A instanceof Csr ? A : Csr.fromDense(A)
}

/** The right-hand side in a file: n x 1, dense or sparse. */
export async function readVector(path: string, n: number): Promise<Float64Array> {
  const read = await readMatrixMarket(path)
  if (read.columns !== 1 || read.rows !== n)
    throw new KrylovError(
      'ERR_SHAPE',
      `${path}: a right-hand side must be ${n} x 1, like the matrix, got ${read.rows} x ${read.columns}`,
    )
  return (read instanceof Csr ? read.toDense() : read).values
}

/** A times ones: a right-hand side whose solution is known to exist, whatever A is. */
export const timesOnes = (A: Csr): Float64Array => spmv(A, float64(A.columns).fill(1))
