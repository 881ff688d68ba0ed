import { hasNative, threadsFor } from '../core/backend.ts'
import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { type Bound, type Call, type Forms, forms, run, runsNative } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { numberOption } from '../precondition/recipe.ts'
import { Csr } from '../sparse/csr.ts'
import { requireFinite } from '../sparse/examine.ts'
import { isOperator, type LinearOperator } from '../sparse/operator.steps.ts'
import { planned } from '../sparse/storage-plan.ts'
import { expectedProducts } from '../sparse/storage-rule.ts'
import { transposed } from '../sparse/transposed.ts'
import type { LeastOutcome } from './bidiagonal.steps.ts'
import { checkStopping } from './solver.ts'
import type { Stopping } from './stopping.ts'
import { largestOf, unitOf, unscale } from './units.ts'

/** A matrix known only by its action and that of its transpose: `applyTranspose` overwrites `y` (columns) with A^T `x` (rows). */
export interface TransposableOperator extends Operator {
  applyTranspose(x: Float64Array, y: Float64Array): void | Float64Array | Promise<void | Float64Array>
}

/** Options of the least-squares solvers. */
export interface LeastSquaresOptions extends ControlOptions {
  /** Relative tolerance: of the residual where the system is consistent, of A^T r otherwise. Default 1e-8. */
  readonly rtol?: number
  /** Absolute tolerance of the residual. Default 0. */
  readonly atol?: number
  /** Default max(1000, 10 max(m, n)), at most 100 000. */
  readonly maxIterations?: number
  /** Weight of ||x|| beside ||b - A x||: ||b - A x||^2 + damp^2 ||x||^2 is minimised. 0 or more, default 0. */
  readonly damp?: number
}

/** What a least-squares solver found. */
export interface LeastSquaresSolution {
  /** n entries, always finite; of all minimisers the one of least norm. */
  readonly x: Float64Array
  readonly converged: boolean
  readonly reason: LeastOutcome['reason']
  readonly iterations: number
  /** ||b - A x||_2, recomputed from x. */
  readonly residualNorm: number
  /** residualNorm / ||b||_2; 0 for b = 0. */
  readonly relativeResidual: number
  /** ||A^T (b - A x) - damp^2 x||_2, recomputed from x: 0 at the minimum. */
  readonly normalNorm: number
  /** Estimates from the process: ||A||_F from below, and the condition number of [A; damp I]. */
  readonly matrixNorm: number
  readonly condition: number
  /** Products with A and with its transpose, together. */
  readonly applications: { readonly operator: number }
  readonly time: { readonly setup: number; readonly solve: number }
  readonly backend: 'native' | 'ts'
  readonly driver: 'native' | 'ts'
  readonly threads: number
}

type LeastSteps = Bound<
  [A: LinearOperator, At: LinearOperator, b: Float64Array, x: Float64Array, damp: number, stopping: Stopping],
  LeastOutcome
>

/** Turns the inside of a least-squares solver into its two public forms. */
export function leastSquaresSolver(
  bound: LeastSteps,
): Forms<[CsrData | TransposableOperator, ArrayLike<number>, LeastSquaresOptions?], LeastSquaresSolution> {
  return forms(bound.name, 2, ['rtol', 'atol', 'maxIterations', 'damp'], (call, A, b, options = {}) =>
    solveLeast(call, bound, A, b, options),
  )
}

/** The inside of a least-squares solver, with all its checks. */
export function* solveLeast(
  call: Call,
  bound: LeastSteps,
  given: CsrData | TransposableOperator,
  rhs: ArrayLike<number>,
  options: LeastSquaresOptions,
): Steps<LeastSquaresSolution> {
  const A = checkTransposable(call.name, given)
  const { rows, columns } = A
  const b = yield* ownVector(call, 'b', rhs, rows)
  const stopping = checkStopping(call.name, Math.max(rows, columns), options)
  const damp = numberOption(call.name, 'damp', options.damp ?? 0, 0, 1e300)
  const units = { matrix: 1, rhs: unitOf(largestOf(b)) }
  if (A instanceof Csr) units.matrix = unitOf((yield* requireFinite(call.name, A)).largest)
  const system = A instanceof Csr && units.matrix !== 1 ? A.withValues(copied(A.values, units.matrix)) : A
  const products = expectedProducts(columns, stopping.maxIterations, false)
  const [matrix, adjoint] =
    system instanceof Csr
      ? [yield* planned(system, products), yield* planned(yield* transposed(system), products)]
      : [system, transposeOf(system)]
  const begun = performance.now()
  const x = float64(columns)
  const scaled = units.rhs === 1 ? b : copied(b, units.rhs)
  const limits = { ...stopping, atol: stopping.atol * units.rhs, history: false, warm: false }
  const outcome = yield* run(bound, matrix, adjoint, scaled, x, damp * units.matrix, limits)
  const size = Math.sqrt(kernels.dot(scaled, scaled))
  const finite = outcome.reason !== 'not-finite' && x.every(Number.isFinite) && unscale(x, units.matrix, units.rhs)
  if (!finite) x.fill(0)
  const residualNorm = finite ? outcome.residualNorm : size
  const native = hasNative(bound.name)
  return {
    x,
    converged: finite && outcome.reason === 'converged',
    reason: finite ? outcome.reason : 'not-finite',
    iterations: outcome.iterations,
    residualNorm: residualNorm / units.rhs,
    relativeResidual: size > 0 ? residualNorm / size : 0,
    normalNorm: outcome.normalNorm / units.rhs / units.matrix,
    matrixNorm: outcome.matrixNorm / units.matrix,
    condition: outcome.condition,
    applications: { operator: outcome.products },
    time: { setup: begun - call.control.start, solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    driver: runsNative(bound.name, [matrix]) ? 'native' : 'ts',
    threads: native ? threadsFor(call.control.threads) : 1,
  }
}

function checkTransposable(method: string, A: CsrData | TransposableOperator): Csr | TransposableOperator {
  if (typeof A !== 'object' || A === null) throw refuse('ERR_TYPE', method, 'A', 'a Csr matrix or an operator', A)
  if (!isOperator(A)) return Csr.from(A, method)
  for (const key of ['rows', 'columns'] as const)
    if (!Number.isInteger(A[key]) || A[key] < 0)
      throw refuse('ERR_SHAPE', method, `A.${key}`, 'a non-negative integer', A[key])
  if (typeof A.applyTranspose !== 'function')
    throw refuse(
      'ERR_TYPE',
      method,
      'A.applyTranspose',
      'a function that multiplies with the transpose',
      A.applyTranspose,
    )
  return A
}

const transposeOf = (A: TransposableOperator): Operator => ({
  rows: A.columns,
  columns: A.rows,
  apply: (x, y) => A.applyTranspose(x, y),
})
