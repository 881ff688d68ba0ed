import { hasNative, threadsFor } from '../core/backend.ts'
import { refuse } from '../core/errors.ts'
import { bind, type Call, run, runsNative } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense, Operator } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { isDense } from '../dense/dense.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { isOperator } from '../sparse/operator.steps.ts'
import { planned } from '../sparse/storage-plan.ts'
import { expectedProducts } from '../sparse/storage-rule.ts'
import { type BlockOutcome, cgBlockSteps } from './cg-block.steps.ts'
import { nullspaceBasis } from './nullspace.ts'
import { buildPreconditioner } from './preconditioner.ts'
import { checkOperator, checkStopping, isStrong, matrixUnit, type SolverOptions } from './solver.ts'
import { REASONS, type Reason } from './stopping.ts'
import { largestOf, rescale, unitOf, unscale } from './units.ts'
import { type PreconditionerReport, reportOf } from './used.ts'

const cgBlock = bind('cgBlock', cgBlockSteps)

/** How one column of a block ended. */
export interface ColumnReport {
  readonly converged: boolean
  readonly reason: Reason
  readonly iterations: number
  /** Norm of the column's true residual. */
  readonly residualNorm: number
  readonly relativeResidual: number
  /** Residual norm by iteration, from the first guess on, where asked for. */
  readonly history?: Float64Array
}

/** How a solve with several right-hand sides ended. */
export interface BlockSolution {
  /** n x s, row-major: a fresh array, always finite. */
  readonly x: Dense
  /** Whether every column did. */
  readonly converged: boolean
  /** `'converged'`, or the reason of the first column that did not. */
  readonly reason: Reason
  /** Most iterations of any column. */
  readonly iterations: number
  /** Largest of the columns' relative residuals. */
  readonly relativeResidual: number
  readonly columns: readonly ColumnReport[]
  /** Products with A (each for all columns), applications of the preconditioner (each to one). */
  readonly applications: { readonly operator: number; readonly preconditioner: number }
  /** Which preconditioner was used, and why. */
  readonly preconditioner: PreconditionerReport
  readonly time: { readonly setup: number; readonly solve: number }
  readonly backend: 'native' | 'ts'
  readonly driver: 'native' | 'ts'
  readonly threads: number
}

/** Several right-hand sides at once. */
export function* solveBlock(
  call: Call,
  given: CsrData | Operator,
  b: Dense,
  options: SolverOptions,
): Steps<BlockSolution> {
  const A = checkOperator(call.name, given)
  if (isOperator(A)) throw refuse('ERR_TYPE', call.name, 'A', 'a Csr matrix for a block of right-hand sides', A)
  const n = A.rows
  const s = b.columns
  if (b.rows !== n || !Number.isInteger(s) || s < 1)
    throw refuse('ERR_SHAPE', call.name, 'b', `${n} x s with s >= 1`, `${b.rows} x ${s}`)
  const B = yield* ownVector(call, 'b.values', b.values, n * s)
  const stopping = checkStopping(call.name, n, options)
  const X = float64(n * s)
  if (options.x0 !== undefined) X.set(yield* firstGuess(call, options.x0, n, s))
  const N = nullspaceBasis(call.name, n, options.nullspace)
  const unit = matrixUnit((yield* requireSymmetric(call.name, A)).largest, options.preconditioner)
  const system = unit === 1 ? A : A.withValues(copied(A.values, unit))

  const M = yield* buildPreconditioner(call, system, options.preconditioner)
  const begun = performance.now()
  const largest = Array.from({ length: s }, (_, c) => largestOf(B, c, s))
  const units = largest.map(unitOf)
  const rhs = units.every(u => u === 1) ? B : copied(B)
  units.forEach((u, c) => {
    rescale(rhs, u, 1, c, s)
    rescale(X, largest[c] === 0 ? 0 : u, unit, c, s)
  })
  const atols = copied(Float64Array.from(units), stopping.atol)
  const products = expectedProducts(n, stopping.maxIterations, isStrong(M))
  const operator = yield* planned(system, products, 'block')
  const outcome = yield* run(cgBlock, operator, rhs, X, s, M, N, atols, stopping)
  const sizes = columnNorms(rhs, s)
  const columns = Array.from({ length: s }, (_, c): ColumnReport => {
    const held = unscale(X, unit, units[c]!, c, s)
    const reason = held ? REASONS[outcome.reasons[c]!]! : 'not-finite'
    const residualNorm = held ? outcome.residualNorms[c]! : sizes[c]!
    return {
      converged: reason === 'converged',
      reason,
      iterations: outcome.iterations[c]!,
      residualNorm: residualNorm / units[c]!,
      relativeResidual: sizes[c]! > 0 ? residualNorm / sizes[c]! : 0,
      ...(stopping.history ? { history: historyOf(outcome, c, s, units[c]!) } : undefined),
    }
  })
  const failed = columns.find(column => !column.converged)
  const native = hasNative(cgBlock.name)
  return {
    x: { rows: n, columns: s, values: X },
    converged: failed === undefined,
    reason: failed?.reason ?? 'converged',
    iterations: columns.reduce((most, column) => Math.max(most, column.iterations), 0),
    relativeResidual: columns.reduce((most, column) => Math.max(most, column.relativeResidual), 0),
    columns,
    applications: { operator: outcome.operator, preconditioner: outcome.preconditioner },
    preconditioner: reportOf(M, options.preconditioner),
    time: { setup: begun - call.control.start, solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    driver: runsNative(cgBlock.name, [M]) ? 'native' : 'ts',
    threads: native ? threadsFor(call.control.threads) : 1,
  }
}

function* firstGuess(call: Call, x0: ArrayLike<number> | Dense, n: number, s: number): Steps<Float64Array> {
  if (!isDense(x0)) return yield* ownVector(call, 'option x0', x0, n * s)
  if (x0.rows !== n || x0.columns !== s)
    throw refuse('ERR_SHAPE', call.name, 'option x0', `${n} x ${s}`, `${x0.rows} x ${x0.columns}`)
  return yield* ownVector(call, 'option x0.values', x0.values, n * s)
}

/** The residual norms of column c, in the user's units. */
const historyOf = ({ history, iterations }: BlockOutcome, c: number, s: number, unit: number): Float64Array =>
  Float64Array.from({ length: iterations[c]! + 1 }, (_, i) => history[i * s + c]! / unit)
