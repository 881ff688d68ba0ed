import { bindLapack } from '../core/method.ts'
import { tsqrSteps } from './tsqr.steps.ts'

/** The triangle of [R; A B], into which further rows may come. */
export const tsqr = bindLapack('tsqr', tsqrSteps)
