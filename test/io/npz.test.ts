import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { KrylovError } from '../../src/core/errors.ts'
import { dense } from '../../src/dense/dense.ts'
import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import type { NpyInput } from '../../src/io/npy.ts'
import { readNpz, readSparseNpz, writeNpz, writeSparseNpz } from '../../src/io/npz.ts'
import { Csr } from '../../src/sparse/csr.ts'

const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)

const A = Csr.fromDense(dense(3, 4, [0, 2.5, 0, -1, 0, 0, 0, 0, 3, 0, 1e-300, 0]))

describe('readNpz', () => {
  it('stored and deflated', async () => {
    const stored = await readNpz(golden('stored.npz'))
    expect([...stored.keys()]).toEqual(['a', 'b'])
    expect(stored.get('a')).toEqual({ shape: [2, 3], values: Float64Array.of(0, 1, 2, 3, 4, 5) })
    expect(stored.get('b')).toEqual({ shape: [1], values: Int32Array.of(7) })
    const deflated = await readNpz(golden('deflated.npz'))
    expect(deflated.get('b')).toEqual({ shape: [1000], values: new Float64Array(1000) })
    expect([...(await readNpz(golden('deflated.npz'), { names: ['a'] })).keys()]).toEqual(['a'])
  })

  it('what writeNpz wrote, and equal content makes equal files', async () => {
    const arrays = {
      x: Float64Array.of(1, 2),
      y: dense(1, 2, [3, 4]),
      z: { shape: [1, 1, 1], values: Int32Array.of(5) },
    }
    for (const compressed of [true, false]) {
      await writeNpz(file('a.npz'), arrays, { compressed })
      await writeNpz(file('b.npz'), arrays, { compressed })
      expect(readFileSync(file('a.npz')).equals(readFileSync(file('b.npz')))).toBe(true)
      const back = await readNpz(file('a.npz'))
      expect(back.get('x')).toEqual({ shape: [2], values: arrays.x })
      expect(back.get('y')).toEqual({ shape: [1, 2], values: arrays.y.values })
      expect(back.get('z')).toEqual(arrays.z)
    }
  })
})

describe('sparse', () => {
  it.each(['csr', 'csc', 'coo', 'array'])('what SciPy wrote: %s', async format => {
    expect(await readSparseNpz(golden(`sparse-${format}.npz`))).toEqual(A)
  })

  it('integers', async () => {
    const B = await readSparseNpz(golden('sparse-int.npz'))
    expect([...B.toDense().values]).toEqual([0, 2, 0, -1, 0, 0, 0, 0, 3, 0, 0, 0])
  })

  it('64-bit indices, unsorted, repeated', async () => {
    expect(await readSparseNpz(golden('sparse-unsorted.npz'))).toEqual(
      Csr.fromArrays(2, 3, [0, 2, 3], [0, 2, 1], [2, 5, 8]),
    )
  })

  it('the same matrix through Matrix Market', async () => {
    expect(await readMatrixMarket(golden('scipy.mtx'))).toEqual(A)
  })

  it('other formats are refused', async () => {
    await expect(readSparseNpz(golden('sparse-bsr.npz'))).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED',
      message: expect.stringMatching(/sparse-bsr\.npz: expected format csr, csc or coo, got "bsr"/),
    })
    await expect(readSparseNpz(golden('stored.npz'))).rejects.toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringMatching(/expected an array "format", got a, b/),
    })
    await expect(readNpz(golden('sparse-csr.npz'))).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
  })

  it.each([true, false])('round trip, compressed: %s', async compressed => {
    await writeSparseNpz(file('s.npz'), A, { compressed })
    expect(await readSparseNpz(file('s.npz'))).toEqual(A)
  })

  it('misuse', async () => {
    await expect(writeSparseNpz(file('x.npz'), 7 as never)).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(writeSparseNpz(file('x.npz'), A, { compress: true } as never)).rejects.toThrow(
      /did you mean compressed/,
    )
    await expect(readSparseNpz(golden('sparse-csr.npz'), { maxBytes: 9 })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
    await expect(readNpz(golden('stored.npz'), { names: 'a' } as never)).rejects.toMatchObject({ code: 'ERR_OPTION' })
    await expect(readSparseNpz(file('absent.npz'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readNpz(golden('stored.npz'), { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })
})

describe('arrays that do not fit together', () => {
  const i4 = (...values: number[]) => Int32Array.from(values)
  const good = { indptr: i4(0, 1, 2), indices: i4(0, 1), data: Float64Array.of(1, 2), shape: i4(2, 2) }
  /** The same archive as `writeSparseNpz` makes, with other arrays and another name of the format in it. */
  async function archive(arrays: Readonly<Record<string, NpyInput>>, format = 'csr'): Promise<string> {
    await writeNpz(file('f.npz'), { ...arrays, format: { shape: [3], values: i4(0, 0, 0) } }, { compressed: false })
    const bytes = readFileSync(file('f.npz'))
    const at = bytes.lastIndexOf('\x93NUMPY', bytes.length, 'latin1')
    const header = bytes.toString('latin1', at, at + 128).replace("'<i4'", "'<S4'")
    bytes.write(header, at, 'latin1')
    bytes.fill(0, at + 128, at + 140)
    bytes.write(format, at + 128)
    const { crc32 } = await import('../../src/io/crc32.ts')
    const entry = bytes.lastIndexOf('PK\x01\x02', bytes.length, 'latin1')
    bytes.writeUInt32LE(crc32(bytes.subarray(at, at + 140)), entry + 16)
    writeFileSync(file('f.npz'), bytes)
    return file('f.npz')
  }

  it('good ones', async () => {
    expect((await readSparseNpz(await archive(good))).nonZeros).toBe(2)
  })

  it.each<[string, Readonly<Record<string, NpyInput>>, string, KrylovError['code'], RegExp]>([
    ['short indptr', { indptr: i4(0, 2) }, 'csr', 'ERR_FORMAT', /expected indptr 3 long, got 2/],
    ['indptr from 1', { indptr: i4(1, 1, 2) }, 'csr', 'ERR_FORMAT', /expected indptr\[0\] = 0, got 1/],
    ['falling indptr', { indptr: i4(0, 3, 2) }, 'csr', 'ERR_FORMAT', /expected indptr\[2\] >= 3, got 2/],
    ['indptr too far', { indptr: i4(0, 1, 3) }, 'csr', 'ERR_FORMAT', /expected indptr\[2\] = 2, .*got 3/],
    ['index too large', { indices: i4(0, 2) }, 'csr', 'ERR_FORMAT', /expected indices\[1\] from 0 to 1, got 2/],
    ['index too large', { indices: i4(0, 2) }, 'csc', 'ERR_FORMAT', /expected indices\[1\] from 0 to 1, got 2/],
    ['negative index', { indices: i4(-1, 0) }, 'csr', 'ERR_FORMAT', /expected indices\[0\] from 0 to 1, got -1/],
    ['fraction', { indices: Float64Array.of(0, 0.5) }, 'csr', 'ERR_FORMAT', /32-bit integers in indices, got 0.5/],
    ['short data', { data: Float64Array.of(1) }, 'csr', 'ERR_FORMAT', /expected data 2 long, got 1/],
    ['three sizes', { shape: i4(2, 2, 2) }, 'csr', 'ERR_FORMAT', /expected a shape of two/],
    ['negative size', { shape: i4(2, -2) }, 'csr', 'ERR_FORMAT', /expected a shape of two/],
    [
      'coo out of range',
      { row: i4(0, 2), col: i4(0, 1) },
      'coo',
      'ERR_FORMAT',
      /rowIndices\[1\] must be from 0 to 1, got 2/,
    ],
    ['coo of two lengths', { row: i4(0), col: i4(0, 1) }, 'coo', 'ERR_FORMAT', /columnIndices must be 1 long, got 2/],
    ['2^31 rows', { shape: i4(2 ** 31 - 1, 2), row: i4(0, 1), col: i4(0, 1) }, 'coo', 'ERR_MEMORY', /pointers of/],
  ])('%s', async (_, arrays, format, code, message) => {
    const path = await archive({ ...good, ...arrays }, format)
    await expect(readSparseNpz(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('coordinates as one array', async () => {
    const path = await archive({ ...good, coords: { shape: [2, 2], values: i4(1, 0, 0, 1) } }, 'coo')
    expect([...(await readSparseNpz(path)).toDense().values]).toEqual([0, 2, 1, 0])
  })
})

describe('broken archives', () => {
  const original = readFileSync(golden('deflated.npz'))
  const directory = original.indexOf('PK\x01\x02', 0, 'latin1')
  const broken = (change: (bytes: Buffer) => Buffer | void): Buffer => {
    const bytes = Buffer.from(original)
    return change(bytes) ?? bytes
  }

  it.each<[string, Buffer, KrylovError['code'], RegExp]>([
    ['empty', Buffer.alloc(0), 'ERR_FORMAT', /expected a zip archive, got 0 bytes/],
    ['no zip', Buffer.alloc(100_000), 'ERR_FORMAT', /expected a zip archive/],
    ['cut short', original.subarray(0, -30), 'ERR_FORMAT', /expected a zip archive/],
    ['no start', original.subarray(40), 'ERR_FORMAT', /expected a whole zip directory/],
    ['a directory elsewhere', broken(b => void b.writeUInt32LE(7, b.length - 6)), 'ERR_FORMAT', /whole zip directory/],
    ['many members', broken(b => void b.writeUInt16LE(9, b.length - 12)), 'ERR_FORMAT', /whole zip directory/],
    [
      'encrypted',
      broken(b => void b.writeUInt8(1, directory + 8)),
      'ERR_UNSUPPORTED',
      /expected no encryption, got "a.npy"/,
    ],
    ['lzma', broken(b => void b.writeUInt16LE(14, directory + 10)), 'ERR_UNSUPPORTED', /method 0 or 8, got 14/],
    ['another crc', broken(b => void b.writeUInt32LE(7, directory + 16)), 'ERR_FORMAT', /a.npy: expected CRC-32/],
    [
      'declared smaller',
      broken(b => void b.writeUInt32LE(50, directory + 24)),
      'ERR_FORMAT',
      /a.npy: expected 50 deflated/,
    ],
    [
      'declared larger',
      broken(b => void b.writeUInt32LE(5000, directory + 24)),
      'ERR_FORMAT',
      /a.npy: expected 5000 bytes/,
    ],
    ['4 GB', broken(b => void b.writeUInt32LE(0xfffffffe, directory + 24)), 'ERR_MEMORY', /4294967294 bytes unpacked/],
    [
      'packed too long',
      broken(b => void b.writeUInt32LE(5000, directory + 20)),
      'ERR_FORMAT',
      /before the next member/,
    ],
    [
      'overlapping',
      broken(b => void b.writeUInt32LE(0, b.lastIndexOf('PK\x01\x02', b.length, 'latin1') + 42)),
      'ERR_FORMAT',
      /before the next/,
    ],
    [
      'a member elsewhere',
      broken(b => void b.writeUInt32LE(3, directory + 42)),
      'ERR_FORMAT',
      /expected a member at byte 3/,
    ],
    ['other bytes', broken(b => void b.fill(0xff, 60, 120)), 'ERR_FORMAT', /a.npy: expected/],
  ])('%s', async (_, bytes, code, message) => {
    writeFileSync(file('broken.npz'), bytes)
    await expect(readNpz(file('broken.npz'))).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
