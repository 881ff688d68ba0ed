import type { CsrData } from '../core/types.ts'

/**
 * The loops over numbers that methods are made of, twice: plain TypeScript, and C++ with threads. Vectors have the
 * operand's length and may not overlap unless said. `[from, to)` are rows; partial results add up.
 */
export interface Kernels {
  /** Non-zeros that one call may treat before a tick is due: about 2 ms of work. */
  readonly grain: number

  /** y = A x on rows [from, to). */
  spmv(A: CsrData, x: Float64Array, y: Float64Array, from: number, to: number): void
  /** y = A x on rows [from, to); returns the part of x . y there. A is square. */
  spmvDot(A: CsrData, x: Float64Array, y: Float64Array, from: number, to: number): number
  /** r = b - A x on rows [from, to); returns the part of r . r there. */
  residual(A: CsrData, x: Float64Array, b: Float64Array, r: Float64Array, from: number, to: number): number
  /** Y = A X on rows [from, to), X and Y row-major with `s` columns. */
  spmm(A: CsrData, X: Float64Array, Y: Float64Array, s: number, from: number, to: number): void

  /** x . y */
  dot(x: Float64Array, y: Float64Array): number
  /** y += a x */
  axpy(a: number, x: Float64Array, y: Float64Array): void
  /** y = a x + b y; with b = 0 the old y is not read */
  axpby(a: number, x: Float64Array, b: number, y: Float64Array): void
  /** x += a p and r -= a q; returns r . r */
  advance(a: number, p: Float64Array, q: Float64Array, x: Float64Array, r: Float64Array): number
  /** z = d r, entry by entry */
  scale(d: Float64Array, r: Float64Array, z: Float64Array): void

  /** out[c] = x_c . y_c for blocks of out.length vectors, row-major */
  columnDots(X: Float64Array, Y: Float64Array, out: Float64Array): void
  /** y_c = x_c + b[c] y_c; where b[c] = 0 the old y is not read */
  columnXpby(X: Float64Array, b: Float64Array, Y: Float64Array): void
  /** x_c += a[c] p_c and r_c -= a[c] q_c; out[c] = r_c . r_c */
  columnAdvance(
    a: Float64Array,
    P: Float64Array,
    Q: Float64Array,
    X: Float64Array,
    R: Float64Array,
    out: Float64Array,
  ): void

  /**
   * Solves L z = r, where row i of `upper` holds column i of L below the diagonal and `inverse` 1 / l_ii. Rows
   * [from, to), called in ascending order; the call with from = 0 copies r to z.
   */
  forwardSolve(upper: CsrData, inverse: Float64Array, r: Float64Array, z: Float64Array, from: number, to: number): void
  /** Solves L^T z = z in place for rows [from, to), called in descending order. */
  backwardSolve(upper: CsrData, inverse: Float64Array, z: Float64Array, from: number, to: number): void
}
