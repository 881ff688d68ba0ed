import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { power } from './families.ts'
import { type Matrices, ownBatch } from './matrices.ts'
import { byEigenbasis, functionKeys, type MatrixFunctionOptions, withDerivatives } from './matrix-function.ts'
import type { MatrixFunctionValue } from './value.ts'

const { async, sync } = withDerivatives(
  forms<[Matrices, number, MatrixFunctionOptions?], MatrixFunctionValue>(
    'powm',
    2,
    functionKeys,
    (call, A, p, options) => {
      if (typeof p !== 'number' || !Number.isFinite(p)) throw refuse('ERR_TYPE', call.name, 'p', 'a finite number', p)
      return byEigenbasis(call.name, ownBatch(call, 'A', A, options?.count), power(p), options?.eigenvalues)
    },
  ),
)

/**
 * The power A^p of symmetric positive definite matrices, for any real p; of any symmetric ones where p is a non-negative
 * integer. See {@link sqrtm}. `powmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE, ERR_OPTION
 */
export const powm = async

/** {@link powm}, blocking. */
export const powmSync = sync
