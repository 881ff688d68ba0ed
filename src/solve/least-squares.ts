import { hasNative, threadsFor } from '../core/backend.ts'
import type { Call } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { isDense } from '../dense/dense.ts'
import type { ColumnReport } from '../krylov/cg-block.ts'
import { type LeastSquaresSolution, solveLeast } from '../krylov/least-squares.ts'
import { lsqrMethod } from '../krylov/lsqr.ts'
import type { Solution } from '../krylov/solution.ts'
import { unpreconditioned } from '../krylov/used.ts'
import { ACCEPTED } from '../lstsq/refine.ts'
import { sidesOf } from '../lstsq/sides.ts'
import { solveDense } from '../lstsq/solve-dense.ts'
import { isServed, solveSparse } from '../lstsq/solve-sparse.ts'
import { type Attempt, blockOf, column, type Limits, rightHandSides, timeOf } from './attempts.ts'
import { CALL } from './costs.ts'
import type { Rung } from './rung.ts'
import type { System } from './system.ts'

const none = Number.NaN

/** The least-squares solution; it has converged where its backward error is that of rounding. Iterations are readings of A. */
function* withLstsq(call: Call, system: System): Steps<Attempt> {
  const begun = performance.now()
  const { b, s, n, columns, dense } = system
  const sides = yield* sidesOf(call, b, n)
  const wanted = { method: 'auto', seed: 0, ridge: 0 } as const
  const found =
    dense === undefined
      ? yield* solveSparse(call, system.sparse(), sides, wanted)
      : yield* solveDense(call, dense, sides, wanted)
  const { X, norms, backwardError, passes } = found
  const finite = X.every(Number.isFinite)
  if (!finite) X.fill(0)
  const sizes = columnNorms(rightHandSides(system), s)
  const converged = finite && backwardError <= ACCEPTED * 2 * Math.sqrt(columns)
  const reason = converged ? 'converged' : finite ? 'stagnated' : 'not-finite'
  const reports = Array.from(sizes, (size, c): ColumnReport => {
    const residualNorm = finite ? norms[c]! : size
    return { converged, reason, iterations: passes, residualNorm, relativeResidual: size > 0 ? residualNorm / size : 0 }
  })
  const native = hasNative('normalPass')
  const backend: 'native' | 'ts' = native ? 'native' : 'ts'
  const common = {
    applications: { operator: passes, preconditioner: 0 },
    preconditioner: unpreconditioned,
    time: timeOf(call, begun),
    ...{ backend, driver: backend, threads: native ? threadsFor(call.control.threads) : 1 },
  }
  if (isDense(b)) return { ...blockOf(X, columns, s, reports), ...common }
  const spectrum = { smallest: none, largest: none, condition: found.condition }
  return { x: X, ...reports[0]!, ...common, spectrum } as Solution
}

/** LSQR, one right-hand side after the other. */
function* withLsqr(call: Call, system: System, { rtol, atol, maxIterations }: Limits): Steps<Attempt> {
  const { b, s, n, columns } = system
  const A = system.sparse()
  const options = { rtol, atol, maxIterations }
  const found: LeastSquaresSolution[] = []
  for (let c = 0; c < s; c++)
    found.push(yield* solveLeast(call, lsqrMethod, A, isDense(b) ? column(b, c, n, s)! : b, options))
  const [{ backend, driver, threads, time }] = found as [LeastSquaresSolution]
  const operator = found.reduce((sum, { applications }) => sum + applications.operator, 0)
  const common = {
    applications: { operator, preconditioner: 0 },
    preconditioner: unpreconditioned,
    time,
    backend,
    driver,
    threads,
  }
  const reports = found.map(({ converged, reason, iterations, residualNorm, relativeResidual }) => {
    return { converged, reason, iterations, residualNorm, relativeResidual } as ColumnReport
  })
  if (!isDense(b)) {
    const spectrum = { smallest: none, largest: none, condition: found[0]!.condition }
    return { x: found[0]!.x, ...reports[0]!, ...common, spectrum } as Solution
  }
  const X = float64(columns * s)
  for (const [c, { x }] of found.entries()) for (let j = 0; j < columns; j++) X[j * s + c] = x[j]!
  return { ...blockOf(X, columns, s, reports), ...common }
}

const entries = ({ dense, sparse, n, columns }: System): number =>
  dense === undefined ? sparse().nonZeros : n * columns

/** The rungs of matrices that are not square: least squares, and of the least the one of least norm. */
export const leastSquaresRungs: readonly Rung[] = [
  {
    method: 'lstsq',
    suits: 'full matrices that are not square; sparse ones of at most 8192 columns and no fewer rows',
    serves: ['rectangular'],
    refuses: ({ dense, n, columns }) =>
      dense !== undefined || isServed(n, columns) ? undefined : 'A is sparse and wide, or has too many columns',
    cost: system => {
      const { n, columns, dense } = system
      const narrow = Math.min(n, columns)
      const flops = dense === undefined ? 24 * narrow ** 3 + 100 * entries(system) : 2 * n * columns * narrow
      return { setup: 10 * CALL, iteration: flops / 20, iterations: 1 }
    },
    strength: 'direct',
    risk: () => 1,
    attempt: (call, system) => withLstsq(call, system),
  },
  {
    method: 'lsqr',
    suits: 'sparse matrices of other shapes',
    serves: ['rectangular'],
    refuses: ({ dense }) => (dense === undefined ? undefined : 'A is full'),
    cost: system => ({ setup: CALL, iteration: 4 * entries(system) + 10 * system.n, iterations: 10 * system.columns }),
    strength: 1,
    risk: () => 2,
    attempt: withLsqr,
  },
]
