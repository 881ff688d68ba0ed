import { hasNative, threadsFor } from '../core/backend.ts'
import { bind, type Call, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { Csr } from '../sparse/csr.ts'
import { solveExternally } from './external.ts'
import type { ExternalFactor, Ldlt } from './kinds.ts'
import { ldltSolveSteps } from './ldlt-solve.steps.ts'
import {
  checkRefinement,
  type DirectBlockSolution,
  type DirectSolution,
  directSolution,
  report,
  rightHandSidesOf,
  type SolveWithOptions,
} from './solution.ts'
import { checkLdlt } from './validate.ts'

const ldltSolve = bind('ldltSolve', ldltSolveSteps)

/** Whether a record is of a kind that `ldlt` gives. */
export const isSparseFactor = (given: unknown): given is Ldlt | ExternalFactor =>
  typeof given === 'object' && given !== null && ['ldlt', 'external-factor'].includes((given as { kind: string }).kind)

/** Checks the arguments of a solve with a sparse factor, and solves. */
export function* solveSparse(
  call: Call,
  given: Ldlt | ExternalFactor,
  rhs: ArrayLike<number> | Dense,
  options: SolveWithOptions = {},
): Steps<DirectSolution | DirectBlockSolution> {
  const begun = performance.now()
  const F = given.kind === 'ldlt' ? checkLdlt(call.name, given) : given
  const A = Csr.from(F.matrix, call.name, 'F.matrix')
  const n = A.rows
  const { rtol, maxRefinements } = checkRefinement(call.name, options)
  const sides = yield* rightHandSidesOf(call, rhs, n)
  const { b, s } = sides
  const [x, norms, errors] = [float64(n * s), float64(s), float64(s)]
  const rest = [b, x, s, rtol, maxRefinements, norms, errors] as const
  const refinements = yield* F.kind === 'ldlt' ? run(ldltSolve, A, F, ...rest) : solveExternally(F, ...rest)
  const native = hasNative(ldltSolve.name)
  const xNorms = columnNorms(x, s)
  const sizes = columnNorms(b, s)
  const columns = Array.from(sizes, (size, c) => report(norms[c]!, size, errors[c]!, rtol, xNorms[c]! > 0))
  return directSolution(x, sides, columns, {
    refinements,
    time: { solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    threads: native ? threadsFor(call.control.threads) : 1,
  })
}
