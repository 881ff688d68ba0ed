import { sweep } from '../../src/completion/alt-min.ts'
import { ownObserved } from '../../src/completion/observations.ts'
import { checkComplete } from '../../src/completion/options.ts'
import { prepare } from '../../src/completion/prepare.ts'
import { spectralStart } from '../../src/completion/start.ts'
import { setThreads } from '../../src/core/backend.ts'
import { normal } from '../../src/core/random.ts'
import { complete, completeSync, dense, matrixSensingSync, type Observed, qrSync } from '../../src/index.ts'
import type { Case, Row } from '../row.ts'
import { call, now, planted } from './problem.ts'

const own = { subject: 'completion', backend: 'native', threads: 2 } as const
const norm = (x: Float64Array): number => Math.hypot(...x)

/** Errors on unseen entries by sweep, 1000 x 1000 of rank 10, a fifth of the entries. */
export function convergence(kappa: number, method: 'altMin' | 'als' | 'scaledGd'): Row {
  setThreads(2)
  const truth = planted(1000, 1000, 10, 200_000, kappa, 1)
  const begun = performance.now()
  const options = { rank: 10, method, seed: 3, tolerance: 0, maxSweeps: method === 'scaledGd' ? 100 : 30 }
  const found = completeSync(truth.observed, { ...options, validation: truth.unseen, patience: 1000 })
  const size = norm(truth.unseen.values as Float64Array) / Math.sqrt(truth.unseen.values.length)
  const history = Array.from(found.history.validation!, error => error / size)
  return {
    ...own,
    problem: `convergence_kappa_${kappa}`,
    n: 1000,
    nnz: 200_000,
    method,
    iterations: history.findIndex(error => error <= 1e-12) + 1,
    setup: 0,
    solve: performance.now() - begun,
    relativeResidual: history.at(-1)!,
    history,
  }
}

/** Exact sweeps from the spectral start, without the ridge that `als` opens with: the method of the literature. */
function plainSweeps(observed: Observed, rank: number) {
  const settings = checkComplete('bench', { rank, method: 'als' }, observed.rows, observed.columns)
  const { problem } = now(prepare(call, now(ownObserved(call, 'observed', observed)), settings, undefined))
  const factors = now(spectralStart('bench', problem, rank, 0))
  for (let done = 0; done < 100; done++) now(sweep('bench', problem, factors, 0))
  return { left: dense(observed.rows, rank, factors.left), right: dense(observed.columns, rank, factors.right) }
}

/** How many of so many 100 x 120 matrices of rank 3 are recovered to 1e-4: `iterations`; a row's residual is the share. */
export function phase(oversampling: number, kappa: number, method: 'als' | 'plain als' | 'gnmr', seeds: number): Row {
  setThreads(1)
  const count = Math.round(oversampling * 3 * 217)
  let recovered = 0
  const begun = performance.now()
  for (let seed = 1; seed <= seeds; seed++) {
    const truth = planted(100, 120, 3, count, kappa, seed)
    const { observed } = truth
    const found = method === 'plain als' ? plainSweeps(observed, 3) : completeSync(observed, { rank: 3, method })
    if (truth.error(found) < 1e-4) recovered++
  }
  const problem = `phase_${oversampling}_kappa_${kappa}`
  const solve = (performance.now() - begun) / seeds
  const share = recovered / seeds
  return {
    ...own,
    threads: 1,
    problem,
    n: 120,
    nnz: count,
    method: `${method}, ${seeds} seeds`,
    iterations: recovered,
    setup: 0,
    solve,
    relativeResidual: share,
  }
}

/** Few entries of a large matrix: 20 000 x 20 000 of rank 10, three times what it has of freedom, to 1e-8. */
export async function large(n: number): Promise<Row> {
  setThreads(2)
  const count = 30 * (2 * n - 10)
  const truth = planted(n, n, 10, count, 3, 1)
  const begun = performance.now()
  const found = await complete(truth.observed, { rank: 10 })
  const solve = performance.now() - begun
  const error = truth.error(found)
  if (!(error <= 1e-8)) console.error(`  MISSED: error ${error}`)
  const given: Case = { ...own, problem: `scarce_${n}`, n, nnz: count, method: found.method }
  return { ...given, iterations: found.sweeps, setup: 0, solve, relativeResidual: error }
}

/** Residuals by iteration, n = 40, rank 3, 1200 measurements. */
export function sensing(kappa: number): Row {
  setThreads(1)
  const [n, rank, m] = [40, 3, 1200]
  const { q } = qrSync({ rows: n, columns: rank, values: normal(5, n * rank, 1) })
  const X = new Float64Array(n * n)
  for (let c = 0; c < rank; c++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        X[i * n + j]! += kappa ** (-c / (rank - 1)) * q.values[i * rank + c]! * q.values[j * rank + c]!
  const stack = { rows: m, columns: n * n, values: normal(5, m * n * n, 2) }
  for (let k = 0; k < m; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) stack.values[(k * n + i) * n + j] = stack.values[(k * n + j) * n + i]!
  const values = new Float64Array(m)
  for (let k = 0; k < m; k++) for (let at = 0; at < n * n; at++) values[k]! += stack.values[k * n * n + at]! * X[at]!
  const begun = performance.now()
  const { history, relativeResidual } = matrixSensingSync({ operator: stack, values, rank })
  const iterations = history.findIndex(residual => residual <= 1e-6)
  const solve = performance.now() - begun
  const problem = `sensing_kappa_${kappa}`
  const given: Case = { ...own, threads: 1, problem, n, nnz: m, method: 'scaledGd' }
  return { ...given, iterations, setup: 0, solve, relativeResidual, history: Array.from(history) }
}
