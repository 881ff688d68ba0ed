import { type Call, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import { cgMethod } from '../krylov/cg.ts'
import type { Solution } from '../krylov/solution.ts'
import { type Inside, type SolverOptions, solveSquare } from '../krylov/solver.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { type SorOptions, solveSor } from '../relaxation/sor.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
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
 * Conjugate gradients. What an iteration costs is known once the preconditioner is built: none is begun that the budget cannot
 * pay, the first excepted.
 */
export function* byCg(
  call: Call,
  A: Csr,
  b: ArrayLike<number>,
  options: SolverOptions,
  preconditioner: Recipe,
  budget = Number.POSITIVE_INFINITY,
): Steps<Attempt> {
  const begun = performance.now()
  let cost: Cost = { setup: 0, iteration: 0 }
  const inside: Inside = (system, b, x, M, N, stopping) => {
    cost = cgCost(A, M as Preconditioner) // of a recipe
    const most = Math.max(1, Math.floor(budget / cost.iteration))
    const maxIterations = Math.min(most, stopping.maxIterations)
    return run(cgMethod, system, b, x, M, N, { ...stopping, maxIterations })
  }
  const solution = yield* solveSquare(call, cgMethod.name, requireSymmetric, inside, A, b, {
    ...options,
    preconditioner,
  })
  return attempt(solution, cost, begun)
}

function attempt(solution: Solution, { setup, iteration }: Cost, begun: number): Attempt {
  const iterating = solution.iterations * iteration
  return { solution, iterating, cost: setup + iterating, time: performance.now() - begun }
}
