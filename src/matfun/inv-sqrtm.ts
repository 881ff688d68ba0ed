import { forms } from '../core/method.ts'
import { type Matrices, ownBatch } from './matrices.ts'
import { withDerivatives } from './matrix-function.ts'
import { type RootOptions, rootKeys, roots } from './roots.ts'
import type { MatrixFunctionValue } from './value.ts'

const { async, sync } = withDerivatives(
  forms<[Matrices, RootOptions?], MatrixFunctionValue>('invSqrtm', 1, rootKeys, (call, A, options) =>
    roots(call.name, ownBatch(call, 'A', A, options?.count), true, options),
  ),
)

/**
 * The inverse square root of symmetric positive definite matrices, X A X = I: what whitens data of covariance A. See
 * {@link sqrtm}. `invSqrtmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE, ERR_OPTION
 */
export const invSqrtm = async

/** {@link invSqrtm}, blocking. */
export const invSqrtmSync = sync
