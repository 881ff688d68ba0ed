import { bind } from '../core/method.ts'
import { lanczosSteps } from './lanczos.steps.ts'

export { gapOf, lanczosStart } from './lanczos.steps.ts'

/** Extreme eigenvalues of a symmetric matrix, scaled by a diagonal. */
export const lanczos = bind('lanczos', lanczosSteps)
