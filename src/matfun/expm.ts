import { exponential } from './families.ts'
import type { Matrices } from './matrices.ts'
import type { GeneralFunctionOptions } from './matrix-function.ts'
import { functionKeys, type MatrixFunction, type MatrixFunctionSync, ofMatrices } from './matrix-function.ts'

/** Options of {@link expm}. */
export type ExpmOptions = Omit<GeneralFunctionOptions, 'complex'>

const { async, sync } = ofMatrices('expm', 'exponential', exponential, [...functionKeys, 'structure'])

/**
 * The exponential of symmetric matrices, see {@link sqrtm}, or with `structure: 'general'` of any: scaling and squaring of Pade
 * approximants, about 20 n^3 flops (Al-Mohy and Higham 2009). `expmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE (overflow included), ERR_NOT_SYMMETRIC, ERR_OPTION
 */
export const expm: (A: Matrices, options?: ExpmOptions) => Promise<MatrixFunction> = async

/** {@link expm}, blocking. */
export const expmSync: (A: Matrices, options?: ExpmOptions) => MatrixFunctionSync = sync
