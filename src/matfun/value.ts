import type { Dense } from '../core/types.ts'
import type { MatrixFunctionState } from './state.ts'

/** f(A), without its derivatives. */
export interface MatrixFunctionValue {
  /** n x n; of a batch, count n x n, one matrix after the other. */
  readonly value: Dense
  /** The largest of `residuals`. */
  readonly residual: number
  /**
   * Of each matrix: ||X^2 - A||_F / ||A||_F of a square root X; of other functions ||A' - A||_F / ||A||_F, A' the matrix
   * that the computed eigenvalues and vectors make, of which X is f. Of general matrices A' is made by the Schur form, and of the
   * exponential it is that of the system its approximant solves.
   */
  readonly residuals: Float64Array
  /** What the derivatives are computed from. */
  readonly state: MatrixFunctionState
}

/** A complex matrix: its real and its imaginary part. */
export interface ComplexDense {
  readonly real: Dense
  readonly imaginary: Dense
}

/** f(A) of general real matrices that may have negative eigenvalues, without its derivatives. */
export interface ComplexValue {
  /** n x n each; of a batch, count n x n, one matrix after the other. */
  readonly value: ComplexDense
  /** The largest of `residuals`. */
  readonly residual: number
  /** Of each matrix, see `MatrixFunctionValue`. */
  readonly residuals: Float64Array
}

/** A complex value of a function of matrices; whoever asks for its derivatives is told that there are none: ERR_UNSUPPORTED. */
export interface ComplexMatrixFunction extends ComplexValue {
  readonly pullback: (...given: readonly unknown[]) => never
  readonly pushforward: (...given: readonly unknown[]) => never
  readonly hessianVector: (...given: readonly unknown[]) => never
}
