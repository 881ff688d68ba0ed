import { KrylovError } from '../core/errors.ts'
import { float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { readMatrixMarket } from '../io/matrix-market.ts'
import { Csr } from '../sparse/csr.ts'
import { spmv } from '../sparse/spmv.ts'

/** The matrix in a file; a dense one becomes sparse. */
export async function readMatrix(path: string): Promise<Csr> {
  const A = await read(path)
  return A instanceof Csr ? A : Csr.fromDense(A)
}

/** The right-hand side in a file: n x 1, dense or sparse. */
export async function readVector(path: string, n: number): Promise<Float64Array> {
  const b = await read(path)
  if (b.columns !== 1 || b.rows !== n)
    throw new KrylovError(
      'ERR_SHAPE',
      `${path}: a right-hand side must be ${n} x 1, like the matrix, got ${b.rows} x ${b.columns}`,
    )
  return (b instanceof Csr ? b.toDense() : b).values
}

/** Reads a file; an error of the system that does not say which file (`EISDIR` is one) learns it here. */
async function read(path: string): Promise<Csr | Dense> {
  try {
    return await readMatrixMarket<Csr | Dense>(path)
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) Object.assign(error, { path })
    throw error
  }
}

/** A times ones: a right-hand side whose solution is known to exist, whatever A is. */
export const timesOnes = (A: Csr): Float64Array => spmv(A, float64(A.columns).fill(1))
