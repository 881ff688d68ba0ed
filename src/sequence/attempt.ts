import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import { cgMethod } from '../krylov/cg.ts'
import type { Solution } from '../krylov/solution.ts'
import { type SolverOptions, solveSymmetric } from '../krylov/solver.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { type SorOptions, solveSor } from '../relaxation/sor.ts'
import type { Csr } from '../sparse/csr.ts'
import { type Cost, cgCost, sorCost } from './cost.ts'

/** One try at a system, and what it came to. */
export interface Attempt {
  readonly solution: Solution
  /** Counted: of its iterations, and of all. */
  readonly iterating: number
  readonly cost: number
  /** Milliseconds. */
  readonly time: number
}

/** SOR. */
export function* bySor(call: Call, A: Csr, b: ArrayLike<number>, options: SorOptions): Steps<Attempt> {
  const begun = performance.now()
  const solution = yield* solveSor(call, A, b, options)
  return attempt(solution, sorCost(A), begun)
}

/**
 * Conjugate gradients. The preconditioner is built first, so that it is known what an iteration costs: none is begun that
 * the budget cannot pay, the first excepted.
 */
export function* byCg(
  call: Call,
  A: Csr,
  b: ArrayLike<number>,
  options: SolverOptions,
  recipe: Recipe,
  budget = Number.POSITIVE_INFINITY,
): Steps<Attempt> {
  const begun = performance.now()
  const M = yield* recipe.build(call.name, A)
  const cost = cgCost(A, M)
  const most = budget < Number.POSITIVE_INFINITY ? Math.max(1, Math.floor(budget / cost.iteration)) : undefined
  const limit = most === undefined ? {} : { maxIterations: Math.min(most, options.maxIterations ?? most) }
  const solution = yield* solveSymmetric(call, cgMethod, A, b, {
    ...options,
    ...limit,
    preconditioner: built(recipe, M),
  })
  return attempt(solution, cost, begun)
}

/** What is built already, as its own recipe. */
const built = ({ recipe }: Recipe, M: Preconditioner): Recipe => ({
  recipe,
  // biome-ignore lint/correctness/useYield: nothing is left to do
  *build() {
    return M
  },
})

function attempt(solution: Solution, { setup, iteration }: Cost, begun: number): Attempt {
  const iterating = solution.iterations * iteration
  return { solution, iterating, cost: setup + iterating, time: performance.now() - begun }
}
