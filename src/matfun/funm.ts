import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { FAMILY } from './differences.ts'
import type { Scalar } from './families.ts'
import { type Matrices, ownBatch } from './matrices.ts'
import { byEigenbasis, functionKeys, type MatrixFunctionOptions, withDerivatives } from './matrix-function.ts'
import type { MatrixFunctionValue } from './value.ts'

/** A function of a number, with as many derivatives as are wanted of the matrix function. */
export interface ScalarFunction {
  readonly f: (x: number) => number
  /** f'. */
  readonly derivative: (x: number) => number
  /** f'', for `hessianVector`. */
  readonly second?: (x: number) => number
  /** Whether f wants positive eigenvalues, so that the option `eigenvalues` applies. Default false. */
  readonly positive?: boolean
}

function checked(method: string, given: ScalarFunction): Scalar {
  if (typeof given !== 'object' || given === null)
    throw refuse('ERR_TYPE', method, 'f', 'an object with f and derivative', given)
  const { f, derivative, second, positive = false } = given
  for (const [name, act] of Object.entries({ f, derivative, ...(second !== undefined && { second }) }))
    if (typeof act !== 'function') throw refuse('ERR_TYPE', method, `f.${name}`, 'a function', act)
  if (typeof positive !== 'boolean') throw refuse('ERR_TYPE', method, 'f.positive', 'true or false', positive)
  const number = (act: (x: number) => number) => (x: number) => {
    const y: unknown = act(x)
    return typeof y === 'number' ? y : Number.NaN // refused where it is looked at
  }
  return {
    family: FAMILY.table,
    p: 0,
    value: number(f),
    slope: number(derivative),
    second: second && number(second),
    positive,
  }
}

const { async, sync } = withDerivatives(
  forms<[Matrices, ScalarFunction, MatrixFunctionOptions?], MatrixFunctionValue>(
    'funm',
    2,
    functionKeys,
    (call, A, f, options) => {
      const scalar = checked(call.name, f)
      return byEigenbasis(call.name, ownBatch(call, 'A', A, options?.count), scalar, options?.eigenvalues)
    },
  ),
)

/**
 * Any function of symmetric matrices: f(A) = V^T diag(f(w)) V. Its derivatives are good to about 1e-10, since two close
 * eigenvalues leave nothing but the mean of f' there. See {@link sqrtm}. `funmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE (f at an eigenvalue included), ERR_NOT_SYMMETRIC, ERR_OPTION
 */
export const funm = async

/** {@link funm}, blocking. */
export const funmSync = sync
