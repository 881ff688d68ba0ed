import type { CsrData, Pattern, PlannedMatrix, Reals } from '../core/types.ts'
import type { LdltFactor, LuFactor } from '../direct/kinds.ts'
import type { Diagonals } from '../kernels/kernels.ts'

/*
 * Built preconditioners: plain records, each an alternative of the same variant in C++. They apply z = M^-1 r.
 */

/** z = r */
export interface Identity {
  readonly kind: 'identity'
}

/** z = D^-1 r */
export interface Jacobi {
  readonly kind: 'jacobi'
  readonly inverseDiagonal: Float64Array
}

/** z = (U^T D U)^-1 r, U unit upper triangular with strict part `upper`, D diagonal and positive. */
export interface Factor {
  readonly kind: 'factor'
  /** The method that made it: `'ic0'`, `'ric0'`, `'ssor'`. */
  readonly method: string
  readonly upper: CsrData
  readonly inverseDiagonal: Float64Array
  /** Diagonal blocks of equal size (block b: rows n b / blocks on) that no entry of U couples. */
  readonly blocks: number
}

/**
 * The same in another numbering: new row p is old row order[p], new rows starts[l] .. starts[l + 1] - 1 are level l, and
 * rows of one level do not need each other. `lower` is the transpose of `upper`.
 */
export interface LevelFactor {
  readonly kind: 'levels'
  readonly method: string
  readonly order: Int32Array
  readonly starts: Int32Array
  readonly lower: CsrData
  readonly upper: CsrData
  /** In the new numbering. */
  readonly inverseDiagonal: Float64Array
}

/** The same as `Factor` with U kept by its diagonals, which all threads solve with. */
export interface DiagonalFactor {
  readonly kind: 'diagonals'
  readonly method: string
  readonly upper: Diagonals
  readonly inverseDiagonal: Float64Array
}

/** z = p(D^-1 A) D^-1 r, p the Chebyshev polynomial of `degree` on [smallest, largest]. */
export interface Chebyshev {
  readonly kind: 'chebyshev'
  readonly matrix: PlannedMatrix
  readonly inverseDiagonal: Float64Array
  readonly degree: number
  readonly smallest: number
  readonly largest: number
}

/**
 * One cycle of multigrid. Level 0 is A itself (`pattern`, `finest`); the flat arrays hold, level after level, the
 * prolongation P to it from the next, P^T, and the matrix of the next. `levels` is their table: four numbers a level,
 * its unknowns, the entries of its matrix and of P, and its nodes. All but the table is in one precision.
 */
export interface Amg {
  readonly kind: 'amg'
  readonly cycle: 'v' | 'w' | 'k'
  readonly smoother: 'jacobi' | 'chebyshev' | 'l1'
  /** Smoothing steps before and after the coarse correction. */
  readonly degree: number
  readonly pattern: Pattern
  readonly finest: Reals
  readonly levels: Int32Array
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Reals
  /** Of all levels, one after the other: the smoother's D^-1. */
  readonly inverseDiagonal: Reals
  /** Per level, a bound of the spectrum of D^-1 A. */
  readonly largest: Float64Array
  /** The dense Cholesky factor of the coarsest matrix, by rows; empty where that is too large for one. */
  readonly coarse: Float64Array
  /** What `amg.update` needs: the aggregate of each node (-1: none), level after level, and the settings. */
  readonly aggregates: Int32Array
  readonly thresholds: Float64Array
  /** Per level: Chebyshev smoothing damps the part [largest / ratio, largest] of the spectrum. */
  readonly ratios: Float64Array
  readonly blockSize: number
  /** Near-null vectors by rows, `columns` of them; empty for the constant one. */
  readonly near: Float64Array
  readonly columns: number
  readonly constant: boolean
  readonly damping: number
}

/** What a built preconditioner may carry besides; native code does not read it. */
export interface Noted {
  /** Of a learned one: what an iteration of CG left of the residual in training. */
  readonly learned?: number
  /** Why it stands where another was asked for. */
  readonly why?: string
}

/** The same, with why it stands where another was asked for. */
export const because = <M extends object>(built: M, why: string): M & Noted => ({ ...built, why })

/** z = base^-1 r + P E^-1 P^T r: row i of P has a one in column aggregates[i]. */
export interface TwoLevel {
  readonly kind: 'two-level'
  readonly base: Jacobi | Factor | LevelFactor | DiagonalFactor
  /** -1 for a row of zeros. */
  readonly aggregates: Int32Array
  /** The rows of column c: members[starts[c]] .. members[starts[c + 1] - 1]. */
  readonly starts: Int32Array
  readonly members: Int32Array
  /** Of E = P^T A P. */
  readonly coarse: LdltFactor
}

/** A built preconditioner. What `ldlt` gives is one with |D| in D's place, so that it is positive definite whatever A is. */
export type Preconditioner =
  | Identity
  | Jacobi
  | Factor
  | LevelFactor
  | DiagonalFactor
  | Chebyshev
  | Amg
  | TwoLevel
  | LdltFactor
  | LuFactor

/**
 * The user's own preconditioner: overwrites `z` with M^-1 `r` (both of length n), or returns z. The same two arrays
 * come with every call. In the asynchronous form it may answer with a promise.
 */
export type PreconditionerFunction = (
  r: Float64Array,
  z: Float64Array,
) => void | Float64Array | Promise<void | Float64Array>

/** What the inside of a solver applies. */
export type AnyPreconditioner = Preconditioner | PreconditionerFunction
