import { run } from '../core/method.ts'
import { fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { cgMethod } from '../krylov/cg.ts'
import type { Recipe } from '../precondition/recipe.ts'
import type { Csr } from '../sparse/csr.ts'

export const TOLERANCE = 1e-8
const MOST = 300 // iterations, beyond which a candidate is out of the question

/** What a solve of a random system came to. */
export interface WholeSolve {
  /** Iterations to the tolerance, between two of them by the logarithm of the residual. */
  readonly fractional: number
  readonly iterations: number
  /** What an iteration left of the residual, in the mean. */
  readonly rate: number
}

/** Where a history of residual norms meets the tolerance, between two iterations by their logarithms. */
export function fractionalIterations(history: Float64Array, tolerance: number): number {
  const target = tolerance * history[0]!
  const i = history.findIndex(norm => norm <= target)
  if (i < 1) return i < 0 ? Number.POSITIVE_INFINITY : 0
  return i - 1 + Math.log(history[i - 1]! / target) / Math.log(history[i - 1]! / history[i]!)
}

/** Solves a random system with A by `cg`. */
export function* wholeSolve(method: string, A: Csr, recipe: Recipe, seed: number, stream: number): Steps<WholeSolve> {
  const M = yield* recipe.build(method, A)
  const b = float64(A.rows)
  fillNormal(b, seed, stream)
  const stopping = { rtol: TOLERANCE, atol: 0, maxIterations: MOST, warm: false, history: true, slow: 0 }
  const { iterations, history } = yield* run(cgMethod, A, b, float64(A.rows), M, float64(0), stopping)
  return {
    fractional: Math.min(MOST, fractionalIterations(history, TOLERANCE)),
    iterations,
    rate: (history[iterations]! / history[0]!) ** (1 / Math.max(1, iterations)),
  }
}

/** The mean of the logarithms of fractional iterations. */
export function* meanLogarithm(
  method: string,
  matrices: readonly Csr[],
  recipe: Recipe,
  seed: number,
  stream: number,
): Steps<number> {
  let sum = 0
  for (const [at, A] of matrices.entries())
    sum += Math.log((yield* wholeSolve(method, A, recipe, seed, stream + at)).fractional)
  return sum / matrices.length
}
