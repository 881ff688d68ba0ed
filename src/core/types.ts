/*
 * The plain data that crosses the border: typed arrays, numbers, tagged records of typed arrays.
 */

/** Numbers in either precision. */
export type Reals = Float64Array | Float32Array

/** Where a sparse matrix may be non-zero: compressed rows, column indices strictly ascending within a row. */
export interface Pattern {
  readonly rows: number
  readonly columns: number
  /** `rows + 1` offsets into `columnIndices`. */
  readonly rowPointers: Int32Array
  /** One per stored entry. */
  readonly columnIndices: Int32Array
}

/** A sparse matrix: a pattern and one value per stored entry. */
export interface CsrData {
  readonly pattern: Pattern
  readonly values: Float64Array
}

/** A dense matrix, row-major: entry (i, j) is `values[i * columns + j]`. */
export interface Dense {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** A matrix known only by its action: `apply` overwrites `y` (rows) with A times `x` (columns), or returns it. */
export interface Operator {
  readonly rows: number
  readonly columns: number
  apply(x: Float64Array, y: Float64Array): void | Float64Array | Promise<void | Float64Array>
}
