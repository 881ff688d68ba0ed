// npx tsx bench/learned/totals.ts: times of `learned` beside `amg` and the best single-level method, on several systems of a kind
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { families } from '../../src/learned/families.ts'
import { learned } from '../../src/learned/learned.ts'
import { amg } from '../../src/precondition/amg.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { median } from '../median.ts'
import { classical } from './contenders.ts'

/* One system says little, since iterations are whole: what is divided are sums over systems that training never saw. */

const SEED = 1000
const RHS = 31

const kinds = [
  ['diff', 256, 5, 9, 'ric0'],
  ['fem', 256, 5, 9, 'ict'],
  ['diff', 1000, 2, 5, undefined],
  ['fem', 1000, 2, 5, undefined],
] as const

for (const [family, N, count, rounds, single] of kinds) {
  const sums: [setup: number, solve: number][] = []
  for (let seed = SEED; seed < SEED + count; seed++) {
    const A = families[family](N, { seed })
    const b = normal(RHS, A.rows)
    const { rowPointers, columnIndices } = A.pattern
    const ways = [
      amg,
      learned(),
      ...classical(A.rows ** -0.5).flatMap(([name, one]) => (single && name.startsWith(single) ? [one] : [])),
    ]
    const samples = ways.map((): [number, number][] => [])
    for (let round = 0; round < rounds; round++)
      for (const [at, preconditioner] of ways.entries()) {
        const fresh = Csr.fromArrays(A.rows, A.rows, rowPointers.slice(), columnIndices.slice(), A.values)
        const { time } = cgSync(fresh, b, { preconditioner, threads: 1 })
        samples[at]!.push([time.setup, time.solve])
      }
    samples.forEach((list, at) => {
      sums[at] ??= [0, 0]
      for (const part of [0, 1] as const) sums[at]![part] += median(list.map(sample => sample[part]))
    })
  }
  const total = (at: number, solves: number) => sums[at]![0] + solves * sums[at]![1]
  console.log(`${family} ${N}, ${count} systems: set-up + solve in the mean, ms`)
  for (const [at, name] of ['amg', 'learned', single].entries())
    if (name !== undefined) {
      const [setup, solve] = sums[at]!.map(sum => (sum / count).toFixed(1))
      console.log(
        `  ${name.padEnd(8)} ${setup} + ${solve}; learned / it: one ${(total(1, 1) / total(at, 1)).toFixed(3)}, eight ${(total(1, 8) / total(at, 8)).toFixed(3)}`,
      )
    }
}
