import { power } from './families.ts'
import { ofMatrices } from './matrix-function.ts'

const { async, sync } = ofMatrices('invSqrtm', power(-0.5))

/**
 * The inverse square root of symmetric positive definite matrices, X A X = I: what whitens data of covariance A. See
 * {@link sqrtm}. `invSqrtmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE, ERR_OPTION
 */
export const invSqrtm = async

/** {@link invSqrtm}, blocking. */
export const invSqrtmSync = sync
