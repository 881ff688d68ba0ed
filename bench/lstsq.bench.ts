import { duel } from './duel.ts'
import type { Options } from './options.ts'
import type { Row } from './row.ts'

/** A family of problems, and who solves it. */
interface Contest {
  readonly m: number
  readonly n: number
  readonly kappa: number
  readonly rival: 'lapack' | 'numpy'
  readonly method: 'lstsq' | 'pass'
  readonly rounds?: number
}

const whole: readonly Contest[] = [
  { m: 1_000_000, n: 100, kappa: 1e2, rival: 'lapack', method: 'lstsq', rounds: 3 },
  { m: 1_000_000, n: 100, kappa: 1e10, rival: 'lapack', method: 'lstsq', rounds: 3 },
  { m: 100_000, n: 500, kappa: 1e10, rival: 'lapack', method: 'lstsq', rounds: 3 },
  { m: 200_000, n: 200, kappa: 1e2, rival: 'numpy', method: 'lstsq' },
  { m: 400_000, n: 100, kappa: 1e2, rival: 'lapack', method: 'pass' },
  { m: 80_000, n: 500, kappa: 1e2, rival: 'lapack', method: 'pass' },
]
const quick: readonly Contest[] = [
  { m: 100_000, n: 100, kappa: 1e2, rival: 'lapack', method: 'lstsq' },
  { m: 100_000, n: 100, kappa: 1e10, rival: 'lapack', method: 'lstsq' },
  { m: 20_000, n: 300, kappa: 1e10, rival: 'lapack', method: 'lstsq' },
  { m: 50_000, n: 200, kappa: 1e2, rival: 'numpy', method: 'lstsq' },
]

const PASSES = 10

/**
 * Least squares against LAPACK's dgels on a matrix by columns and NumPy on one by rows, and the fused pass A^T (b - A x)
 * against dgemv on the same bytes. Ratios are times against krylov on one thread, rivals run on one; a row's residual is
 * its backward error.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { m, n, kappa, rival, method, ...contest } of options.quick ? quick : whole) {
    const calls = method === 'pass' ? PASSES : 1
    const line = (name: string) => `${name} ${m},${n} ${kappa} ${calls}`
    const given = {
      subject: 'lstsq',
      problem: `${m}x${n}_kappa_${kappa.toExponential(0)}`,
      n,
      nnz: m * n,
      method,
      calls,
      sides: [
        { name: 'krylov lstsq', threads: 1, line: line(method) },
        { name: 'krylov lstsq', threads: 2, line: line(method) },
        { name: rival, threads: 1, line: line(rival === 'lapack' && method === 'pass' ? 'dgemv' : method) },
      ],
      ...(method === 'pass' && { bytes: 8 * m * n }),
      ...contest,
    } as const
    rows.push(...(await duel(given, options)))
  }
  return rows
}
