import type { CsrData } from '../core/types.ts'
import type { LdltFactor } from '../direct/kinds.ts'
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
  readonly matrix: CsrData
  readonly inverseDiagonal: Float64Array
  readonly degree: number
  readonly smallest: number
  readonly largest: number
}

/** A built preconditioner. What `ldlt` gives is one with |D| in D's place, so that it is positive definite whatever A is. */
export type Preconditioner = Identity | Jacobi | Factor | LevelFactor | DiagonalFactor | Chebyshev | LdltFactor

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
