import { type Steps, tick } from '../core/steps.ts'

/*
 * Products of small matrices stored by columns.
 */

/** A B; A has `rows` rows. */
export function* product(A: Float64Array, rows: number, B: Float64Array): Steps<Float64Array> {
  const m = A.length / rows
  const C = new Float64Array((rows * B.length) / m)
  for (let j = 0; j < B.length / m; j++) {
    for (let k = 0; k < m; k++) {
      const b = B[j * m + k]!
      for (let i = 0; i < rows; i++) C[j * rows + i]! += A[k * rows + i]! * b
    }
    yield tick
  }
  return C
}

/** A^T B; both have `rows` rows. */
export function* transposedProduct(A: Float64Array, rows: number, B: Float64Array): Steps<Float64Array> {
  const columns = A.length / rows
  const C = new Float64Array((columns * B.length) / rows)
  for (let j = 0; j < B.length / rows; j++) {
    for (let i = 0; i < columns; i++) {
      let sum = 0
      for (let k = 0; k < rows; k++) sum += A[i * rows + k]! * B[j * rows + k]!
      C[j * columns + i] = sum
    }
    yield tick
  }
  return C
}

/** Rows [from, to) of S, m rows. */
export function part(S: Float64Array, m: number, from: number, to: number): Float64Array {
  const rows = to - from
  const P = new Float64Array((S.length / m) * rows)
  for (let j = 0; j < S.length / m; j++) P.set(S.subarray(j * m + from, j * m + to), j * rows)
  return P
}
