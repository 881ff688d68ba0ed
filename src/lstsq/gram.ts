import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { choleskyOf } from '../dense/cholesky.ts'
import type { Answer } from './answer.ts'
import { conditionOf } from './condition.ts'
import type { Problem } from './problem.ts'
import { refine } from './refine.ts'
import { inverseOf } from './triangle.ts'

/** Condition beyond which rounding in A^T A leaves too little of the smallest singular values. */
export const MOST_CONDITION = 1e7

const HOPELESS = 1e9 // condition of the first rows from which that of all is taken to be too large as well
const SHARE = 16 // of A's rows that are looked at first,
const FEWEST = 8 // and for each column at least

/**
 * Whether A^T A may serve, by that of the first rows, which are a part of it. Rows may differ: then what comes next
 * finds out, and turns back.
 */
export function* mayServe(problem: Problem): Steps<boolean> {
  const { m, n } = problem
  const rows = Math.max(Math.floor(m / SHARE), FEWEST * n)
  if (2 * rows > m) return true
  const G = yield* problem.firstGram(rows)
  if (G === undefined) return false
  const { condition } = yield* triangleOf(G, n)
  problem.doubtful = condition > HOPELESS
  return !problem.doubtful
}

/** R with R^T R = G, and its condition: Infinity where G is not positive definite. Columns are scaled to unit norm meanwhile. */
function* triangleOf(G: Float64Array, n: number): Steps<{ readonly R: Float64Array; readonly condition: number }> {
  const scales = Float64Array.from({ length: n }, (_, j) => Math.sqrt(G[j * n + j]!))
  const L = float64(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) L[i * n + j] = G[i * n + j]! / scales[i]! / scales[j]!
  const { failed } = yield* choleskyOf({ rows: n, columns: n, values: G }, L)
  const R = float64(n * n)
  if (failed >= 0) return { R, condition: Number.POSITIVE_INFINITY }
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) R[i * n + j] = L[j * n + i]! * scales[j]!
  return { R, condition: yield* conditionOf(R, n) }
}

/**
 * R^T R = A^T A by Cholesky and refinement from x = 0: the normal equations serve as a preconditioner, so that the answer is
 * backward stable (Bjorck 1987). m n^2 flops; reads A some four times.
 */
export function* byGram(problem: Problem): Steps<Answer | undefined> {
  const { n, s } = problem
  if (problem.doubtful) return undefined
  const G = yield* problem.gram()
  if (G === undefined) return undefined
  const { R, condition } = yield* triangleOf(G, n)
  if (!(condition <= MOST_CONDITION)) return undefined
  const found = yield* refine(problem, inverseOf(R, n), float64(n * s), R)
  return { ...found, method: 'gram', condition, rank: n }
}
