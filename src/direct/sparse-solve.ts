import { hasNative, threadsFor } from '../core/backend.ts'
import { refuse } from '../core/errors.ts'
import { bind, type Call, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import { solveExternally } from './external.ts'
import type { ExternalFactor, Ldlt } from './kinds.ts'
import { ldltSolveSteps } from './ldlt-solve.steps.ts'
import type { DirectBlockSolution, DirectCommon, DirectReport, DirectSolution, SolveWithOptions } from './solution.ts'
import { checkLdlt } from './validate.ts'

const ldltSolve = bind('ldltSolve', ldltSolveSteps)

/** Whether a record is of a kind that `ldlt` gives. */
export const isSparseFactor = (given: unknown): given is Ldlt | ExternalFactor =>
  typeof given === 'object' && given !== null && ['ldlt', 'external-factor'].includes((given as { kind: string }).kind)

/** Checks the arguments of a solve with a sparse factor, and solves. */
export function* solveSparse(
  call: Call,
  given: Ldlt | ExternalFactor,
  rhs: ArrayLike<number> | Dense,
  { rtol = 1e-8, maxRefinements = 10 }: SolveWithOptions = {},
): Steps<DirectSolution | DirectBlockSolution> {
  const begun = performance.now()
  const F = given.kind === 'ldlt' ? checkLdlt(call.name, given) : given
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
  const rest = [b, x, s, rtol, maxRefinements, norms, errors] as const
  const refinements = yield* F.kind === 'ldlt' ? run(ldltSolve, A, F, ...rest) : solveExternally(F, ...rest)
  const native = hasNative(ldltSolve.name)
  const common: DirectCommon = {
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
