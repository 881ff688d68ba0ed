import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense, Operator } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import type { BlockSolution } from '../krylov/cg-block.ts'
import { nullspaceBasis } from '../krylov/nullspace.ts'
import type { Solution } from '../krylov/solution.ts'
import { checkStopping } from '../krylov/solver.ts'
import { climb } from './ladder.ts'
import { type System, systemOf } from './system.ts'

/** Options of {@link solve}. */
export interface SolveOptions extends ControlOptions {
  /** Relative tolerance: ||b - A x|| <= max(rtol ||b||, atol). Default 1e-8. */
  readonly rtol?: number
  /** Absolute tolerance. Default 0. */
  readonly atol?: number
  /** Most iterations of any iterative method that is tried; default max(1000, 10 n), at most 100 000. */
  readonly maxIterations?: number
  /** First guess for iterative methods, n long (a dense n x s matrix, or its values, for a block); not changed. */
  readonly x0?: ArrayLike<number> | Dense
  /** Keeps the residual norm of every iteration of the method that answers. Default false. */
  readonly history?: boolean
  /** Null space of a singular A: `'constant'`, or a dense n x k matrix whose columns span it. */
  readonly nullspace?: 'constant' | Dense
}

/** What was chosen, and why. */
export interface Choice {
  /** The method that gave the answer, such as `'cg + ric0'` or `'cholesky'`. */
  readonly method: string
  /** A sentence: what the matrix looks like, what was tried and failed, what the choice was expected to cost. */
  readonly why: string
}

const keys = ['rtol', 'atol', 'maxIterations', 'x0', 'history', 'nullspace'] as const

const { async, sync } = forms<
  [CsrData | Dense | Operator, ArrayLike<number> | Dense, SolveOptions?],
  (Solution | BlockSolution) & Choice
>('solve', 2, keys, (call, A, b, options = {}) => flow(call, A, b, options))

function* flow(
  call: Call,
  given: CsrData | Dense | Operator,
  rhs: ArrayLike<number> | Dense,
  options: SolveOptions,
): Steps<(Solution | BlockSolution) & Choice> {
  const b = isDense(rhs) ? { ...rhs, values: yield* own(call, 'b.values', rhs.values) } : yield* own(call, 'b', rhs)
  const system = yield* systemOf(call, given, b, options.nullspace)
  const { rtol, atol, history, maxIterations } = checkStopping(call.name, system.n, options)
  checkKind(call, system)
  if (options.nullspace !== undefined) nullspaceBasis(call.name, system.n, options.nullspace)
  const { x0 } = options
  const { found, method, why } = yield* climb(call, system, { rtol, atol, history, maxIterations, x0 })
  return Object.assign(found, { method, why })
}

/** Copied once for an asynchronous call: every rung reads it again. */
const own = (call: Call, name: string, values: ArrayLike<number>): Steps<Float64Array> =>
  ownVector(call, name, values, values?.length ?? 0)

function checkKind({ name }: Call, { kind, n, s, b, nullspace }: System): void {
  const length = (isDense(b) ? b.values : b).length
  if (isDense(b) ? b.rows !== n || !(s >= 1) : length !== n)
    throw new KrylovError(
      'ERR_SHAPE',
      `${name}: b must be ${n} long, or a dense ${n} x s matrix, got ${isDense(b) ? `${b.rows} x ${s}` : length}`,
    )
  if (kind !== 'symmetric' && nullspace !== undefined)
    throw refuse('ERR_OPTION', name, 'option nullspace', 'absent where A is not symmetric', nullspace)
}

/**
 * Solves A x = b by the method that suits A: the backslash of this package. `A` is a matrix, sparse or dense,
 * symmetric or not, definite or not; `b` has n entries, or is a dense n x s block. Structure and counted costs decide, never a clock: the
 * same system is always solved in the same way. Where A is not square the answer minimises ||b - A x||, and has converged when its
 * backward error is that of rounding. The answer names the `method`, says `why`, and is never called converged
 * when its true residual is not small enough.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION; ERR_UNSUPPORTED for an operator
 */
export const solve = async as {
  (A: CsrData | Dense, b: Dense, options?: SolveOptions): Promise<BlockSolution & Choice>
  (A: CsrData | Dense, b: ArrayLike<number>, options?: SolveOptions): Promise<Solution & Choice>
}

/** {@link solve}, blocking. */
export const solveSync = sync as {
  (A: CsrData | Dense, b: Dense, options?: SolveOptions): BlockSolution & Choice
  (A: CsrData | Dense, b: ArrayLike<number>, options?: SolveOptions): Solution & Choice
}
