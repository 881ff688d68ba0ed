import { exponential } from './families.ts'
import { ofMatrices } from './matrix-function.ts'

const { async, sync } = ofMatrices('expm', exponential)

/**
 * The exponential of symmetric matrices. See {@link sqrtm}. `expmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE (overflow included), ERR_NOT_SYMMETRIC, ERR_OPTION
 */
export const expm = async

/** {@link expm}, blocking. */
export const expmSync = sync
