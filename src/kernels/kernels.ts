import type { CsrData, PlannedMatrix } from '../core/types.ts'

/** Rows renumbered by level: see `LevelFactor`. */
export interface Levels {
  readonly order: Int32Array
  readonly starts: Int32Array
}

/**
 * How a triangular solve by diagonals is cut into tasks, made once per pattern: rows in periods, these in lanes at
 * `cuts`, and `group` periods of one lane are a step.
 */
export interface DiagonalPlan {
  readonly rows: number
  /** Of the far diagonals, farthest first. */
  readonly offsets: Int32Array
  readonly period: number
  readonly group: number
  /** Lane l holds rows cuts[l] to cuts[l + 1] of each period. */
  readonly cuts: Int32Array
  /** Step s of lane l starts when lane m has done step s - needs[l lanes + m]; -1: it needs none of it. */
  readonly needs: Int32Array
  /** Rows from starts[s] to starts[s + 1] need the far diagonals in masks[s]: first those before them, then after. */
  readonly forwardStarts: Int32Array
  readonly forwardMasks: Int32Array
  readonly backwardStarts: Int32Array
  readonly backwardMasks: Int32Array
}

/**
 * A strictly upper triangle by its diagonals: each far one n values by row, then the one next to the main diagonal,
 * n + 1 values, of which number i couples rows i - 1 and i. They are in double or in single precision: the other array
 * is empty.
 */
export interface Diagonals {
  readonly plan: DiagonalPlan
  readonly values: Float64Array
  readonly single: Float32Array
  /**
   * Rows with the same coefficients and the same entry of D^-1, first and end by turns: what a solve forward needs for
   * them (a row of U^T), and what one backward needs (a row of U).
   */
  readonly forwardRuns: Int32Array
  readonly backwardRuns: Int32Array
}

/**
 * The loops over numbers that methods are made of, twice: plain TypeScript, and C++ with threads. Vectors have the
 * operand's length and may not overlap unless said. `[from, to)` are rows; partial results add up.
 */
export interface Kernels {
  /** Non-zeros that one call may treat before a tick is due: about 2 ms of work. */
  readonly grain: number

  /** y = A x on rows [from, to). */
  spmv(A: PlannedMatrix, x: Float64Array, y: Float64Array, from: number, to: number): void
  /** y = A x on rows [from, to); returns the part of x . y there. A is square. */
  spmvDot(A: PlannedMatrix, x: Float64Array, y: Float64Array, from: number, to: number): number
  /** y = A x on rows [from, to); adds x . y and y . D y there to sums[0] and sums[1]. d empty: D is the identity. */
  spmvDots(
    A: PlannedMatrix,
    d: Float64Array,
    x: Float64Array,
    y: Float64Array,
    sums: Float64Array,
    from: number,
    to: number,
  ): void
  /** r = b - A x on rows [from, to); returns the part of r . r there. */
  residual(A: PlannedMatrix, x: Float64Array, b: Float64Array, r: Float64Array, from: number, to: number): number
  /** Y = A X on rows [from, to), X and Y row-major with `s` columns. */
  spmm(A: PlannedMatrix, X: Float64Array, Y: Float64Array, s: number, from: number, to: number): void

  /** x . y */
  dot(x: Float64Array, y: Float64Array): number
  /** y += a x */
  axpy(a: number, x: Float64Array, y: Float64Array): void
  /** y = a x + b y; with b = 0 the old y is not read */
  axpby(a: number, x: Float64Array, b: number, y: Float64Array): void
  /** x += a p and r -= a q; returns r . r */
  advance(a: number, p: Float64Array, q: Float64Array, x: Float64Array, r: Float64Array): number
  /**
   * x += a p, r -= a q, p = D r + b p in one pass; sums[0] = r . r and sums[1] = r . D r. d empty: D is the identity.
   */
  advanceDirection(
    a: number,
    b: number,
    d: Float64Array,
    p: Float64Array,
    q: Float64Array,
    x: Float64Array,
    r: Float64Array,
    sums: Float64Array,
  ): void
  /** z = d r, entry by entry; returns r . z. z may be r. */
  scale(d: Float64Array, r: Float64Array, z: Float64Array): number

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

  /** out[j] = v_j . w: V is a basis of out.length vectors, one after the other. */
  basisDots(V: Float64Array, w: Float64Array, out: Float64Array): void
  /**
   * w -= V h, V of h.length vectors one after the other; then out = v_j . w for as many vectors as it has room for, and
   * w . w last.
   */
  basisSubtract(V: Float64Array, h: Float64Array, w: Float64Array, out: Float64Array): void

  /**
   * Solves U^T y = r into z, U unit upper triangular with strict part `upper`. Rows [from, to), called in ascending
   * order; the call with from = 0 copies r to z.
   */
  forwardSolve(upper: CsrData, r: Float64Array, z: Float64Array, from: number, to: number): void
  /**
   * Solves U z = D^-1 y in place for rows [from, to), called in descending order. Returns the part of y . D^-1 y: summed
   * over all rows it is r . z.
   */
  backwardSolve(upper: CsrData, inverseDiagonal: Float64Array, z: Float64Array, from: number, to: number): number

  /** y = U^-T P r for levels [from, to), called in ascending order; row p of the level numbering is row order[p]. */
  levelForward(lower: CsrData, levels: Levels, r: Float64Array, y: Float64Array, from: number, to: number): void
  /**
   * y = U^-1 D^-1 y in place and z = P^T y for levels [from, to), called in descending order. Returns the part of
   * y . D^-1 y: summed over all levels it is r . z.
   */
  levelBackward(
    upper: CsrData,
    inverseDiagonal: Float64Array,
    levels: Levels,
    y: Float64Array,
    z: Float64Array,
    from: number,
    to: number,
  ): number

  /** Solves U^T z = r, U unit upper triangular, for steps [from, to) of its plan, called in ascending order. */
  diagonalForward(upper: Diagonals, r: Float64Array, z: Float64Array, from: number, to: number): void
  /**
   * Solves U z = D^-1 y in place for steps [from, to), called in descending order. Returns the part of y . D^-1 y: summed
   * over all steps it is r . z.
   */
  diagonalBackward(upper: Diagonals, inverseDiagonal: Float64Array, z: Float64Array, from: number, to: number): number
}
