import { duel } from './duel.ts'
import type { Options } from './options.ts'
import type { Row } from './row.ts'

/** `qrcp` against LAPACK's dgeqp3, both without Q, and both with it (dorgqr): independent columns, and sums of those before. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const shapes = options.quick
    ? ([[5000, 200]] as const)
    : ([
        [100_000, 500],
        [8000, 2000],
      ] as const)
  for (const [m, n] of shapes) {
    for (const [kind, problem] of [
      ['', 'normal'],
      ['-walk', 'walk'],
    ] as const)
      for (const q of ['', '-q']) {
        const line = `qrcp${kind}${q} ${m},${n} 0 1`
        const sides = [
          { name: 'krylov dense', threads: 1, line },
          { name: 'krylov dense', threads: 2, line },
          { name: 'openblas', threads: 1, line, method: q ? 'dgeqp3, dorgqr' : 'dgeqp3' },
        ] as const
        const method = q ? 'qrcp' : 'qrcp, no Q'
        const given = { subject: 'lowrank', problem: `${problem}_${m}x${n}`, n, nnz: m * n, method, calls: 1 }
        rows.push(...(await duel({ ...given, sides, rounds: 3, long: true }, options)))
      }
  }
  return rows
}
