import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import {
  completeSync,
  foldIn,
  type Observed,
  predict,
  readCompletion,
  readObserved,
  topN,
  update,
  updateSync,
  writeCompletion,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { entriesOf, partial } from '../support/completion.ts'

const folder = mkdtempSync(join(tmpdir(), 'krylov-completion-'))
afterAll(() => rmSync(folder, { recursive: true }))

const truth = partial(80, 60, 3, 0.5, 2, 6)
const part = (from: number, to: number, seen = truth.seen): Observed => {
  const all = entriesOf(80, 60, truth.at, (i, j) => i >= from && i < to && seen(i, j))
  return all
}
const errorOn = (model: Parameters<typeof predict>[0], rows: readonly number[]): number => {
  let [error, size] = [0, 0]
  for (const i of rows) {
    predict(
      model,
      new Int32Array(60).fill(i),
      Int32Array.from({ length: 60 }, (_, j) => j),
    ).forEach((value, j) => {
      error += (value - truth.at(i, j)) ** 2
      size += truth.at(i, j) ** 2
    })
  }
  return Math.sqrt(error / size)
}

describe('foldIn', () => {
  const model = completeSync(part(0, 70), { rank: 3, maxSweeps: 200 })
  const { rowIndices, columnIndices, values } = part(75, 76)

  it('gives a new row its factor, and a new column its own', () => {
    const { factor, bias } = foldIn(model, { columnIndices, values })
    expect(bias).toBe(0)
    for (let j = 0; j < 60; j++) {
      const product = factor.reduce((sum, x, c) => sum + x * model.right.values[3 * j + c]!, 0)
      expect(Math.abs(product - truth.at(75, j))).toBeLessThan(1e-8)
    }
    const column = foldIn(model, { rowIndices: [0, 1, 2, 3, 4], values: [0, 1, 2, 3, 4].map(i => truth.at(i, 7)) })
    for (let c = 0; c < 3; c++) expect(column.factor[c]).toBeCloseTo(model.right.values[21 + c]!, 7)
    expect(topN(model, { factor, bias }, 1).scores[0]).toBeCloseTo(
      Math.max(...Array.from({ length: 60 }, (_, j) => truth.at(75, j))),
      7,
    )
  })

  it('is what the last sweep gave rows that were there', () => {
    for (const options of [
      { rank: 3, ridge: 0.01 },
      { rank: 2, ridge: 0.01, biases: true, biasRidge: 0.05 },
      { rank: 2, ridge: 1e-4, biases: true, ridgeScaling: 'count' as const },
    ]) {
      const fitted = completeSync(part(0, 80), { ...options, maxSweeps: 2000, tolerance: 1e-13 })
      const row = foldIn(fitted, { columnIndices, values })
      const r = options.rank
      for (let c = 0; c < r; c++) expect(row.factor[c]).toBeCloseTo(fitted.left.values[75 * r + c]!, 4)
      expect(row.bias).toBeCloseTo(fitted.rowBiases?.[75] ?? 0, 4)
    }
  })

  it('refuses what it does not know', () => {
    expect(() => foldIn(model, { columnIndices: [60], values: [1] })).toThrow(
      /columnIndices\[0\] must be an integer from 0 to 59/,
    )
    expect(() => foldIn(model, { columnIndices: [1], values: [Number.NaN] })).toThrow(/finite/)
    expect(foldIn(model, { columnIndices: [], values: [] }).factor).toEqual(new Float64Array(3))
    expect(rowIndices).toHaveLength(values.length)
  })
})

describe('update', () => {
  it('learns new rows and more of old ones, and forgets nothing', async () => {
    const first = completeSync(part(0, 70), { rank: 3, ridge: 1e-7, maxSweeps: 200 })
    const later = await both(updateSync, update, first, part(70, 80))
    expect(errorOn(later, [70, 75, 79])).toBeLessThan(1e-3)
    expect(errorOn(later, [0, 10, 69])).toBeLessThan(1e-3)
    expect(later.rowCounts.slice(70).every(count => count > 0)).toBe(true)
    expect(later.columnCounts.reduce((a, b) => a + b)).toBe(truth.observed.values.length)
    // half of what there is, then the rest in pieces: as good as a new fit, nearly
    const some = completeSync(
      part(0, 80, (i, j) => truth.seen(i, j) && (i + j) % 3 > 0),
      { rank: 3, biases: true, ridge: 1e-7 },
    )
    const pieces = [0, 1].map(k => part(0, 80, (i, j) => truth.seen(i, j) && (i + j) % 3 === 0 && j % 2 === k))
    const whole = pieces.reduce((model, piece) => updateSync(model, piece), some as Parameters<typeof predict>[0])
    expect(errorOn(whole, [1, 20, 79])).toBeLessThan(1.5 * errorOn(some, [1, 20, 79]) + 1e-6)
    // rows that were new have their place, with biases
    const fresh = { rows: 81, columns: 61, rowIndices: [80, 80, 3], columnIndices: [0, 60, 60], values: [1, 2, 1.5] }
    const more = updateSync(some, fresh)
    expect(more.left.rows).toBe(81)
    expect(predict(more, [80], [60])[0]).toBeGreaterThan(0.1)
    expect(Array.from(more.left.values.subarray(0, 6))).toEqual(Array.from(some.left.values.subarray(0, 6)))
  })
})

describe('files', () => {
  it('a model is what it was', async () => {
    for (const options of [
      { rank: 3 },
      { rank: 2, biases: true, ridge: 0.1, range: [-1, 1] as const, ridgeScaling: 'count' as const },
    ]) {
      const model = completeSync(part(0, 80), options)
      const path = join(folder, `model-${options.rank}.npz`)
      await writeCompletion(path, model)
      const read = await readCompletion(path)
      expect(predict(read, [0, 79], [5, 59])).toEqual(predict(model, [0, 79], [5, 59]))
      const { columnIndices, values } = part(7, 8)
      expect(foldIn(read, { columnIndices, values })).toEqual(foldIn(model, { columnIndices, values }))
      expect(read.rowCounts).toEqual(model.rowCounts)
    }
    writeFileSync(join(folder, 'none.npz'), 'nothing')
    await expect(readCompletion(join(folder, 'none.npz'))).rejects.toMatchObject({ code: 'ERR_FORMAT' })
  })

  it('observations from CSV and NDJSON, piece by piece', async () => {
    const csv = 'user,item,rating,at\na,x,1,9\r\nb,x,2.5,9\na,y,-3,9'
    writeFileSync(join(folder, 'r.csv.gz'), gzipSync(csv))
    const read = await readObserved(join(folder, 'r.csv.gz'))
    expect(read).toMatchObject({ rows: 2, columns: 2, rowIds: ['a', 'b'], columnIds: ['x', 'y'] })
    expect(Array.from(read.values)).toEqual([1, 2.5, -3])
    expect(Array.from(read.rowIndices)).toEqual([0, 1, 0])
    const pieces = async function* () {
      for (const piece of ['{"v":1,"who":"a","what":7}\n{"v":2,"wh', 'o":"b","what":8}\n\n']) yield piece
    }
    const stream = await readObserved(pieces(), { format: 'ndjson', fields: ['who', 'what', 'v'] })
    expect(stream).toMatchObject({ rowIds: ['a', 'b'], columnIds: ['7', '8'], columns: 2 })
    const named = await readObserved(pieces2(csv), { fields: ['item', 'user', 'rating'] })
    expect(named.rowIds).toEqual(['x', 'y'])
    await expect(readObserved(pieces2('a,b,1\na,c,x\n'))).rejects.toThrow(
      /line 2: expected a row, a column and a number, got "a,c,x"/,
    )
    await expect(readObserved(pieces2('{'), { format: 'ndjson' })).rejects.toMatchObject({ code: 'ERR_FORMAT' })
  })
})

async function* pieces2(text: string) {
  for (const byte of text) yield byte
}
