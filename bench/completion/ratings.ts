import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setThreads } from '../../src/core/backend.ts'
import { completeSync, type Observed, readMatrixMarket, readObserved, selectRank } from '../../src/index.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { enter } from '../contenders.ts'
import type { Options } from '../options.ts'
import type { Case, Row } from '../row.ts'

const root = new URL('../../../shared/data/completion/', import.meta.url)
const cache = fileURLToPath(new URL('../../.cache/bench/', import.meta.url))

interface Ratings {
  readonly name: string
  readonly all: Observed
  readonly ranks: readonly number[]
  readonly ridges: readonly number[]
  readonly biasRidge: number
  readonly range: readonly [number, number]
}

async function* collections(): AsyncGenerator<Ratings> {
  const films = fileURLToPath(new URL('ml-latest-small/ratings.csv.gz', root))
  const jokes = fileURLToPath(new URL('jester5k.mtx.gz', root))
  if (existsSync(films)) {
    const all = await readObserved(films, { fields: ['userId', 'movieId', 'rating'] })
    yield { name: 'ml-latest-small', all, ranks: [0, 5, 10], ridges: [5, 8, 11], biasRidge: 4, range: [0.5, 5] }
  }
  if (existsSync(jokes)) {
    const A = (await readMatrixMarket(jokes)) as Csr
    const { rowPointers, columnIndices } = A.pattern
    const rowIndices = Int32Array.from(columnIndices)
    for (let i = 0; i < A.rows; i++) rowIndices.fill(i, rowPointers[i], rowPointers[i + 1])
    const all = { rows: A.rows, columns: A.columns, rowIndices, columnIndices, values: A.values }
    yield { name: 'jester5k', all, ranks: [4, 8], ridges: [20, 30, 40], biasRidge: 5, range: [-10, 10] }
  }
}

/** Real ratings, each tenth a test entry; rank and ridge chosen on the others. A row's residual is the error in the ratings' unit. */
export async function ratings(options: Options): Promise<readonly Row[]> {
  setThreads(2)
  const rows: Row[] = []
  for await (const { name, all, range, biasRidge, ...grid } of collections()) {
    const [train, test] = [part(all, e => e % 10 !== 7), part(all, e => e % 10 === 7)]
    const common = { biases: true, biasRidge, range, seed: 1 }
    const begun = performance.now()
    const chosen = await selectRank(train, { ...common, ...grid })
    const setup = performance.now() - begun
    const given: Case = {
      subject: 'completion',
      problem: name,
      n: all.columns,
      nnz: train.values.length,
      method: `rank ${chosen.rank}, ridge ${chosen.ridge}`,
      backend: 'native',
      threads: 2,
    }
    const fitted = (rank: number, ridge: number, sweeps: number): Row => {
      const started = performance.now()
      const fixed = { ...common, rank, ridge, maxSweeps: sweeps, tolerance: 0, patience: 1000, validation: test }
      const { validationError } = completeSync(train, fixed)
      const solve = performance.now() - started
      return { ...given, iterations: sweeps, setup, solve, relativeResidual: validationError! }
    }
    rows.push({ ...fitted(0, biasRidge, 15), method: 'biases alone', setup: 0 })
    rows.push(fitted(chosen.rank, chosen.ridge, chosen.sweeps))
    if (!options.alone) rows.push(await rival(given, train, test, biasRidge, grid))
  }
  return rows
}

function part(all: Observed, keeps: (e: number) => boolean): Observed {
  const kept = Array.from(all.values, (_, e) => e).filter(keeps)
  const of = (list: ArrayLike<number>) => kept.map(e => list[e]!)
  return { ...all, rowIndices: of(all.rowIndices), columnIndices: of(all.columnIndices), values: of(all.values) }
}

/** soft-impute at the best of the same ranks and ridges, which it may choose by the test entries. */
async function rival(
  given: Case,
  train: Observed,
  test: Observed,
  biasRidge: number,
  grid: Pick<Ratings, 'ranks' | 'ridges'>,
) {
  mkdirSync(cache, { recursive: true })
  const file = `${cache}${given.problem}.ratings`
  const ints = (list: ArrayLike<number>) => new Uint8Array(Int32Array.from(list).buffer)
  const doubles = (list: ArrayLike<number>) => new Uint8Array(Float64Array.from(list).buffer)
  const counts = [train.rows, train.columns, train.values.length, test.values.length]
  const entries = ({ rowIndices, columnIndices, values }: Observed) => [
    ints(rowIndices),
    ints(columnIndices),
    doubles(values),
  ]
  writeFileSync(file, Buffer.concat([ints(counts), ...entries(train), ...entries(test)]))
  const { backend: _, ...about } = given
  const row = { ...about, rival: 'soft-impute', threads: 1 }
  const contender = await enter('soft-impute', 1, '', false)
  if (typeof contender === 'string') return { ...row, absent: contender }
  let best: Row | undefined
  let least = Number.POSITIVE_INFINITY
  for (const rank of grid.ranks.filter(rank => rank > 0))
    for (const ridge of grid.ridges) {
      const timing = await contender.ask(`${biasRidge} ${file} ${ridge} ${rank}`)
      if (timing.relativeResidual >= least) continue
      least = timing.relativeResidual
      best = { ...row, ...timing, method: `rank ${rank}, ridge ${ridge}`, version: contender.version }
    }
  contender.close()
  return best!
}
