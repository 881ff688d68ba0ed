import { forms } from '../core/method.ts'
import { type Matrices, ownBatch } from './matrices.ts'
import { type MatrixFunctionValue, withDerivatives } from './matrix-function.ts'
import { type RootOptions, rootKeys, roots } from './roots.ts'

const { async, sync } = withDerivatives(
  forms<[Matrices, RootOptions?], MatrixFunctionValue>('sqrtm', 1, rootKeys, (call, A, options) =>
    roots(call.name, ownBatch(call, 'A', A, options?.count), false, options),
  ),
)

/**
 * The square root of symmetric positive definite matrices, X^2 = A, with its derivatives. About 11 n^3 flops a matrix; a
 * batch is shared out among threads, and gives the same bits as its matrices one by one. `sqrtmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE, ERR_OPTION
 */
export const sqrtm = async

/** {@link sqrtm}, blocking. */
export const sqrtmSync = sync
