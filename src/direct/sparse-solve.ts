import { hasNative, threadsFor } from '../core/backend.ts'
import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { bind, type Call, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import type { Ldlt } from './kinds.ts'
import { solveWithSteps } from './solve-with.steps.ts'
import { checkLdlt } from './validate.ts'

const refinedSolve = bind('solveWith', solveWithSteps)

/** Options of {@link solveWith}. */
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

interface Common {
  /** Steps of iterative refinement. */
  readonly refinements: number
  readonly time: { readonly solve: number }
  readonly backend: 'native' | 'ts'
  readonly threads: number
}

/** The solution of one system by a factor. */
export interface DirectSolution extends DirectReport, Common {
  readonly x: Float64Array
}

/** The solutions of several systems by one factor. */
export interface DirectBlockSolution extends Common {
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

function* solveSteps(
  call: Call,
  given: Ldlt,
  rhs: ArrayLike<number> | Dense,
  { rtol = 1e-8, maxRefinements = 10 }: SolveWithOptions = {},
): Steps<DirectSolution | DirectBlockSolution> {
  const begun = performance.now()
  const F = checkLdlt(call.name, given)
  const A = Csr.from(F.matrix, call.name, 'F.matrix')
  const n = A.rows
  if (typeof rtol !== 'number' || !(rtol >= 0)) throw refuse('ERR_OPTION', call.name, 'option rtol', '>= 0', rtol)
  if (!Number.isInteger(maxRefinements) || maxRefinements < 0 || maxRefinements > 1000)
    throw refuse('ERR_OPTION', call.name, 'option maxRefinements', 'an integer from 0 to 1000', maxRefinements)
  const block = isDense(rhs)
  if (block && (rhs.rows !== n || !Number.isInteger(rhs.columns) || rhs.columns < 1))
    throw refuse('ERR_SHAPE', call.name, 'b', `${n} x s with s >= 1`, `${rhs.rows} x ${rhs.columns}`)
  const s = block ? rhs.columns : 1
  const name = block ? 'b.values' : 'b'
  const vector = checkVector(call.name, name, block ? rhs.values : rhs, n * s)
  checkFinite(call.name, name, vector)
  const b = call.form === 'sync' ? vector : copied(vector)
  const [x, norms, errors] = [float64(n * s), float64(s), float64(s)]
  const refinements = yield* run(refinedSolve, A, F, b, x, s, rtol, maxRefinements, norms, errors)
  const native = hasNative(refinedSolve.name)
  const common: Common = {
    refinements,
    time: { solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    threads: native ? threadsFor(call.control.threads) : 1,
  }
  const columns = Array.from({ length: s }, (_, c) => report(b, x, s, c, norms[c]!, errors[c]!, rtol))
  if (!block) return { x, ...columns[0]!, ...common }
  const failed = columns.find(column => !column.converged)
  return {
    x: { rows: n, columns: s, values: x },
    converged: failed === undefined,
    reason: failed?.reason ?? 'converged',
    relativeResidual: columns.reduce((most, column) => Math.max(most, column.relativeResidual), 0),
    columns,
    ...common,
  }
}

function copied(vector: Float64Array): Float64Array {
  const copy = float64(vector.length)
  copy.set(vector)
  return copy
}

function report(
  b: Float64Array,
  x: Float64Array,
  s: number,
  c: number,
  residualNorm: number,
  backwardError: number,
  rtol: number,
): DirectReport {
  let [largest, sum, used] = [0, 0, false]
  for (let at = c; at < b.length; at += s) {
    largest = Math.max(largest, Math.abs(b[at]!))
    used ||= x[at] !== 0
  }
  if (largest > 0) for (let at = c; at < b.length; at += s) sum += (b[at]! / largest) ** 2
  const size = largest * Math.sqrt(sum)
  const converged = residualNorm <= rtol * size
  const reason = converged ? 'converged' : used ? 'stagnated' : 'not-finite'
  return { converged, reason, residualNorm, relativeResidual: size > 0 ? residualNorm / size : 0, backwardError }
}

const { async, sync } = forms('solveWith', 2, ['rtol', 'maxRefinements'], solveSteps)

/** {@link solveWith} in its two shapes: a vector gives a vector, a dense n x s matrix a block. */
export interface SolveWith {
  (F: Ldlt, b: ArrayLike<number>, options?: SolveWithOptions): Promise<DirectSolution>
  (F: Ldlt, B: Dense, options?: SolveWithOptions): Promise<DirectBlockSolution>
}

/** {@link solveWith}, blocking. */
export interface SolveWithSync {
  (F: Ldlt, b: ArrayLike<number>, options?: SolveWithOptions): DirectSolution
  (F: Ldlt, B: Dense, options?: SolveWithOptions): DirectBlockSolution
}

/**
 * Solves A x = b with a factor of A from {@link ldlt}, for one right-hand side or the columns of a dense block.
 * The residual is recomputed from A and refined; a solution whose residual stays above `rtol` is not called converged.
 *
 * @throws KrylovError ERR_SHAPE, ERR_NOT_FINITE, ERR_TYPE where F is not what `ldlt` gives
 */
export const solveWith = async as SolveWith

/** {@link solveWith}, blocking. */
export const solveWithSync = sync as SolveWithSync
