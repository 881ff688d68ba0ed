import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'

/** Options of `solveWith`. */
export interface SolveWithOptions extends ControlOptions {
  /** A column has converged where ||b - A x|| <= rtol ||b||. Default 1e-8; refinement goes on to rounding. */
  readonly rtol?: number
  /** Most steps of iterative refinement. Default 10. */
  readonly maxRefinements?: number
}

/** How one right-hand side was solved. */
export interface DirectReport {
  readonly converged: boolean
  /** `'stagnated'`: refinement ended above rtol; `'not-finite'`: doubles cannot hold the solution, x is zero. */
  readonly reason: 'converged' | 'stagnated' | 'not-finite'
  /** Norm of the true residual ||b - A x||_2, recomputed from x. */
  readonly residualNorm: number
  /** residualNorm / ||b||_2; 0 for b = 0. */
  readonly relativeResidual: number
  /** residualNorm / (||A|| ||x|| + ||b||): of the size of rounding where x is the solution of a nearby system. */
  readonly backwardError: number
}

/** What a solution by a factor carries besides. */
export interface DirectCommon {
  /** Steps of iterative refinement. */
  readonly refinements: number
  readonly time: { readonly solve: number }
  readonly backend: 'native' | 'ts'
  readonly threads: number
}

/** The solution of one system by a factor. */
export interface DirectSolution extends DirectReport, DirectCommon {
  readonly x: Float64Array
}

/** The solutions of several systems by one factor. */
export interface DirectBlockSolution extends DirectCommon {
  /** n x s, row-major. */
  readonly x: Dense
  /** Whether every column did. */
  readonly converged: boolean
  /** `'converged'`, or the reason of the first column that did not. */
  readonly reason: DirectReport['reason']
  /** Largest of the columns' relative residuals. */
  readonly relativeResidual: number
  readonly columns: readonly DirectReport[]
}

/** The options of a solve with a factor, checked. */
export function checkRefinement(method: string, { rtol = 1e-8, maxRefinements = 10 }: SolveWithOptions) {
  if (typeof rtol !== 'number' || !(rtol >= 0)) throw refuse('ERR_OPTION', method, 'option rtol', '>= 0', rtol)
  return { rtol, maxRefinements: integerOption(method, 'maxRefinements', maxRefinements, 0, 1000) }
}

/** Right-hand sides as the factors take them: n x s, row-major. */
export interface RightHandSides {
  readonly b: Float64Array
  readonly s: number
  /** Whether they came as a dense block, and the solution goes as one. */
  readonly block: boolean
}

/** Checks the right-hand sides of a solve with n unknowns. */
export function* rightHandSidesOf(call: Call, rhs: ArrayLike<number> | Dense, n: number): Steps<RightHandSides> {
  if (!isDense(rhs)) return { b: yield* ownVector(call, 'b', rhs, n), s: 1, block: false }
  const s = rhs.columns
  if (rhs.rows !== n || !Number.isInteger(s) || s < 1)
    throw refuse('ERR_SHAPE', call.name, 'b', `${n} x s with s >= 1`, `${rhs.rows} x ${s}`)
  return { b: yield* ownVector(call, 'b.values', rhs.values, n * s), s, block: true }
}

/** The report of a column: its residual and right-hand side by their norms; `held` where doubles hold the solution. */
export function report(norm: number, size: number, backwardError: number, rtol: number, held: boolean): DirectReport {
  const converged = norm <= rtol * size
  return {
    converged,
    reason: converged ? 'converged' : held ? 'stagnated' : 'not-finite',
    residualNorm: held ? norm : size,
    relativeResidual: size > 0 ? (held ? norm / size : 1) : 0,
    backwardError: size === 0 ? 0 : held ? backwardError : 1,
  }
}

/** The solution that was asked for: of a vector or of a block. */
export function directSolution(
  x: Float64Array,
  { s, block }: RightHandSides,
  columns: readonly DirectReport[],
  common: DirectCommon,
): DirectSolution | DirectBlockSolution {
  if (!block) return { x, ...columns[0]!, ...common }
  const failed = columns.find(({ converged }) => !converged)
  return {
    x: { rows: x.length / s, columns: s, values: x },
    converged: failed === undefined,
    reason: failed?.reason ?? 'converged',
    relativeResidual: columns.reduce((largest, column) => Math.max(largest, column.relativeResidual), 0),
    columns,
    ...common,
  }
}
