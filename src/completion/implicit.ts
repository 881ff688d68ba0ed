import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gramOf } from '../dense/gram.ts'
import type { Swept } from './fit.ts'
import type { Factors } from './model.ts'
import { type Problem, residual } from './problem.ts'

/**
 * The sum over all entries of c (p - x)^2, p = 1 and c = 1 + a for those that were seen, p = 0 and c = 1 for the others:
 * sum over seen ones of a ((1 + a) / a - x)^2 - (1 + a) / a, and of x^2 over all, from the two Gram matrices.
 */
export function* implicitLoss(problem: Problem, factors: Factors, penalty: number): Steps<Swept> {
  const { rank, left, right } = factors
  const [G, H] = [float64(rank * rank), float64(rank * rank)]
  yield* run(gramOf, left, rank, G)
  yield* run(gramOf, right, rank, H)
  let square = yield* residual(problem, factors)
  for (const y of problem.observed.byRow.values) square -= y
  for (let at = 0; at < G.length; at++) square += G[at]! * H[at]!
  return { square: Math.max(0, square), penalty }
}
