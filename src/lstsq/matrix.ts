import type { Steps } from '../core/steps.ts'
import type { ColumnSketch } from '../sketch/apply.steps.ts'

/** How a least-squares problem reads its matrix, dense or sparse; `reads` counts how often it did. */
export interface ReadMatrix {
  readonly rows: number
  readonly columns: number
  readonly reads: number
  /** All stored entries. */
  readonly values: Float64Array
  /** W = B - A X, or A X where B is empty, and Y = A^T W, s columns each, by rows; returns the squares of W's column norms. */
  readonly pass: (X: Float64Array, B: Float64Array, W: Float64Array, Y: Float64Array, s: number) => Steps<Float64Array>
  /** A^T A of rows [from, to), n x n; absent where it is not formed. */
  readonly gram?: (from: number, to: number) => Steps<Float64Array>
  /** R, (n + s) x (n + s), is replaced by the triangle of [R; A B]. */
  readonly triangle: (B: Float64Array, s: number, R: Float64Array) => Steps<void>
  /** C += S A without the factor of S. */
  readonly sketch: (S: ColumnSketch, C: Float64Array) => Steps<void>
}
