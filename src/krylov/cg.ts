import { refuse } from '../core/errors.ts'
import { bind, type Call, forms } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense, Operator } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { cgSteps } from './cg.steps.ts'
import { type BlockSolution, solveBlock } from './cg-block.ts'
import { flexibleCgSteps } from './flexible-cg.steps.ts'
import type { Solution } from './solution.ts'
import { type SolverOptions, solverKeys, solveSymmetric } from './solver.ts'

/** Options of {@link cg}. */
export interface CgOptions extends SolverOptions {
  /**
   * For a preconditioner that changes between applications or is not linear: directions are made orthogonal to the
   * last `memory` ones (true: 2) explicitly. Default false.
   */
  readonly flexible?: boolean | { readonly memory: number }
}

/** The inside of {@link cg}, for methods that compose it. */
export const cgMethod = bind('cg', cgSteps)
const flexibleCg = bind('flexibleCg', flexibleCgSteps)

const { async, sync } = forms<[CsrData | Operator, ArrayLike<number> | Dense, CgOptions?], Solution | BlockSolution>(
  'cg',
  2,
  [...solverKeys, 'flexible'],
  (call, A, b, options = {}) => solve(call, A, b, options),
)

/**
 * Solves A x = b for a symmetric positive (semi)definite A by preconditioned conjugate gradients. `b` has n entries, or
 * is a dense n x s block: then all columns share the passes over A, and the answer has one report per column.
 *
 * Workspace 4n doubles, 5n with a preconditioner; (2 memory + 4) n when flexible. The answer says how it ended: not
 * converging is a value. Computed off the JavaScript thread; `cgSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_OPTION: what is wrong before the
 * first iteration
 */
export const cg = async as {
  (A: CsrData | Operator, b: Dense, options?: CgOptions): Promise<BlockSolution>
  (A: CsrData | Operator, b: ArrayLike<number>, options?: CgOptions): Promise<Solution>
}

/** {@link cg}, blocking. */
export const cgSync = sync as {
  (A: CsrData | Operator, b: Dense, options?: CgOptions): BlockSolution
  (A: CsrData | Operator, b: ArrayLike<number>, options?: CgOptions): Solution
}

function solve(
  call: Call,
  A: CsrData | Operator,
  b: ArrayLike<number> | Dense,
  options: CgOptions,
): Steps<Solution | BlockSolution> {
  const memory = checkFlexible(call.name, options.flexible)
  if (!isDense(b)) {
    if (memory === 0) return solveSymmetric(call, cgMethod, A, b, options)
    return solveSymmetric(call, flexibleCg, A, b, options, memory)
  }
  if (memory > 0)
    throw refuse('ERR_OPTION', call.name, 'option flexible', 'false for a block of right-hand sides', true)
  return solveBlock(call, A, b, options)
}

function checkFlexible(method: string, flexible: unknown): number {
  if (flexible === undefined || flexible === false) return 0
  if (flexible === true) return 2
  const memory = (flexible as { memory?: unknown } | null)?.memory
  if (typeof memory !== 'number' || !Number.isInteger(memory) || memory < 1 || memory > 100)
    throw refuse('ERR_OPTION', method, 'option flexible', 'true, false or { memory: 1 to 100 }', flexible)
  return memory
}
