import { type GeneralFunctionOptions, generalKeys, ofAnyStructure } from './matrix-function.ts'
import { type RootOptions, rootKeys, roots } from './roots.ts'

/** Options of {@link sqrtm}. */
export interface SqrtmOptions extends RootOptions, GeneralFunctionOptions {}

const { async, sync } = ofAnyStructure<SqrtmOptions>(
  'sqrtm',
  'root',
  [...generalKeys, ...rootKeys],
  (call, A, options) => roots(call.name, A, false, options),
)

/**
 * The square root of symmetric positive definite matrices, X^2 = A, with its derivatives. About 11 n^3 flops a matrix; a
 * batch is shared out among threads, and gives the same bits as its matrices one by one. With `structure: 'general'` the principal
 * root of any matrices without eigenvalues on the closed negative axis, by their Schur forms, about 30 n^3 flops; `method` does
 * not apply then. `sqrtmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE (negative
 *   eigenvalues; not with `complex`), ERR_UNSUPPORTED, ERR_OPTION
 */
export const sqrtm = async

/** {@link sqrtm}, blocking. */
export const sqrtmSync = sync
