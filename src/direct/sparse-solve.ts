import { hasNative, threadsFor } from '../core/backend.ts'
import { bind, type Call, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { Csr } from '../sparse/csr.ts'
import { solveExternally } from './external.ts'
import type { ExternalFactor, Ldlt, Lu } from './kinds.ts'
import { ldltSolveSteps } from './ldlt-solve.steps.ts'
import { luSolveSteps } from './lu-solve.steps.ts'
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
import { checkLu } from './validate-lu.ts'

const ldltSolve = bind('ldltSolve', ldltSolveSteps)
const luSolve = bind('luSolve', luSolveSteps)

/** A factorization of a sparse matrix. */
export type SparseFactor = Ldlt | ExternalFactor | Lu

const kinds: readonly unknown[] = ['ldlt', 'external-factor', 'lu']

/** Whether a record is of a kind that `ldlt` or `lu` gives. */
export const isSparseFactor = (given: unknown): given is SparseFactor =>
  typeof given === 'object' && given !== null && kinds.includes((given as { kind?: unknown }).kind)

/** Checks the arguments of a solve with a sparse factor, and solves. */
export function* solveSparse(
  call: Call,
  given: SparseFactor,
  rhs: ArrayLike<number> | Dense,
  options: SolveWithOptions = {},
): Steps<DirectSolution | DirectBlockSolution> {
  const begun = performance.now()
  const F = checkSparse(call.name, given)
  const A = Csr.from(F.matrix, call.name, 'F.matrix')
  const n = A.rows
  const { rtol, maxRefinements } = checkRefinement(call.name, options)
  const sides = yield* rightHandSidesOf(call, rhs, n)
  const { b, s } = sides
  const [x, norms, errors] = [float64(n * s), float64(s), float64(s)]
  const rest = [b, x, s, rtol, maxRefinements, norms, errors] as const
  const refinements =
    F.kind === 'ldlt'
      ? yield* run(ldltSolve, A, F, ...rest)
      : F.kind === 'lu'
        ? yield* run(luSolve, A, F, ...rest)
        : yield* solveExternally(F, ...rest)
  const native = hasNative(ldltSolve.name)
  // an unknown without a pivot is zero, and so may all of them be
  const singular = F.kind === 'lu' && F.inverseDiagonal.includes(0)
  const xNorms = columnNorms(x, s)
  const sizes = columnNorms(b, s)
  const columns = Array.from(sizes, (size, c) => report(norms[c]!, size, errors[c]!, rtol, singular || xNorms[c]! > 0))
  return directSolution(x, sides, columns, {
    refinements,
    time: { solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    threads: native ? threadsFor(call.control.threads) : 1,
  })
}

function checkSparse(method: string, given: SparseFactor) {
  if (given.kind === 'ldlt') return checkLdlt(method, given)
  return given.kind === 'lu' ? checkLu(method, given) : given
}
