import { bindLapack } from '../core/method.ts'
import { gramSteps } from './gram.steps.ts'

/** G = A^T A on arrays by rows: (A, n, G). */
export const gramOf = bindLapack('gram', gramSteps)
