import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import type { Csr } from '../../src/sparse/csr.ts'

const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
const plain = join(folder, 'large.mtx')
const packed = join(folder, 'large.mtx.gz')
const n = 400_000
const stored = 4 * n - 6 // a symmetric band of half-width 3

function* text(): Generator<string> {
  yield `%%MatrixMarket matrix coordinate real symmetric\n${n} ${n} ${stored}\n`
  for (let j = 1; j <= n; j++) {
    let lines = ''
    for (let i = j; i <= Math.min(n, j + 3); i++) lines += `${i} ${j} ${i === j ? 4.125 : -1 / (i + j)}\n`
    yield lines
  }
}

beforeAll(async () => {
  await pipeline(Readable.from(text()), createWriteStream(plain))
  await pipeline(createReadStream(plain), createGzip({ level: 1 }), createWriteStream(packed))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The largest value that `measure` takes while `work` is under way, from a timer. */
async function peak(measure: () => number, work: () => Promise<unknown>): Promise<number> {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, measure())
  }, 1)
  await work()
  clearInterval(timer)
  return most
}

describe('a large file', () => {
  it.each([
    ['plain', plain],
    ['gzipped', packed],
  ])('%s: every entry, with memory bounded by the arrays', async (_, path) => {
    expect(statSync(plain).size).toBeGreaterThan(30e6)
    let A: Csr | undefined
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const most = await peak(
      () => {
        const now = process.memoryUsage()
        return now.heapUsed - heapUsed + now.arrayBuffers - arrayBuffers
      },
      async () => {
        A = (await readMatrixMarket(path)) as Csr
      },
    )
    // triplets of 16 bytes (twice over while they grow) and chunks in flight until they are collected
    expect(most).toBeLessThan(48 * stored + 30e6)
    const { pattern, values, nonZeros, symmetric } = A!
    expect([nonZeros, symmetric]).toEqual([2 * stored - n, 'yes'])
    let wrong = 0
    for (let i = 0; i < n; i++)
      for (let k = pattern.rowPointers[i]!, j = Math.max(0, i - 3); k < pattern.rowPointers[i + 1]!; k++, j++)
        if (pattern.columnIndices[k] !== j || values[k] !== (i === j ? 4.125 : -1 / (i + j + 2))) wrong++
    expect(wrong).toBe(0)
  })

  it('lets the event loop turn', async () => {
    let turns = 0
    await peak(
      () => ++turns,
      () => readMatrixMarket(plain),
    )
    expect(turns).toBeGreaterThan(10)
  })

  it.each([
    ['plain', plain],
    ['gzipped', packed],
  ])('%s: an abort ends it with its reason', async (_, path) => {
    const controller = new AbortController()
    const reading = readMatrixMarket(path, { signal: controller.signal })
    setTimeout(() => controller.abort('enough'), 5)
    await expect(reading).rejects.toBe('enough')
    await expect(readMatrixMarket(path, { signal: controller.signal })).rejects.toBe('enough')
  })

  it('a limit on memory is kept', async () => {
    await expect(readMatrixMarket(plain, { maxBytes: 30e6 })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
    await expect(readMatrixMarket(packed, { maxBytes: 30e6 })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
  })
})
