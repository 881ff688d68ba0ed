import { bind } from '../core/method.ts'
import { sampledResidualSteps } from './sampled-residual.steps.ts'

/** Errors of a factorization on observed entries: (A, weights, rowOffsets, columnOffsets, U, V, rank, errors). */
export const sampledResidual = bind('sampledResidual', sampledResidualSteps)
