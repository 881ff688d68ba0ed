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

/*
 * How the products of a matrix read it. A plan repeats what the compressed rows say in another order, and sums every
 * row in the same order as they do.
 */

/** The compressed rows as they are. */
export interface CsrPlan {
  readonly kind: 'csr'
}

/**
 * Runs of consecutive rows whose entries lie at the same offsets from the diagonal. Run r is rows starts[r] ..
 * starts[r + 1] - 1, its offsets are those of stencil stencils[r]: offsets[pointers[s]] .. offsets[pointers[s + 1] - 1].
 */
export interface RunPattern {
  readonly starts: Int32Array
  readonly stencils: Int32Array
  readonly pointers: Int32Array
  readonly offsets: Int32Array
}

/**
 * Where at[r] < 0 all rows of run r have the values constants[~at[r]] on; else its values begin at values[at[r]]: rows
 * in blocks of 8, entry k of a block's rows side by side.
 */
export interface Runs extends RunPattern {
  readonly kind: 'runs'
  readonly at: Int32Array
  readonly constants: Float64Array
  readonly values: Float64Array
}

/**
 * SELL-8-1024: in each window of 1024 rows the rows shorter than 64 sorted by length, counts[64 w + l] of length l, the
 * longer ones after them, as `order` says; columns of the short ones from starts[w] on, 8 rows of one length at a time
 * (or what is left of them), entry k of those rows side by side. Columns are counted from the first row of their window
 * where 16 bits are enough for that.
 */
export interface SlicePattern {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly order: Int32Array
  readonly columns: Int32Array | Int16Array
}

/** Rows that are sorted together, lengths that are sorted, and rows that lie side by side. */
export const SLICES = { window: 1024, lengths: 64, rows: 8 } as const

/** The values lie like the columns. */
export interface Sell extends SlicePattern {
  readonly kind: 'sell'
  readonly values: Float64Array
}

export type StoragePlan = CsrPlan | Runs | Sell

/** A sparse matrix, and how its products read it where that is not as it is. */
export interface PlannedMatrix extends CsrData {
  readonly plan?: StoragePlan
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
