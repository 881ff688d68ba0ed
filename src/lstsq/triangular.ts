import type { Steps } from '../core/steps.ts'
import type { Answer } from './answer.ts'
import { conditionOf } from './condition.ts'
import type { Problem } from './problem.ts'
import { isFullRank } from './rank.ts'
import { refine } from './refine.ts'
import { blockOf, inverseOf } from './triangle.ts'

/** x = R^-1 Q^T b with [R, Q^T b] from a QR factorization by blocks of rows, without Q. 2 m n^2 flops; reads A some three times. */
export function* byTriangle(problem: Problem): Steps<Answer | undefined> {
  const { n, s } = problem
  const whole = yield* problem.triangle()
  const R = blockOf(whole, n + s, 0, n, 0, n)
  const condition = yield* conditionOf(R, n)
  if (!isFullRank(condition, n)) return undefined
  const basis = inverseOf(R, n)
  const start = yield* basis.apply(blockOf(whole, n + s, 0, n, n, s), s)
  return { ...(yield* refine(problem, basis, start, R)), method: 'tsqr', condition, rank: n }
}
