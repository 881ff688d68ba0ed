import { sweep } from '../../src/completion/alt-min.ts'
import type { Factors } from '../../src/completion/model.ts'
import { ownObserved } from '../../src/completion/observations.ts'
import { checkComplete } from '../../src/completion/options.ts'
import { prepare } from '../../src/completion/prepare.ts'
import type { Problem } from '../../src/completion/problem.ts'
import { setThreads } from '../../src/core/backend.ts'
import { float64 } from '../../src/core/shared.ts'
import { normal } from '../../src/index.ts'
import { call, now, spread } from './problem.ts'

/** A problem of so many entries in each row of an n x n matrix, with random factors: for timing a sweep. */
export class Sweeps {
  readonly #problem: Problem
  readonly n: number
  readonly entries: number

  constructor(n: number, perRow: number) {
    const observed = spread(n, perRow, 1)
    this.n = n
    this.entries = n * perRow
    const settings = checkComplete('bench', { rank: 1, ridge: 1e-3 }, n, n)
    this.#problem = now(prepare(call, now(ownObserved(call, 'observed', observed)), settings, undefined)).problem
  }

  /** Milliseconds of one sweep over both factors, the least of so many; 0 steps: exactly. */
  time(rank: number, steps: number, times: number, threads = 1): number {
    setThreads(threads)
    const { n } = this
    const none = float64(0)
    const factor = (stream: number): Float64Array => normal(1, n * rank, stream).map(x => x / Math.sqrt(rank))
    const factors: Factors = { rank, left: factor(1), right: factor(2), rowBiases: none, columnBiases: none }
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < times; round++) {
      const begun = performance.now()
      now(sweep('bench', this.#problem, factors, steps))
      least = Math.min(least, performance.now() - begun)
    }
    return least
  }
}

/** The exponent of a power law through the points, by least squares in the logarithms. */
export function exponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (of: 0 | 1) => logs.reduce((sum, log) => sum + log[of], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const [xy, xx] = logs.reduce(([p, q], [x, y]) => [p + (x - mx) * (y - my), q + (x - mx) ** 2], [0, 0])
  return xy! / xx!
}
