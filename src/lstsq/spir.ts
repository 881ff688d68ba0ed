import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { tsqr } from '../dense/tsqr.ts'
import { factorOf } from '../sketch/apply.steps.ts'
import { addSketch } from '../sketch/left.ts'
import { sparseStack } from '../sketch/operators.ts'
import type { Answer } from './answer.ts'
import { conditionOf } from './condition.ts'
import { conjugate } from './conjugate.ts'
import { byGram, MOST_CONDITION } from './gram.ts'
import type { Problem } from './problem.ts'
import { isFullRank } from './rank.ts'
import { type Refined, refine } from './refine.ts'
import { blockOf, inverseOf } from './triangle.ts'

const ROWS = 12 // of the sketch, for each column
const FEWEST = 4 // of them that keep the geometry of A
const SHARE = 4 // of A's rows at most one in so many
const STEPS = 60 // of conjugate gradients, in each correction
const GAINS = [1e-7, 1e-5] // of the first correction, and of later ones: more would be lost in their own rounding

/** Rows of the sketch of an m x n matrix, at least `least`; undefined where A itself is not much taller. */
export function sketchRows(m: number, n: number, least = 0): number | undefined {
  const rows = Math.min(Math.max(ROWS * n, least), Math.floor(m / SHARE))
  return rows >= Math.max(FEWEST * n, least) && n > 0 ? Math.ceil(rows / 8) * 8 : undefined
}

/** The triangle of [S A, S B; sqrt(ridge) I 0]; undefined where A is not tall enough for a sketch. */
export function* sketchedTriangle(problem: Problem, least = 0): Steps<{ R: Float64Array; rows: number } | undefined> {
  const { m, n, s, B } = problem
  const rows = sketchRows(m, n, least)
  if (rows === undefined) return undefined
  const { next: _, ...S } = sparseStack({ rows, columns: m, seed: problem.seed, zeta: n >= 200 ? 4 : 8 })
  const [SA, SB] = [float64(rows * n), float64(rows * s)]
  yield* problem.A.sketch(S, SA)
  yield* addSketch(S, { rows: m, columns: s, values: B }, 0, SB)
  const R = float64((n + s) ** 2)
  yield* run(tsqr, SA, n, SB, s, R)
  const factor = factorOf(S)
  for (let at = 0; at < R.length; at++) R[at]! *= factor
  yield* problem.addRidge(R)
  return { R, rows }
}

/**
 * Sketched iterative refinement: R from a sketch of A makes A R^-1 well conditioned; from the sketched solution on, corrections
 * from the true residual, each by conjugate gradients (SPIR: Epperly, Meier and Nakatsukasa 2024). Right-hand sides one at a time.
 */
export function* bySketch(problem: Problem): Steps<Answer | undefined> {
  const { n, s } = problem
  const sketched = yield* sketchedTriangle(problem)
  if (sketched === undefined) return undefined
  const R = blockOf(sketched.R, n + s, 0, n, 0, n)
  const condition = yield* conditionOf(R, n)
  if (!isFullRank(condition, n)) return undefined
  if (problem.doubtful && condition < MOST_CONDITION / 2) {
    problem.doubtful = false // the first rows were not like the others
    const found = yield* byGram(problem)
    if (found !== undefined) return found
  }
  const basis = inverseOf(R, n, Math.sqrt(n / sketched.rows))
  const starts = yield* basis.apply(blockOf(sketched.R, n + s, 0, n, n, s), s)
  const found: Refined[] = []
  for (let c = 0; c < s; c++) {
    const one = problem.column(c)
    const start = blockOf(starts, s, 0, n, c, 1)
    let corrections = 0
    const refined = yield* refine(one, basis, start, R, function* (Z) {
      const gain = GAINS[Math.min(corrections++, 1)]!
      yield* conjugate(one, basis, Z, gain * columnNorms(Z, 1)[0]!, STEPS)
    })
    found.push(refined)
  }
  return { ...together(found, n), method: 'spir', condition, rank: n }
}

/** Columns that were refined one by one. */
function together(columns: readonly Refined[], n: number): Refined {
  const s = columns.length
  const X = float64(n * s)
  for (const [c, { X: x }] of columns.entries()) for (let j = 0; j < n; j++) X[j * s + c] = x[j]!
  const norms = Float64Array.from(columns, ({ norms }) => norms[0]!)
  return {
    X,
    norms,
    backwardError: Math.max(...columns.map(({ backwardError }) => backwardError)),
    late: columns.some(({ late }) => late),
  }
}
