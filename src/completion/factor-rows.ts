import { bind } from '../core/method.ts'
import { factorRowsSteps } from './factor-rows.steps.ts'

/** Rows of one factor, solved for: (A, weights, offsets, V, X, spread, base, settings). */
export const factorRows = bind('factorRows', factorRowsSteps)
