import { backend } from '../core/backend.ts'
import { dense } from '../dense/dense.ts'
import { writeMatrixMarket } from '../io/matrix-market.writer.ts'
import type { Terminal } from './command.ts'
import { type Absent, runAll } from './solve-backends.ts'
import type { SolvePlan } from './solve-plan.ts'
import { solveReport } from './solve-report.ts'
import type { BackendName, Run } from './solve-run.ts'
import type { Solved } from './solved.ts'
import { readMatrix, readVector, timesOnes } from './system.ts'

/** Reads the files, runs what the plan asks for, writes solution and report. */
export async function solveSystem(
  file: string,
  rhs: string | undefined,
  plan: SolvePlan,
  entry: URL,
  terminal: Terminal,
): Promise<Solved> {
  terminal.progress(`reading ${file}`)
  const begun = performance.now()
  const A = await readMatrix(file)
  const b = rhs === undefined ? timesOnes(A) : await readVector(rhs, A.rows)
  const readTime = performance.now() - begun

  const backends: readonly BackendName[] = plan.backend === 'both' ? ['native', 'ts'] : [backend().name]
  const results = await runAll(entry, backends, A, b, plan.requests, terminal.progress)
  const runs = results.filter(result => !('absent' in result)) as Run[]
  const absent = results.filter(result => 'absent' in result) as Absent[]
  const best = runs.find(run => run.converged) ?? runs[0]

  if (plan.out !== undefined && best !== undefined) {
    terminal.progress(`writing ${plan.out}`)
    await writeMatrixMarket(plan.out, dense(A.rows, 1, best.x))
  }
  const solved = { file, A, rhs, readTime, runs, absent, out: plan.out, report: plan.report, plotless: undefined }
  if (plan.report === undefined) return solved
  terminal.progress(`writing ${plan.report}`)
  return { ...solved, plotless: await solveReport(plan.report, solved) }
}
