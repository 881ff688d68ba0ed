import { logarithm } from './families.ts'
import { ofMatrices } from './matrix-function.ts'

const { async, sync } = ofMatrices('logm', 'logarithm', logarithm)

/**
 * The logarithm of symmetric positive definite matrices, see {@link sqrtm}, or with `structure: 'general'` the principal one of any
 * without eigenvalues on the closed negative axis: inverse scaling and squaring in the Schur form, about 35 n^3 flops (Al-Mohy and
 * Higham 2012). `logmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_SINGULAR, ERR_INDEFINITE (negative
 *   eigenvalues; not with `complex`), ERR_UNSUPPORTED, ERR_OPTION
 */
export const logm = async

/** {@link logm}, blocking. */
export const logmSync = sync
