import { ratings } from './completion/ratings.ts'
import { convergence, large, phase, sensing } from './completion/recovery.ts'
import { exponent, Sweeps } from './completion/sweeps.ts'
import { folding, searching } from './completion/use.ts'
import { duel } from './duel.ts'
import type { Options } from './options.ts'
import type { Case, Row } from './row.ts'
import { short } from './table.ts'

const PER_ROW = 320
const own = { subject: 'completion', backend: 'native', threads: 1 } as const

/**
 * Matrix completion. Errors, in the residual column, are always on entries that were not observed. Recovery: convergence by sweep, phase
 * transition (a residual is the share of seeds that were recovered), few entries of a large matrix, sensing. Time of a
 * sweep over entries and over the rank; exponents are the residuals of the rows `exponent`. A sweep against NumPy's loop over rows. Ratings.
 * What is asked of a model. --quick: small ones.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const { quick } = options
  const rows: Row[] = []
  const add = (...found: readonly Row[]): void => {
    rows.push(...found)
    options.keep(found)
    for (const row of found)
      if ('solve' in row)
        console.error(
          `  ${row.problem}, ${row.method}: ${short(row.solve)} ms, ${row.iterations}, ${short(row.relativeResidual)}`,
        )
  }
  for (const rank of [10, 64]) {
    const shape = `${quick ? 4000 : 40_000},${PER_ROW}`
    const [chosen, other] = rank > 16 ? ['altMin', 'als'] : ['als', 'altMin'] // as `complete` does
    const line = (method: string) => `${method} ${shape} 0 ${rank}`
    const n = quick ? 4000 : 40_000
    const given = {
      subject: 'completion',
      problem: `sweep_rank_${rank}`,
      n,
      nnz: PER_ROW * n,
      method: chosen,
      calls: 1,
    }
    const sides = [
      { name: 'krylov completion', threads: 1, line: line(chosen) },
      { name: 'krylov completion', threads: 2, line: line(chosen) },
      { name: 'krylov completion', threads: 1, line: line(other), method: other },
      { name: 'numpy als', threads: 1, line: line('als'), method: 'als' },
    ] as const
    add(...(await duel({ ...given, sides, rounds: 3, long: true }, options)))
  }
  add(...scaling(options))
  add(...folding(), ...(await searching(options)))
  for (const kappa of [1, 100])
    for (const method of ['altMin', 'als', 'scaledGd'] as const) add(convergence(kappa, method))
  for (const kappa of [1, 10, 100]) add(sensing(kappa))
  add(await large(quick ? 2000 : 20_000))
  for (const [oversampling, kappa] of [
    [1.5, 1],
    [2, 1],
    [2.5, 1],
    [2, 10],
  ] as const)
    for (const method of ['als', 'plain als', 'gnmr'] as const) add(phase(oversampling, kappa, method, quick ? 6 : 60))
  add(...(await ratings(options)))
  return rows
}

/** Milliseconds of a sweep over the number of entries and over the rank, and the exponents. */
function scaling({ quick }: Options): readonly Row[] {
  const rows: Row[] = []
  const one = (sweeps: Sweeps, rank: number, method: 'altMin' | 'als', times: number): number => {
    const { n, entries } = sweeps
    const solve = sweeps.time(rank, method === 'als' ? 0 : 3, times)
    const given: Case = { ...own, problem: `sweep_${n}_rank_${rank}`, n, nnz: entries, method }
    // 2 |Omega| k^2 flops, and as many bytes as the gathered rows have
    rows.push({ ...given, iterations: 1, setup: 0, solve, iteration: solve, gbps: (32 * entries * rank) / solve / 1e6 })
    return solve
  }
  const fitted = (what: string, method: string, points: readonly (readonly [number, number])[]): void => {
    const given: Case = { ...own, problem: `exponent_of_${what}`, n: 0, nnz: 0, method }
    rows.push({ ...given, iterations: points.length, setup: 0, solve: 0, relativeResidual: exponent(points) })
  }
  const sizes = quick ? [2000, 6000] : [10_000, 31_600, 100_000]
  fitted(
    'entries',
    'altMin',
    sizes.map(n => [n, one(new Sweeps(n, PER_ROW), 32, 'altMin', 2)]),
  )
  const sweeps = new Sweeps(quick ? 4000 : 40_000, PER_ROW)
  const ranks = quick ? [16, 64] : [16, 32, 64, 128, 256]
  for (const method of ['altMin', 'als'] as const)
    fitted(
      'rank',
      method,
      ranks.map(rank => [rank, one(sweeps, rank, method, rank > 64 ? 1 : 2)]),
    )
  return rows
}
