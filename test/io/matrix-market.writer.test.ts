import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { dense } from '../../src/dense/dense.ts'
import { writeMatrixMarket } from '../../src/io/lazy.ts'
import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import { Csr } from '../../src/sparse/csr.ts'

const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)

const array = '%%MatrixMarket matrix array real general\n'

describe('writeMatrixMarket', () => {
  const values = [1 / 3, -0, 5e-324, 1.7976931348623157e308, Number.NaN, Number.NEGATIVE_INFINITY, 1e21, 123456]

  it.each(['round.mtx', 'round.mtx.gz'])('round trip of every bit: %s', async name => {
    const A = Csr.fromArrays(3, 5, [0, 3, 3, 8], [0, 1, 3, 0, 1, 2, 3, 4], values)
    await writeMatrixMarket(file(name), A)
    const bytes = readFileSync(file(name))
    expect(bytes[0] === 0x1f).toBe(name.endsWith('.gz'))
    expect(await readMatrixMarket(file(name))).toEqual(A)
  })

  it('general, symmetric and dense', async () => {
    const L = Csr.fromArrays(2, 2, [0, 2, 4], [0, 1, 0, 1], [1, 2, 2, 3], { symmetric: 'yes' })
    await writeMatrixMarket(file('s.mtx'), L, { comment: 'two\nlines' })
    expect(readFileSync(file('s.mtx'), 'utf8')).toBe(
      '%%MatrixMarket matrix coordinate real symmetric\n% two\n% lines\n2 2 3\n1 1 1\n2 1 2\n2 2 3\n',
    )
    expect(await readMatrixMarket(file('s.mtx'))).toEqual(L)
    await writeMatrixMarket(file('s.mtx'), L, { symmetric: false })
    expect(readFileSync(file('s.mtx'), 'utf8')).toMatch(/real general\n2 2 4\n/)
    const D = dense(2, 3, [1, 2, 3, 4, 5, 6])
    await writeMatrixMarket(file('d.mtx'), D)
    expect(readFileSync(file('d.mtx'), 'utf8')).toBe(`${array}2 3\n1\n4\n2\n5\n3\n6\n`)
    expect(await readMatrixMarket(file('d.mtx'))).toEqual(D)
    const S = dense(2, 2, [1, 2, 2, 3])
    await writeMatrixMarket(file('d.mtx'), S, { symmetric: true })
    expect(readFileSync(file('d.mtx'), 'utf8')).toMatch(/array real symmetric\n2 2\n1\n2\n3\n$/)
    expect(await readMatrixMarket(file('d.mtx'))).toEqual(S)
  })

  it('misuse', async () => {
    const A = Csr.fromArrays(2, 2, [0, 1, 2], [1, 1], [1, 1], { symmetric: 'yes' })
    await expect(writeMatrixMarket(file('x'), A)).rejects.toMatchObject({ code: 'ERR_NOT_SYMMETRIC' })
    const flat = dense(1, 2, [1, 2])
    await expect(writeMatrixMarket(file('x'), flat, { symmetric: true })).rejects.toMatchObject({
      code: 'ERR_NOT_SYMMETRIC',
    })
    await expect(writeMatrixMarket(file('x'), 7 as never)).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(writeMatrixMarket(file('no/such/folder'), flat)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(writeMatrixMarket(file('x'), flat, { format: 'array' } as never)).rejects.toThrow(/option format/)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(writeMatrixMarket(file('x'), flat, { signal })).rejects.toThrow('enough')
  })
})
