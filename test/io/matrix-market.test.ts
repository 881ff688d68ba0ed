import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import type { KrylovError } from '../../src/core/errors.ts'
import { Budget } from '../../src/io/budget.ts'
import { MatrixMarketParser } from '../../src/io/matrix-market.parser.ts'
import { parseMatrixMarket, readMatrixMarket } from '../../src/io/matrix-market.ts'
import type { Csr } from '../../src/sparse/csr.ts'

const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)

const coordinate = '%%MatrixMarket matrix coordinate real general\n'
const array = '%%MatrixMarket matrix array real general\n'
const triplets = (text: string) => parseMatrixMarket(text) as Csr
const rowsOf = (A: Csr): number[][] =>
  Array.from({ length: A.rows }, (_, i) => [...A.toDense().values.subarray(i * A.columns, (i + 1) * A.columns)])

describe('what is tolerated', () => {
  it('case, comments, blank lines, CRLF, tabs, leading spaces, a byte order mark, no last newline', () => {
    const text =
      '\ufeff%%matrixMARKET Matrix COORDINATE Real General\r\n%c\r\n\r\n\t 2\t3  3 \r\n% c\r\n 1\t1\t+1.5 \r\n\r\n  % c\n2 3 -2\r\n1 2 .5'
    expect(rowsOf(triplets(text))).toEqual([
      [1.5, 0.5, 0],
      [0, 0, -2],
    ])
  })

  it('sums duplicates in the order of the file, entries in any order', () => {
    const A = triplets(`${coordinate}2 2 5\n2 2 1e16\n1 2 3\n2 2 1\n2 1 4\n2 2 -1e16\n`)
    expect([...A.pattern.rowPointers]).toEqual([0, 1, 3])
    expect([...A.pattern.columnIndices]).toEqual([1, 0, 1])
    expect([...A.values]).toEqual([3, 4, 0])
  })

  it('sorts long rows', () => {
    const n = 1000
    const lines = Array.from({ length: 2 * n }, (_, k) => `1 ${((k * 7) % n) + 1} ${k}`)
    const A = triplets(`${coordinate}1 ${n} ${2 * n}\n${lines.join('\n')}\n`)
    expect(A.nonZeros).toBe(n)
    for (let k = 0; k < n; k++) expect(A.values[(k * 7) % n]).toBe(2 * k + n)
  })

  it('a symmetric file that stores the upper triangle', () => {
    const A = triplets('%%MatrixMarket matrix coordinate real symmetric\n2 2 3\n1 1 1\n1 2 2\n2 2 3\n')
    expect(rowsOf(A)).toEqual([
      [1, 2],
      [2, 3],
    ])
    expect(A.symmetric).toBe('yes')
  })

  it('empty matrices', () => {
    expect(triplets(`${coordinate}0 0 0`)).toMatchObject({ rows: 0, columns: 0, nonZeros: 0 })
    expect(triplets(`${coordinate}0 5 0\n% end\n`)).toMatchObject({ rows: 0, columns: 5, nonZeros: 0 })
    expect(parseMatrixMarket(`${array}0 3\n`)).toMatchObject({ rows: 0, columns: 3 })
  })

  it('an integer field with integers in any notation, beyond 2^53 to the nearest double', () => {
    const text = '%%MatrixMarket matrix array integer general\n3 1\n1e3\n9007199254740993\n18014398509481987\n'
    expect([...parseMatrixMarket(text).values]).toEqual([1000, 2 ** 53, Number('18014398509481987')])
  })
})

describe('chunks', () => {
  const text = `${coordinate}% a comment\n3 3 4\n\n1 1 1.5\r\n  2 2 -2e-3 \n%\n3 3 inf\n1 3 12345678901234567`

  it('may end anywhere', () => {
    const bytes = Buffer.from(text)
    for (let size = 1; size <= bytes.length; size++) {
      const parser = new MatrixMarketParser('test', undefined, new Budget('test', undefined), false)
      for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size))
      expect(runSync(parser.finish(), makeControl('test', {}))).toEqual(parseMatrixMarket(text))
    }
  })

  it('give the same line numbers', () => {
    const bytes = Buffer.from(text.replace('inf', 'x'))
    for (let size = 1; size <= bytes.length; size++) {
      const parser = new MatrixMarketParser('test', undefined, new Budget('test', undefined), false)
      const push = () => {
        for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size))
        parser.finish().next()
      }
      expect(push).toThrow('test:8: expected a number, got "x"')
    }
  })
})

describe('numbers', () => {
  const value = (text: string) => parseMatrixMarket(`${array}1 1\n${text}\n`).values[0]!

  it.each(['nan', 'NaN', '-nan'])('%s', text => expect(value(text)).toBeNaN())
  it.each(['inf', 'Infinity', '+INF'])('%s', text => expect(value(text)).toBe(Number.POSITIVE_INFINITY))
  it('-inf', () => expect(value('-inf')).toBe(Number.NEGATIVE_INFINITY))
  it('-0', () => expect(value('-0.0e5')).toBe(-0))
  it('Fortran exponents', () => expect([value('1.25D+02'), value('-5.d-1'), value('.5d0')]).toEqual([125, -0.5, 0.5]))

  it.each([
    '9007199254740993',
    '9007199254740993e1',
    '9007199254740992.5e-3',
    '123456789012345678901234567890',
    '0.30000000000000000000000000004',
    '2.2250738585072011e-308',
    '4.9e-324',
    '2.4703282292062327e-324',
    '1.7976931348623157e308',
    '1e23',
    '8.988465674311580e307',
    '5e-22',
    '0.000000000000000000000001e46',
    `${'1'.repeat(400)}e-399`,
  ])('%s is rounded as the engine does', text => expect(value(text)).toBe(Number(text)))

  it('any double, printed in several ways, is read correctly rounded', () => {
    const view = new DataView(new ArrayBuffer(8))
    let state = 1
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state
    }
    const texts: string[] = []
    while (texts.length < 30_000) {
      view.setUint32(0, next())
      view.setUint32(4, next())
      const double = view.getFloat64(0)
      if (!Number.isFinite(double)) continue
      const scaled = (next() / 2 ** 32) * 10 ** (next() % 20)
      texts.push(`${double}`, double.toExponential(next() % 20), `${scaled}`, scaled.toFixed(next() % 20))
    }
    const { values } = parseMatrixMarket(`${array}${texts.length} 1\n${texts.join('\n')}\n`)
    for (const [k, text] of texts.entries()) if (!Object.is(values[k], Number(text))) expect(values[k], text).toBe(text)
  })
})

describe('bad input', () => {
  const many = 'x'.repeat(2 ** 20)
  it.each<[name: string, text: string, code: KrylovError['code'], message: RegExp]>([
    ['empty', '', 'ERR_FORMAT', /<text>:1: expected a banner .*got the end of the text/],
    ['no banner', '3 3 0\n', 'ERR_FORMAT', /:1: expected a banner .*got "3 3 0"/],
    ['one word too many', '%%MatrixMarket matrix array real general x\n', 'ERR_FORMAT', /:1: expected a banner/],
    ['object', '%%MatrixMarket graph array real general\n', 'ERR_FORMAT', /:1: expected object .*got "graph"/],
    ['prototype names', '%%MatrixMarket matrix array constructor general\n', 'ERR_FORMAT', /field real.*got "constr/],
    ['pattern array', '%%MatrixMarket matrix array pattern general\n', 'ERR_FORMAT', /:1: .*only with format/],
    ['symmetric vector', '%%MatrixMarket vector array real symmetric\n', 'ERR_FORMAT', /:1: expected a vector to be/],
    ['complex', '%%MatrixMarket matrix array complex general\n', 'ERR_UNSUPPORTED', /:1: .*got complex values/],
    ['no size', `${coordinate}% only\n`, 'ERR_FORMAT', /:3: expected a size line, got the end of the text/],
    ['short size', `${coordinate}3 3\n`, 'ERR_FORMAT', /:2: expected a size line 'rows columns entries'.*got "3 3"/],
    ['negative size', `${coordinate}3 -3 1\n`, 'ERR_FORMAT', /:2: expected a size line .*got "3 -3 1"/],
    ['fractional size', `${coordinate}3 3.0 1\n`, 'ERR_FORMAT', /:2: expected a size line .*got "3 3.0 1"/],
    ['rows beyond 32 bits', `${coordinate}2147483648 1 0\n`, 'ERR_FORMAT', /:2: expected rows up to 2147483647/],
    ['entries beyond 32 bits', `${coordinate}9 9 2147483648\n`, 'ERR_FORMAT', /:2: expected entries up to 2147483647/],
    [
      'more entries than bytes',
      `${coordinate}9 9 2147483647\n1 1 1\n`,
      'ERR_FORMAT',
      /:2: expected at most \d+ entries/,
    ],
    ['more values than bytes', `${array}2147483647 2147483647\n1\n`, 'ERR_FORMAT', /:2: expected at most \d+ entries/],
    ['entries of nothing', `${coordinate}0 9 1\n1 1 1\n`, 'ERR_FORMAT', /:2: expected no entries in an empty matrix/],
    ['2^31 rows', `${coordinate}2000000000 1 1\n1 1 1\n`, 'ERR_MEMORY', /2000000000 rows needs 8000000004 bytes/],
    ['9e8 rows', `${coordinate}900000000 1 1\n1 1 1\n`, 'ERR_MEMORY', /for a file of this size, see option maxBytes/],
    [
      'a long vector',
      '%%MatrixMarket vector coordinate real general\n2000000000 1\n1 1\n',
      'ERR_MEMORY',
      /2000000000 val/,
    ],
    ['row 0', `${coordinate}3 3 1\n0 1 1\n`, 'ERR_FORMAT', /:3: expected a row index from 1 to 3, got "0"/],
    ['row 4', `${coordinate}3 3 1\n\n% c\n4 1 1\n`, 'ERR_FORMAT', /:5: expected a row index from 1 to 3, got "4"/],
    ['column -1', `${coordinate}3 3 1\n1 -1 1\n`, 'ERR_FORMAT', /:3: expected a column index from 1 to 3, got "-1"/],
    ['column 1.5', `${coordinate}3 3 1\n1 1.5 1\n`, 'ERR_FORMAT', /:3: expected a column index .*got "1.5"/],
    [
      'column 99...9',
      `${coordinate}3 3 1\n1 ${'9'.repeat(400)} 1\n`,
      'ERR_FORMAT',
      /:3: expected a column .*got "9+\.\.\."/,
    ],
    [
      'no column',
      `${coordinate}3 3 1\n1\n1 1\n`,
      'ERR_FORMAT',
      /:3: expected a column index .*got the end of the line/,
    ],
    ['no value', `${coordinate}3 3 1\n1 1\n\n`, 'ERR_FORMAT', /:3: expected a number, got the end of the line/],
    ['not a value', `${coordinate}3 3 1\n1 1 abc\n`, 'ERR_FORMAT', /:3: expected a number, got "abc"/],
    ['hexadecimal', `${coordinate}3 3 1\n1 1 0x10\n`, 'ERR_FORMAT', /:3: expected a number, got "0x10"/],
    ['no exponent', `${coordinate}3 3 1\n1 1 1e+\n`, 'ERR_FORMAT', /:3: expected a number, got "1e\+"/],
    ['only a point', `${coordinate}3 3 1\n1 1 .\n`, 'ERR_FORMAT', /:3: expected a number, got "."/],
    ['only a sign', `${array}1 1\n-\n`, 'ERR_FORMAT', /:3: expected a number, got "-"/],
    ['a value too many', `${coordinate}3 3 1\n1 1 1 7\n`, 'ERR_FORMAT', /:3: expected the end of the line, got "7"/],
    ['a fraction', '%%MatrixMarket matrix array integer general\n1 1\n.5\n', 'ERR_FORMAT', /:3: expected an integer/],
    ['no integer', '%%MatrixMarket matrix array integer general\n1 1\nnan\n', 'ERR_FORMAT', /:3: expected an integer/],
    ['overflow', `${array}1 1\n-1e309\n`, 'ERR_FORMAT', /:3: expected a value within the doubles.*got "-1e309"/],
    [
      'cut short',
      `${coordinate}3 3 2\n1 1 1\n`,
      'ERR_FORMAT',
      /:4: expected 2 entries, got the end of the text after 1/,
    ],
    [
      'an entry too many',
      `${coordinate}3 3 1\n1 1 1\n2 2 1\n`,
      'ERR_FORMAT',
      /:4: expected no more than the 1 entries/,
    ],
    ['a value too many', `${array}1 1\n1\n\n2\n`, 'ERR_FORMAT', /:5: expected no more than the 1 entries.*got "2"/],
    ['a long line', `${coordinate}3 3 1\n1 1 ${many}`, 'ERR_FORMAT', /:3: expected a line of at most 1048576 bytes/],
    ['binary', '\0\x01\x02\xff\n', 'ERR_FORMAT', /:1: expected a banner/],
    [
      'not square',
      '%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n',
      'ERR_FORMAT',
      /:2: expected a symmetric matrix to be square, got "2 3 0"/,
    ],
    [
      'both triangles',
      '%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 1 1\n1 3 1\n',
      'ERR_FORMAT',
      /:4: expected an entry in the lower triangle of a symmetric matrix/,
    ],
    [
      'skew diagonal',
      '%%MatrixMarket matrix coordinate real skew-symmetric\n3 3 1\n2 2 1\n',
      'ERR_FORMAT',
      /:3: expected 0 on the diagonal .*got "1"/,
    ],
  ])('%s', async (_, text, code, message) => {
    expect(() => parseMatrixMarket(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
    const packed = file('bad.dat')
    writeFileSync(packed, gzipSync(text))
    await expect(readMatrixMarket(packed)).rejects.toMatchObject({ name: 'KrylovError', code })
  })

  it('the file system speaks for itself', async () => {
    await expect(readMatrixMarket(file('absent.mtx'))).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' })
    await expect(readMatrixMarket(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('gzip cut short or broken', async () => {
    const packed = gzipSync(`${coordinate}3 3 1\n1 1 1\n`)
    writeFileSync(file('cut.mtx.gz'), packed.subarray(0, packed.length - 12))
    await expect(readMatrixMarket(file('cut.mtx.gz'))).rejects.toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringMatching(/cut\.mtx\.gz: expected gzip data, got unexpected end of file/),
    })
  })

  it('a gzip bomb of comments ends', async () => {
    const comment = `%${' '.repeat(2 ** 20 - 2)}\n`
    writeFileSync(file('bomb.mtx.gz'), gzipSync(coordinate + comment.repeat(100)))
    await expect(readMatrixMarket(file('bomb.mtx.gz'))).rejects.toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringMatching(/expected data, got \d+ bytes of comments and blank lines/),
    })
    writeFileSync(file('bomb.mtx.gz'), gzipSync(`${coordinate}%${'c'.repeat(100 * 2 ** 20)}`))
    await expect(readMatrixMarket(file('bomb.mtx.gz'))).rejects.toMatchObject({ code: 'ERR_FORMAT' })
  })

  it('a long comment is nothing', async () => {
    writeFileSync(
      file('long.mtx'),
      `${coordinate}  %${'c'.repeat(3 * 2 ** 20)}\n1 1 1\n%${'d'.repeat(2 ** 20)}\n1 1 7\n`,
    )
    expect(await readMatrixMarket(file('long.mtx'))).toMatchObject({ nonZeros: 1 })
    writeFileSync(
      file('long.mtx'),
      `${coordinate}  %${'c'.repeat(3 * 2 ** 20)}\n1 1 1\n%${'d'.repeat(2 ** 20)}\n1 0 7\n`,
    )
    await expect(readMatrixMarket(file('long.mtx'))).rejects.toThrow(/:5: expected a column/)
  })

  it('options', async () => {
    const text = `${coordinate}3 3 1\n1 1 1\n`
    expect(() => parseMatrixMarket(text, { maxBytes: 20 })).toThrow(expect.objectContaining({ code: 'ERR_MEMORY' }))
    expect(() => parseMatrixMarket(text, { maxBytes: Number.NaN })).toThrow(/option maxBytes must be/)
    expect(() => parseMatrixMarket(text, { overflow: 'zero' as 'error' })).toThrow(/option overflow must be/)
    expect(() => parseMatrixMarket(text, { maxByte: 1 } as never)).toThrow(/did you mean maxBytes/)
    expect(() => parseMatrixMarket(7 as never)).toThrow(expect.objectContaining({ code: 'ERR_TYPE' }))
    await expect(readMatrixMarket('')).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(readMatrixMarket('x', { signal: 1 } as never)).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })
})
