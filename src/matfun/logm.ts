import { logarithm } from './families.ts'
import { ofMatrices } from './matrix-function.ts'

const { async, sync } = ofMatrices('logm', logarithm)

/**
 * The logarithm of symmetric positive definite matrices. See {@link sqrtm}. `logmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE, ERR_OPTION
 */
export const logm = async

/** {@link logm}, blocking. */
export const logmSync = sync
