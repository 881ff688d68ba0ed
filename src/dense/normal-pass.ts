import { bind } from '../core/method.ts'
import { normalPassSteps } from './normal-pass.steps.ts'

/** w = b - A x and y = A^T w in one pass over a dense A. */
export const normalPass = bind('normalPass', normalPassSteps)
