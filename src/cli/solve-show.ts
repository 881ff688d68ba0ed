import type { Run } from './solve-run.ts'
import type { Solved } from './solved.ts'
import { grouped, milliseconds, scientific, textTable } from './table.ts'

export const runHead = ['backend', 'method', 'iterations', 'true residual', 'set-up', 'solve', 'result']

/** A run as cells under {@link runHead}. */
export const runCells = (run: Run): readonly string[] => [
  backendName(run),
  methodName(run),
  String(run.iterations),
  scientific(run.relativeResidual),
  milliseconds(run.time.setup),
  milliseconds(run.time.solve),
  run.reason,
]

export const methodName = ({ method, preconditioner }: Run): string => `${method} ${preconditioner}`.trim()

export const backendName = ({ backend, simd, threads }: Run): string =>
  backend === 'ts' ? 'TypeScript' : `native (${simd}, ${threads} thread${threads === 1 ? '' : 's'})`

const explanations: Readonly<Partial<Record<Run['reason'], string>>> = {
  'max-iterations': 'the limit of iterations came first: raise --max-iterations, or try another --preconditioner',
  'time-limit': 'the time limit came first',
  stagnated: 'the residual does not get smaller than this: A is singular or nearly so, or --rtol asks too much',
  diverged: 'the residual grows: A or the preconditioner does not suit the method',
  'indefinite-operator': 'A is not positive definite, which this method needs',
  'indefinite-preconditioner': 'the preconditioner is not positive definite: try --preconditioner jacobi',
  breakdown: 'a division by zero: A is singular, or b has no part that A can reach',
  'least-squares': 'no x solves this system: x is the least-squares solution of least norm',
  'not-finite': 'numbers overflowed: scale the system',
}

/** Sentences on what did not go as asked. */
export function remarks({ runs, absent }: Pick<Solved, 'runs' | 'absent'>): readonly string[] {
  const reasons = new Set(runs.filter(run => !run.converged).map(run => run.reason))
  return [
    ...[...reasons].map(reason => `${reason}: ${explanations[reason] ?? reason}.`),
    ...absent.map(({ backend, absent: why }) => `${backend} was not run: ${why}`),
  ]
}

/** One line on the system. */
export const systemLine = ({ A, rhs }: Pick<Solved, 'A' | 'rhs'>): string =>
  `${grouped(A.rows)} x ${grouped(A.columns)}, ${grouped(A.nonZeros)} non-zeros, b = ${rhs ?? 'A times ones'}`

/** The result as text. */
export function solveText(solved: Solved): string {
  const { file, runs, readTime, out, report, plotless } = solved
  return [
    `${file}: ${systemLine(solved)}; read in ${milliseconds(readTime)}`,
    ...(runs.length === 0 ? [] : ['', textTable(runHead, runs.map(runCells))]),
    '',
    ...remarks(solved),
    ...runs.flatMap(run => (run.why === undefined ? [] : [`${methodName(run)}: ${run.why}`])),
    ...(out === undefined ? [] : [`solution: ${out}`]),
    ...(report === undefined ? [] : [`report: ${report}`]),
    ...(plotless === undefined ? [] : [plotless]),
  ]
    .join('\n')
    .trimEnd()
}

/** The result as plain data. */
export function solveDocument({ file, A, rhs, readTime, runs, absent, out, report, plotless }: Solved): object {
  return {
    matrix: { file, rows: A.rows, columns: A.columns, nonZeros: A.nonZeros },
    rightHandSide: rhs ?? 'A times ones',
    converged: runs.length > 0 && runs.every(run => run.converged),
    runs: runs.map(({ x, history, ...run }) => run),
    absent,
    readTime,
    files: { solution: out ?? null, report: report ?? null },
    ...(plotless !== undefined && { plotless }),
  }
}
