import { refuse } from '../core/errors.ts'
import { sharedFloat64, sharedInt32 } from '../core/shared.ts'
import type { CsrData } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { Csr } from './csr.ts'
import { checkIndexArray } from './pattern.ts'

/*
 * Parts of a record that may have been cloned, loaded or made by hand: `name` is how the caller knows them.
 */

/** n finite doubles, on shared memory. */
export function recordVector(method: string, name: string, given: unknown): Float64Array {
  const length = (given as Partial<Float64Array> | undefined)?.length ?? 0
  const checkedVector = checkVector(method, name, given, length)
  checkFinite(method, name, checkedVector)
  return sharedFloat64(checkedVector)
}

/** Indices from `least` to below `below`, on shared memory. */
export function recordIndices(
  method: string,
  name: string,
  given: unknown,
  length: number | undefined,
  below: number,
  least = 0,
): Int32Array {
  const list = checkIndexArray(method, name, given)
  if (list.length !== (length ?? list.length)) throw refuse('ERR_SHAPE', method, name, `${length} long`, list.length)
  for (let k = 0; k < list.length; k++)
    if (!(list[k]! >= least && list[k]! < below))
      throw refuse('ERR_INDEX', method, `${name}[${k}]`, `from ${least} to ${below - 1}`, list[k])
  return sharedInt32(list)
}

/** A finite n x n matrix. */
export function recordMatrix(method: string, name: string, given: unknown, n: number): Csr {
  const A = Csr.from(given as CsrData, method, name)
  if (A.rows !== n || A.columns !== n)
    throw refuse('ERR_SHAPE', method, name, `${n} x ${n}`, `${A.rows} x ${A.columns}`)
  checkFinite(method, `${name}.values`, A.values)
  return A
}

export function recordStrictlyUpper(method: string, name: string, { pattern }: Csr): void {
  const { rows, rowPointers, columnIndices } = pattern
  for (let i = 0; i < rows; i++)
    if (rowPointers[i]! < rowPointers[i + 1]! && columnIndices[rowPointers[i]!]! <= i)
      throw refuse('ERR_INDEX', method, name, 'strictly upper triangular', `an entry in row ${i}`)
}

export function recordStrictlyLower(method: string, name: string, { pattern }: Csr): void {
  const { rows, rowPointers, columnIndices } = pattern
  for (let i = 0; i < rows; i++)
    if (rowPointers[i]! < rowPointers[i + 1]! && columnIndices[rowPointers[i + 1]! - 1]! >= i)
      throw refuse('ERR_INDEX', method, name, 'strictly lower triangular', `an entry in row ${i}`)
}
