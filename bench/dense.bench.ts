import type { Name } from './contenders.ts'
import { duel, type Side } from './duel.ts'
import type { Options } from './options.ts'
import type { Row } from './row.ts'

/** Flops of a method over n^3, roughly: calls are counted so that a turn takes a tenth of a second or more. */
const methods: Readonly<Record<string, number>> = { gemm: 2, cholesky: 0.4, lu: 0.8, qr: 3, eigh: 12, svd: 30 }

const TURN = 3e9 // flops

/** Who has which; Python and JavaScript rivals where they are asked for whole results. */
const python: ReadonlySet<string> = new Set(['gemm', 'cholesky', 'lu', 'qr', 'eigh', 'svd'])
const javascript: Readonly<Record<string, readonly Name[]>> = {
  gemm: ['ml-matrix', 'mathjs'],
  cholesky: ['ml-matrix'],
  lu: ['ml-matrix', 'mathjs'],
  qr: ['ml-matrix', 'mathjs'],
  eigh: ['ml-matrix', 'mathjs'],
  svd: ['ml-matrix'],
}

/**
 * Dense products and decompositions: into arrays that are there (`-into`) and in new ones, against the same OpenBLAS called
 * directly on arrays by columns, SciPy, ml-matrix and mathjs. Everybody runs on one thread, and krylov on two beside; times are of
 * one call. `transpose` is what an n x n transposition takes.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const n of options.quick ? [16, 200] : [16, 64, 200, 500, 1000])
    for (const [method, flops] of Object.entries(methods)) {
      const calls = Math.max(1, Math.min(4000, Math.round(TURN / (flops * n ** 3))))
      const line = (method: string, count = calls) => `${method} ${n} 0 ${count}`
      const sides: Side[] = [
        { name: 'krylov dense', threads: 1, line: line(`${method}-into`), method: `${method}-into` },
        { name: 'openblas', threads: 1, line: line(method), method: `${method}-into` },
        { name: 'krylov dense', threads: 1, line: line(method) },
        ...(n >= 200 ? [{ name: 'krylov dense', threads: 2, line: line(method) } as const] : []),
        ...(python.has(method) ? [{ name: 'scipy dense', threads: 1, line: line(method) } as const] : []),
      ]
      const problem = `dense_${n}`
      const given = { subject: 'dense', problem, n, nnz: n * n, method }
      rows.push(...(await duel({ ...given, calls, sides }, options)))
      if (n !== 200) continue
      const few = { name: 'krylov dense', threads: 1, line: line(method, 2) } as const
      const scripts = javascript[method]!.map(name => ({ name, threads: 1, line: line(method, 2) }))
      rows.push(...(await duel({ ...given, calls: 2, sides: [few, ...scripts], rounds: 3, long: true }, options)))
    }
  for (const n of options.quick ? [200] : [200, 500, 1000]) {
    const calls = Math.max(1, Math.round(2e8 / n ** 2))
    const sides = [{ name: 'openblas', threads: 1, line: `transpose ${n} 0 ${calls}` } as const]
    const given = { subject: 'dense', problem: `dense_${n}`, n, nnz: n * n, method: 'transpose', calls, sides }
    rows.push(...(await duel(given, options)))
  }
  return rows
}
