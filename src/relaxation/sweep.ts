import type { CsrData } from '../core/types.ts'

/*
 * The loops of relaxation, the twin of native/kernels/tiles_relaxation.inc. Each replaces x_i by x_i + omega u_i,
 * u = D^-1 (b - R x) - x with R the matrix without its diagonal and x as it stands when its row is met, and returns u . u
 * over its rows.
 */

/** Rows [from, to) in ascending order. */
export function relaxRows(
  A: CsrData,
  inverseDiagonal: Float64Array,
  b: Float64Array,
  omega: number,
  x: Float64Array,
  from: number,
  to: number,
): number {
  let square = 0
  for (let i = from; i < to; i++) square += relaxRow(A, inverseDiagonal, b, omega, x, i)
  return square
}

/** Rows [from, to) in descending order. */
export function relaxRowsBackward(
  A: CsrData,
  inverseDiagonal: Float64Array,
  b: Float64Array,
  omega: number,
  x: Float64Array,
  from: number,
  to: number,
): number {
  let square = 0
  for (let i = to - 1; i >= from; i--) square += relaxRow(A, inverseDiagonal, b, omega, x, i)
  return square
}

function relaxRow(
  A: CsrData,
  inverseDiagonal: Float64Array,
  b: Float64Array,
  omega: number,
  x: Float64Array,
  i: number,
): number {
  const { rowPointers, columnIndices } = A.pattern
  const { values } = A
  let sum = b[i]!
  for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++) sum -= values[k]! * x[columnIndices[k]!]!
  const u = sum * inverseDiagonal[i]!
  x[i]! += omega * u
  return u * u
}

/** Slices [from, to) of one colour, eight rows each. */
export function relaxSlices(
  offsets: Int32Array,
  columns: Int32Array,
  values: Float64Array,
  inverseDiagonal: Float64Array,
  b: Float64Array,
  omega: number,
  x: Float64Array,
  from: number,
  to: number,
): number {
  let square = 0
  for (let s = from; s < to; s++)
    for (let l = 0; l < 8; l++) {
      const p = 8 * s + l
      let sum = b[p]!
      for (let k = offsets[s]! + l, end = offsets[s + 1]!; k < end; k += 8) sum -= values[k]! * x[columns[k]!]!
      const u = sum * inverseDiagonal[p]! - x[p]!
      x[p]! += omega * u
      square += u * u
    }
  return square
}
