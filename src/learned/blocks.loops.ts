import { COLUMNS } from './samples.ts'

/* Arithmetic on blocks of COLUMNS vectors, kept by rows. */

/** A matrix in compressed rows. */
export interface BlockMatrix {
  readonly unknowns: number
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Float64Array
}

/** y = y + sign A x */
export function addProduct(
  { unknowns, rowPointers, columnIndices, values }: BlockMatrix,
  sign: number,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let i = 0; i < unknowns; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const [a, j] = [sign * values[k]!, columnIndices[k]! * COLUMNS]
      for (let c = 0; c < COLUMNS; c++) y[i * COLUMNS + c]! += a * x[j + c]!
    }
}

/** The inner products of columns. */
export function dots(x: Float64Array, y: Float64Array): Float64Array {
  const sums = new Float64Array(COLUMNS)
  for (let i = 0; i < x.length; i += COLUMNS) for (let c = 0; c < COLUMNS; c++) sums[c]! += x[i + c]! * y[i + c]!
  return sums
}

/** y = y + sign a x, column by column. */
export function addColumns(a: Float64Array, sign: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i += COLUMNS) for (let c = 0; c < COLUMNS; c++) y[i + c]! += sign * a[c]! * x[i + c]!
}
