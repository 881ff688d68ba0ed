import { bind } from '../core/method.ts'
import { topRowsSteps } from './top-rows.steps.ts'

/** The rows of a factor with the largest products: (V, x, offsets, excluded, rows, most). */
export const topRows = bind('topRows', topRowsSteps)
