import type { ControlOptions } from '../core/control.ts'
import type { Dense } from '../core/types.ts'

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
