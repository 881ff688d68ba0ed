import type { CsrData } from '../core/types.ts'

/**
 * S A S = P^T L D L^T P in panels: supernode s, columns starts[s] .. starts[s + 1] - 1 of L, holds its columns one after
 * the other, each as long as its list of rows, the panels of all supernodes end to end in `values`.
 */
export interface LdltFactor {
  readonly kind: 'ldlt'
  /** Row k of L is row order[k] of A. */
  readonly order: Int32Array
  readonly starts: Int32Array
  /** Rows of supernode s: rows[rowStarts[s] .. rowStarts[s + 1] - 1], ascending, its own columns first. */
  readonly rowStarts: Int32Array
  readonly rows: Int32Array
  /** Of L: unit lower triangular, what lies above its diagonal inside a panel is not used. */
  readonly values: Float64Array
  /** Of D, in the order of L. */
  readonly diagonal: Float64Array
  /** Of S, powers of two, in the order of A. */
  readonly scale: Float64Array
}

/** What a factorization tells of its matrix. */
export interface Factorization {
  /** A itself, from which `solveWith` computes true residuals. */
  readonly matrix: CsrData
  /** Whether `solveWith` can be expected to be accurate: no pivot was zero to rounding, and growth is below 1e8. */
  readonly ok: boolean
  /** Whether all pivots are positive: A is positive definite to working precision. */
  readonly positiveDefinite: boolean
  /** Eigenvalues of A by sign (Sylvester); `zero` counts pivots that were zero to rounding. */
  readonly inertia: { readonly positive: number; readonly negative: number; readonly zero: number }
  /** log |det A|; the determinant's sign is that of (-1)^negative. -Infinity where a pivot was zero. */
  readonly logDeterminant: number
  /** max |L| |D| |L|^T / max |A|, both scaled: 1 where A is positive definite; errors grow by as much. */
  readonly pivotGrowth: number
  /** Entries of L with its diagonal. */
  readonly entries: number
  /** Floating-point operations of the factorization. */
  readonly flops: number
  /** Bytes that the factor takes. */
  readonly memory: number
  /** Milliseconds: ordering and symbolic part (little where the pattern was known), and factorization. */
  readonly time: { readonly setup: number; readonly factor: number }
}

/** What `ldlt` gives: the factor, the matrix it is of, and what it tells of it. */
export interface Ldlt extends LdltFactor, Factorization {}

/**
 * A factor that SuiteSparse owns, the exception to plain data: `handle` frees it when it is collected. It cannot be
 * cloned, posted or saved, and is no preconditioner.
 */
export interface ExternalFactor extends Factorization {
  readonly kind: 'external-factor'
  readonly library: 'suitesparse'
  readonly handle: object
}

/**
 * P A Q = L D U, or nearly: row p of L is row rows[p] of A, column p of U is column columns[p]. L and U have ones on their
 * diagonals, which are not stored.
 */
export interface LuFactor {
  readonly kind: 'lu'
  /** The method that made it: `'lu'`, `'ilu0'`, `'ilut'`. */
  readonly method: string
  readonly rows: Int32Array
  readonly columns: Int32Array
  /** Strictly lower triangular. */
  readonly lower: CsrData
  /** Strictly upper triangular. */
  readonly upper: CsrData
  /** Of D. */
  readonly inverseDiagonal: Float64Array
}

/** What `lu` gives: the factor, and the matrix it is of. */
export interface Lu extends LuFactor {
  readonly method: 'lu'
  /** A itself, from which `solveWith` computes true residuals. */
  readonly matrix: CsrData
  /** Whether no pivot was zero to rounding. */
  readonly ok: boolean
  /** Pivots that were zero to rounding: so many unknowns, which A does not determine, are left at zero. */
  readonly zeroPivots: number
}

/** The arrays of an LU factor. */
export interface LuArrays extends Omit<LuFactor, 'kind' | 'method'> {
  /** Pivots that were zero, and replaced. */
  readonly replaced: number
}
