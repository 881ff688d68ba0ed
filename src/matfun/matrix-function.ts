import type { ControlOptions } from '../core/control.ts'
import { type Call, type Forms, forms } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { type Derivatives, type DerivativesSync, derivativesOf, derivativesOfSync } from './derivatives.ts'
import { type EigenvaluePolicy, policyOption } from './eigenvalues.ts'
import type { Scalar } from './families.ts'
import { type Batch, type Matrices, ownBatch, stacked } from './matrices.ts'
import { spectral } from './spectral.ts'
import type { MatrixFunctionState } from './state.ts'

/** Options of functions of matrices. */
export interface MatrixFunctionOptions extends ControlOptions {
  /** So many matrices lie one after the other in A. Left out: A is one matrix, and dense. */
  readonly count?: number
  /** What happens to eigenvalues that f has no use for; default `'error'`. */
  readonly eigenvalues?: EigenvaluePolicy
}

/** f(A), without its derivatives. */
export interface MatrixFunctionValue {
  /** n x n; of a batch, count n x n, one matrix after the other. */
  readonly value: Dense
  /** The largest of `residuals`. */
  readonly residual: number
  /**
   * Of each matrix: ||X^2 - A||_F / ||A||_F of a square root X; of other functions ||A' - A||_F / ||A||_F, A' the matrix
   * that the computed eigenvalues and vectors make, of which X is f.
   */
  readonly residuals: Float64Array
  /** What the derivatives are computed from. */
  readonly state: MatrixFunctionState
}

/** f(A) and its derivatives. */
export interface MatrixFunction extends MatrixFunctionValue, Derivatives {}

/** {@link MatrixFunction} with blocking derivatives. */
export interface MatrixFunctionSync extends MatrixFunctionValue, DerivativesSync {}

/** Option names of {@link MatrixFunctionOptions}. */
export const functionKeys = ['count', 'eigenvalues'] as const

/** f of matrices that were checked, in their eigenbases. */
export function* byEigenbasis(
  method: string,
  A: Batch,
  f: Scalar,
  eigenvalues: unknown = 'error',
): Steps<MatrixFunctionValue> {
  const policy = policyOption(method, eigenvalues)
  const { value, residuals, state } = yield* spectral(method, A, f, policy)
  return answered(A, value, residuals, state)
}

/** A result, with the largest of its residuals. */
export function answered(
  { n, count }: Batch,
  value: Float64Array,
  residuals: Float64Array,
  state: MatrixFunctionState,
): MatrixFunctionValue {
  const residual = residuals.reduce((most, r) => Math.max(most, r), 0)
  return { value: stacked(n, count, value), residual, residuals, state }
}

/** The two forms of a function of matrices: the promise brings derivatives that promise, the other blocking ones. */
export function withDerivatives<Args extends readonly unknown[]>({
  async,
  sync,
}: Forms<Args, MatrixFunctionValue>): {
  readonly async: (...args: Args) => Promise<MatrixFunction>
  readonly sync: (...args: Args) => MatrixFunctionSync
} {
  return {
    async: async (...args) => {
      const found = await async(...args)
      return { ...found, ...derivativesOf(found.state) }
    },
    sync: (...args) => {
      const found = sync(...args)
      return { ...found, ...derivativesOfSync(found.state) }
    },
  }
}

/** The forms of f whose only argument is A. */
export const ofMatrices = (name: string, f: Scalar) =>
  withDerivatives(
    forms<[Matrices, MatrixFunctionOptions?], MatrixFunctionValue>(name, 1, functionKeys, (call: Call, A, options) =>
      byEigenbasis(call.name, ownBatch(call, 'A', A, options?.count), f, options?.eigenvalues),
    ),
  )
