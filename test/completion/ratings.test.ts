import { describe, expect, it } from 'vitest'
import { backend, completeSync, type Observed, readMatrixMarket, readObserved, selectRank } from '../../src/index.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

/* Rank and ridges are chosen on a part of the training entries; the test entries are looked at once. */

/** Observations by number: those that are tested, and the others. */
function split(all: Observed, isTest: (e: number) => boolean): [train: Observed, test: Observed] {
  const pick = (keeps: (e: number) => boolean): Observed => {
    const kept = Array.from(all.values, (_, e) => e).filter(keeps)
    const of = (list: ArrayLike<number>) => kept.map(e => list[e]!)
    return { ...all, rowIndices: of(all.rowIndices), columnIndices: of(all.columnIndices), values: of(all.values) }
  }
  return [pick(e => !isTest(e)), pick(isTest)]
}

const drawn = (seed: number) => (e: number) =>
  (Math.imul(e + 1, 2654435761) ^ Math.imul(seed, 40503 * 65537)) >>> 0 < 2 ** 32 / 10

describe('MovieLens, ml-latest-small', () => {
  it('0.8652 on the fixed split, and below biases alone on five drawn ones', async context => {
    const path = sharedOrSkip(context, 'completion/ml-latest-small/ratings.csv.gz')
    const all = await readObserved(path, { fields: ['userId', 'movieId', 'rating'] })
    const range = [0.5, 5] as const
    const [train, test] = split(all, e => e % 10 === 7)
    expect(test.values).toHaveLength(10_083)
    const grid = { ranks: [0, 5, 10], ridges: [5, 8, 11], biases: true, biasRidge: 4, range, seed: 1 }
    const chosen = await selectRank(train, grid)
    const settings = {
      ...grid,
      rank: chosen.rank,
      ridge: chosen.ridge,
      maxSweeps: chosen.sweeps,
      patience: 1000,
      tolerance: 0,
    }
    const { ranks: _, ridges: __, ...options } = settings
    const { validationError } = completeSync(train, { ...options, validation: test })
    console.log(
      `ml-latest-small: rank ${chosen.rank}, ridge ${chosen.ridge}, ${chosen.sweeps} sweeps: RMSE ${validationError!.toFixed(4)}`,
    )
    expect(validationError).toBeLessThan(0.8652)
    // TypeScript takes five times as long
    const seeds = backend().name === 'native' ? [1, 2, 3, 4, 5] : [1]
    for (const seed of seeds) {
      const [others, held] = split(all, drawn(seed))
      const biases = completeSync(others, {
        rank: 0,
        biases: true,
        ridge: 4,
        range,
        validation: held,
        tolerance: 0,
        maxSweeps: 15,
      })
      const factors = completeSync(others, { ...options, validation: held })
      expect(factors.validationError).toBeLessThan(biases.validationError!)
    }
  })
})

describe('Jester', () => {
  it('4.115 on the fixed split', async context => {
    const path = sharedOrSkip(context, 'completion/jester5k.mtx.gz')
    const A = (await readMatrixMarket(path)) as Csr
    const { rowPointers, columnIndices } = A.pattern
    const rowIndices = Int32Array.from(columnIndices)
    for (let i = 0; i < A.rows; i++) rowIndices.fill(i, rowPointers[i], rowPointers[i + 1])
    const all = { rows: A.rows, columns: A.columns, rowIndices, columnIndices, values: A.values }
    const [train, test] = split(all, e => e % 10 === 7)
    expect(test.values).toHaveLength(36_321)
    const range = [-10, 10] as const
    // TypeScript takes five times as long
    const isNative = backend().name === 'native'
    const ranks = isNative ? [4, 8] : [4]
    const ridges = isNative ? [20, 30, 40] : [30, 40]
    const grid = { ranks, ridges, biases: true, biasRidge: 5, range, seed: 1 }
    const chosen = await selectRank(train, grid)
    const {
      ranks: _,
      ridges: __,
      ...options
    } = { ...grid, rank: chosen.rank, ridge: chosen.ridge, maxSweeps: chosen.sweeps }
    const { validationError } = completeSync(train, { ...options, tolerance: 0, patience: 1000, validation: test })
    console.log(
      `jester5k: rank ${chosen.rank}, ridge ${chosen.ridge}, ${chosen.sweeps} sweeps: RMSE ${validationError!.toFixed(4)}`,
    )
    expect(validationError).toBeLessThan(4.115)
  })
})
