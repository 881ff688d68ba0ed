import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { applyLdlt } from './apply.steps.ts'
import type { LdltFactor } from './kinds.ts'
import { type Refinement, refine } from './refine.steps.ts'

/** X = A^-1 B by an LDL^T factor, refined. */
export function* ldltSolveSteps(k: Kernels, A: CsrData, F: LdltFactor, ...given: Refinement): Steps<number> {
  return yield* refine(k, A, (R, Z) => applyLdlt(k, F, R, Z, given[2], false), ...given)
}
