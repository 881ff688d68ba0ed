import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { KrylovError } from '../../src/core/errors.ts'
import { isShared } from '../../src/core/shared.ts'
import { dense } from '../../src/dense/dense.ts'
import { npyToDense, parseNpy, readNpy, writeNpy } from '../../src/io/npy.ts'

const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)

const floats = Float64Array.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5)
const integers = Int32Array.of(0, 1, 2, 3, 4, 5)

describe('what NumPy wrote', () => {
  it.each([
    ['le-f8', floats],
    ['be-f8', floats],
    ['le-f4', floats],
    ['le-i8', Float64Array.from(integers)],
    ['le-u8', Float64Array.from(integers)],
    ['le-u4', Float64Array.from(integers)],
    ['le-i4', integers],
    ['be-i4', integers],
    ['le-i2', integers],
    ['le-u2', integers],
    ['na-i1', integers],
    ['na-u1', integers],
    ['na-b1', Int32Array.of(0, 0, 0, 1, 1, 1)],
  ])('grid-%s.npy', async (name, values) => {
    const array = await readNpy(golden(`grid-${name}.npy`))
    expect(array).toEqual({ shape: [2, 3], values })
    expect(isShared(array.values)).toBe(true)
    const bytes = new Uint8Array(readFileSync(golden(`grid-${name}.npy`)))
    expect(parseNpy(bytes)).toEqual(array)
    const odd = new Uint8Array(bytes.length + 1)
    odd.set(bytes, 1)
    expect(parseNpy(odd.subarray(1))).toEqual(array)
  })

  it('Fortran layout', async () => {
    expect((await readNpy(golden('fortran.npy'))).values).toEqual(Float64Array.from(integers, i => 1.5 * i))
    const cube = await readNpy(golden('cube-fortran.npy'))
    expect(cube).toEqual({ shape: [2, 3, 4], values: Int32Array.from({ length: 24 }, (_, i) => i) })
  })

  it('numbers, vectors, nothing', async () => {
    expect(await readNpy(golden('scalar.npy'))).toEqual({ shape: [], values: Float64Array.of(Math.PI) })
    const vector = await readNpy(golden('vector.npy'))
    expect(vector).toEqual({ shape: [4], values: Float64Array.of(1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY) })
    expect(npyToDense(vector)).toMatchObject({ rows: 4, columns: 1 })
    expect(npyToDense(await readNpy(golden('empty.npy')))).toMatchObject({ rows: 0, columns: 3 })
    expect(npyToDense(await readNpy(golden('grid-le-i4.npy')))).toEqual(dense(2, 3, integers))
    const cube = await readNpy(golden('cube-fortran.npy'))
    expect(() => npyToDense(cube)).toThrow(expect.objectContaining({ code: 'ERR_SHAPE' }))
  })

  it.each([2, 3])('version %i', async version => {
    expect((await readNpy(golden(`version-${version}.npy`))).values).toEqual(Float64Array.of(1, 2))
  })

  it.each<[string, KrylovError['code'], RegExp]>([
    ['complex', 'ERR_UNSUPPORTED', /expected real numbers.*got "<c16"/],
    ['text', 'ERR_UNSUPPORTED', /expected real numbers.*got "<U1"/],
    ['records', 'ERR_UNSUPPORTED', /expected an array of numbers, got records/],
    ['wide', 'ERR_FORMAT', /expected integers up to 2\^53, got 9007199254740994 at position 0/],
  ])('%s is refused', async (name, code, message) => {
    const path = golden(`${name}.npy`)
    await expect(readNpy(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await expect(readNpy(path)).rejects.toThrow(`readNpy: ${path}`)
  })
})

describe('what is written', () => {
  it('is the same bytes as NumPy writes', async () => {
    for (const name of ['grid-le-f8', 'grid-le-i4', 'vector', 'scalar', 'empty']) {
      const bytes = readFileSync(golden(`${name}.npy`))
      await writeNpy(file('same.npy'), parseNpy(bytes))
      expect(readFileSync(file('same.npy')).equals(bytes), name).toBe(true)
    }
  })

  it('takes matrices and vectors', async () => {
    await writeNpy(file('d.npy'), dense(2, 3, floats))
    expect(npyToDense(await readNpy(file('d.npy')))).toEqual(dense(2, 3, floats))
    await writeNpy(file('d.npy'), floats.subarray(1, 3))
    expect(await readNpy(file('d.npy'))).toEqual({ shape: [2], values: Float64Array.of(1.5, 2.5) })
  })

  it('misuse', async () => {
    const shape = { shape: [2, 2], values: floats }
    await expect(writeNpy(file('x.npy'), shape)).rejects.toMatchObject({ code: 'ERR_SHAPE' })
    const negative = { shape: [-1, -6], values: floats }
    await expect(writeNpy(file('x.npy'), negative)).rejects.toMatchObject({ code: 'ERR_SHAPE' })
    await expect(writeNpy(file('x.npy'), [1, 2] as never)).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(writeNpy(file('x.npy'), null as never)).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(writeNpy(file('no/x.npy'), floats)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('bad input', () => {
  const npy = (dictionary: string, data = 0, version = '\x01\0'): Uint8Array => {
    const size = Buffer.alloc(2)
    size.writeUInt16LE(dictionary.length)
    return Buffer.concat([
      Buffer.from(`\x93NUMPY${version}`, 'latin1'),
      size,
      Buffer.from(dictionary),
      Buffer.alloc(data),
    ])
  }
  const dictionary = (descr: string, shape: string, order = 'False') =>
    `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`

  it('keys in any order, no last comma', () => {
    expect(parseNpy(npy("{'shape':(2,),'descr':'<f8','fortran_order':True}", 16))).toMatchObject({ shape: [2] })
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', Buffer.alloc(0), /expected an .npy file, got 0 bytes/],
    ['not NumPy', Buffer.from('not a NumPy file'), /expected an .npy file, got "not a "/],
    ['version 4', npy('{}', 0, '\x04\0'), /expected version 1, 2 or 3 of the .npy format, got 4/],
    ['cut in the header', npy(dictionary("'<f8'", '(1,)')).subarray(0, 30), /expected a header of \d+ bytes, got 20/],
    ['cut in the length', npy('').subarray(0, 9), /expected a header length/],
    [
      'a header of 4 GB',
      Buffer.from('\x93NUMPY\x02\0\xff\xff\xff\xff{', 'latin1'),
      /expected a header of 4294967295 bytes/,
    ],
    ['no dictionary', npy('[]'), /expected a header/],
    ['code', npy(dictionary("__import__('os')", '(1,)'), 8), /expected a header/],
    ['a missing key', npy("{'descr': '<f8', 'shape': (1,)}", 8), /expected a header/],
    [
      'a repeated key',
      npy("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", 8),
      /expected a header/,
    ],
    ['another key', npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", 8), /expected a header/],
    ['a negative shape', npy(dictionary("'<f8'", '(-1,)')), /expected a header/],
    ['a shape that is none', npy(dictionary("'<f8'", '(1)'), 8), /expected a header/],
    ['a huge length', npy(dictionary("'<f8'", `(${'9'.repeat(40)},)`)), /expected a header/],
    ['many digits', npy(dictionary("'<f8'", `(${'9'.repeat(30_000)}`)), /expected a header/],
    ['an order that is none', npy(dictionary("'<f8'", '(1,)', "'C'"), 8), /expected a header/],
    ['more after it', npy(`${dictionary("'<f8'", '(1,)')}; 1`, 8), /expected a header/],
    [
      'too few bytes',
      npy(dictionary("'<f8'", '(2, 3)'), 40),
      /expected 48 bytes of data for shape \(2, 3\) of <f8, got 40/,
    ],
    ['too many bytes', npy(dictionary("'<f8'", '(2, 3)'), 56), /expected 48 bytes of data .*got 56/],
    ['2^80 numbers', npy(dictionary("'<f8'", '(1099511627776, 1099511627776)')), /bytes of data .*got 0/],
    [
      'booleans of 7',
      Buffer.concat([npy(dictionary("'|b1'", '(1,)')), Buffer.from([7])]),
      /expected booleans 0 or 1, got 7/,
    ],
  ])('%s', async (_, bytes, message) => {
    const error = { code: 'ERR_FORMAT', message: expect.stringMatching(message) }
    expect(() => parseNpy(bytes)).toThrow(expect.objectContaining(error))
    writeFileSync(file('bad.npy'), bytes)
    await expect(readNpy(file('bad.npy'))).rejects.toMatchObject(error)
  })

  it.each(["'|f8'", "'<x8'", "'f8'", "'<toString'", "'|O'", "'<m8[s]'"])('type %s', descr => {
    expect(() => parseNpy(npy(dictionary(descr, '(1,)'), 8))).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED' }),
    )
  })

  it('options and the file system', async () => {
    await expect(readNpy(golden('vector.npy'), { maxBytes: 8 })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
    await expect(readNpy(golden('vector.npy'), { maxbytes: 8 } as never)).rejects.toThrow(/did you mean maxBytes/)
    await expect(readNpy(file('absent.npy'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readNpy(7 as never)).rejects.toMatchObject({ code: 'ERR_TYPE' })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(readNpy(golden('vector.npy'), { signal })).rejects.toThrow('enough')
    expect(() => parseNpy('x' as never)).toThrow(expect.objectContaining({ code: 'ERR_TYPE' }))
  })
})
