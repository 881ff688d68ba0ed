import { describe, expect, it } from 'vitest'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { A, b, failure, type Loose, type Misuse, operator } from '../support/misuse.ts'

describe('cg refuses for a block', () => {
  const block = { rows: 9, columns: 2, values: new Float64Array(18).fill(1) }
  const misuses: readonly Misuse[] = [
    ['other rows', 'ERR_SHAPE', /b must be "?9 x s/, A, { rows: 8, columns: 2, values: new Float64Array(16) }],
    [
      'no columns',
      'ERR_SHAPE',
      /b must be "?9 x s with s >= 1/,
      A,
      { rows: 9, columns: 0, values: new Float64Array(0) },
    ],
    ['half a column', 'ERR_SHAPE', /b must be "?9 x s/, A, { rows: 9, columns: 0.5, values: b }],
    ['too few values', 'ERR_SHAPE', /b\.values must be 18 long, got 9/, A, { rows: 9, columns: 2, values: b }],
    [
      'NaN',
      'ERR_NOT_FINITE',
      /b\.values\[0\] must be finite/,
      A,
      { ...block, values: block.values.map(() => Number.NaN) },
    ],
    ['an operator', 'ERR_TYPE', /A must be a Csr matrix for a block/, operator(() => {}), block],
    ['flexible', 'ERR_OPTION', /option flexible must be false for a block/, A, block, { flexible: true }],
    ['x0 of one column', 'ERR_SHAPE', /option x0 must be 18 long, got 9/, A, block, { x0: b }],
    [
      'x0 of another shape',
      'ERR_SHAPE',
      /option x0 must be "?9 x 2"?, got "2 x 9"/,
      A,
      block,
      { x0: { ...block, rows: 2, columns: 9 } },
    ],
  ]
  it.each(misuses)('%s', async (_, code, text, ...args) => {
    const expected = expect.objectContaining({ code, message: expect.stringMatching(text as RegExp) })
    expect(failure(() => (cgSync as Loose)(...args))).toEqual(expected)
    await expect((cg as Loose)(...args)).rejects.toEqual(expected)
  })

  it.each([0, 101, 1.5, 'yes', {}, { memory: 0 }])('flexible: %j', flexible => {
    expect(failure(() => (cgSync as Loose)(A, b, { flexible }))).toMatchObject({ code: 'ERR_OPTION' })
  })
})
