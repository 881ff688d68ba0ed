import { isMeasured, type Measured, type Row, who } from '../row.ts'
import { HALVES } from './scaling.ts'

/* What is wanted of the measured rows, and whether it was reached. */

type Found = Row & Measured

const rowOf = (rows: readonly Row[], problem: string, by: string, threads: number, method: string): Found | undefined =>
  rows.find(
    (row): row is Found =>
      isMeasured(row) && row.problem === problem && who(row) === by && row.threads === threads && row.method === method,
  )

/** Time of one side over that of another, in the rounds of one duel. */
function over(rows: readonly Row[], problem: string, one: readonly [string, number, string], other: typeof one) {
  const [a, b] = [rowOf(rows, problem, ...one), rowOf(rows, problem, ...other)]
  return a?.ratio === undefined || b?.ratio === undefined ? undefined : a.ratio / b.ratio
}

const line = (name: string, wanted: number, reached: number | undefined): string => {
  const verdict = reached === undefined ? 'NOT MEASURED' : reached >= wanted ? 'met' : 'MISSED'
  return `${name.padEnd(64)} wanted >= ${wanted}, reached ${reached?.toFixed(2) ?? '-'}: ${verdict}`
}

/** A line for each figure that is wanted. */
export function verdicts(rows: readonly Row[]): readonly string[] {
  const lines: string[] = []
  const two = ['krylov', 2, 'eigh'] as const
  for (const n of [64, 128, 256]) {
    const problem = `spd_${n} x 64`
    if (!rows.some(row => row.problem === problem)) continue
    const figure = (name: string, wanted: number, side: readonly [string, number, string], of = two) =>
      lines.push(line(`n = ${n}, batch 64, root and gradient: ${name}`, wanted, over(rows, problem, side, of)))
    figure('SciPy / krylov, 2 threads', 10, ['scipy sqrtm', 2, 'sqrtm, solve_sylvester'])
    figure('NumPy eigh, 2 threads / krylov, 2 threads', 1.6, ['numpy eigh', 2, 'eigh'])
    figure('NumPy eigh, 1 thread / krylov, 2 threads', 1.6, ['numpy eigh', 1, 'eigh'])
    figure('MPA and 8 steps / krylov, 2 threads', 1, ['krylov', 2, 'pade+8'])
    const [apart, alone] = [`${problem}, scaling`, ['krylov', 1, 'eigh'] as const]
    const threads = over(rows, apart, alone, two)
    const processes = over(rows, apart, alone, ['krylov', 1, HALVES])
    lines.push(line(`n = ${n}, batch 64, root and gradient: one thread / two`, 1.8, threads))
    lines.push(
      `  two processes with half of it each, which share nothing but the machine: ${processes?.toFixed(2) ?? '-'}`,
    )
  }
  for (const count of [64, 256])
    for (const [n, wanted] of [
      [16, 1.1],
      [32, 1.5],
    ] as const) {
      const problem = `spd_${n} x ${count}`
      if (!rows.some(row => row.problem === problem)) continue
      const root = over(rows, problem, ['krylov', 1, 'eigh?'], ['krylov', 1, 'polar?'])
      lines.push(line(`n = ${n}, batch ${count}, root alone: eigh / polar`, wanted, root))
      const both = over(rows, problem, ['krylov', 1, 'eigh'], ['krylov', 1, 'auto'])
      lines.push(line(`n = ${n}, batch ${count}, root and gradient: eigh / auto`, 0.95, both))
      const lazy = over(rows, problem, ['krylov', 1, 'eigh'], ['krylov', 1, 'polar'])
      lines.push(line(`n = ${n}, batch ${count}, root and gradient: eigh / polar`, 1, lazy))
    }
  for (const { problem } of rows.filter(row => row.method === 'expm' && row.rival !== undefined))
    for (const f of ['sqrtm', 'expm'] as const) {
      const reached = over(rows, problem, ['scipy sqrtm', 2, f], ['krylov', 2, f])
      lines.push(line(`${problem}: SciPy's ${f} / krylov's, 2 threads`, 1.2, reached))
    }
  const fid = rows.find(({ method }) => method === 'frechetDistance')?.problem
  if (fid !== undefined) {
    const reached = over(rows, fid, ['scipy sqrtm', 2, "SciPy's sqrtm form"], ['krylov', 2, 'frechetDistance'])
    lines.push(line(`Frechet distance, ${fid}: SciPy's sqrtm form / krylov`, 5, reached))
  }
  return lines
}
