import { setThreads } from '../../src/core/backend.ts'
import { normal } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import { type CompletionModel, foldIn, topN } from '../../src/index.ts'
import { median } from '../median.ts'
import type { Options } from '../options.ts'
import { roofline } from '../roofline.ts'
import type { Case, Row } from '../row.ts'

const RANK = 64
const OBSERVATIONS = 50
const CALLS = 2000

const own = { subject: 'completion', backend: 'native', iterations: 1, setup: 0 } as const

function model(columns: number): CompletionModel {
  const right = float64(columns * RANK)
  right.set(normal(1, columns * RANK))
  return {
    left: { rows: 10, columns: RANK, values: normal(2, 10 * RANK) },
    right: { rows: columns, columns: RANK, values: right },
    ridge: 1,
    biasRidge: 1,
    ridgeScaling: 'none',
    nonnegative: false,
    rowCounts: new Int32Array(10),
    columnCounts: new Int32Array(columns),
  }
}

/** Milliseconds of `foldIn`: the median of batches of calls. */
export function folding(): readonly Row[] {
  const given = model(20_000)
  const columnIndices = Int32Array.from({ length: OBSERVATIONS }, (_, e) => 397 * e)
  const values = normal(3, OBSERVATIONS)
  const batches: number[] = []
  for (let batch = 0; batch < 25; batch++) {
    const begun = performance.now()
    for (let call = 0; call < CALLS; call++) foldIn(given, { columnIndices, values })
    batches.push((performance.now() - begun) / CALLS)
  }
  const solve = median(batches.slice(5))
  const about: Case = { ...own, problem: `fold_in_${RANK}`, n: RANK, nnz: OBSERVATIONS, method: 'foldIn', threads: 1 }
  return [{ ...about, iterations: 1, setup: 0, solve, iteration: solve }]
}

/** `topN` over many columns, in turns with a read stream over the same bytes. */
export async function searching({ quick }: Options): Promise<readonly Row[]> {
  const columns = quick ? 200_000 : 1_000_000
  const given = model(columns)
  const bytes = 8 * RANK * columns
  const probe = await roofline(false)
  const rows: Row[] = []
  for (const threads of [1, 2]) {
    setThreads(threads)
    const stream = probe.turn(threads, bytes)
    const [times, ratios]: [number[], number[]] = [[], []]
    for (let round = 0; round < 9; round++) {
      const { iteration } = await stream.sample()
      const begun = performance.now()
      for (let call = 0; call < 3; call++) topN(given, call, 10)
      const time = (performance.now() - begun) / 3
      times.push(time)
      ratios.push(iteration! / time)
    }
    const solve = median(times)
    const about: Case = {
      ...own,
      problem: `top_n_${columns}`,
      n: columns,
      nnz: RANK * columns,
      method: 'topN',
      threads,
    }
    rows.push({
      ...about,
      iterations: 1,
      setup: 0,
      solve,
      iteration: solve,
      bytes,
      gbps: bytes / solve / 1e6,
      ofStream: median(ratios),
    })
  }
  probe.close()
  return rows
}
